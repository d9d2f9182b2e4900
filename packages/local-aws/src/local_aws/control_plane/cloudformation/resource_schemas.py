"""What AWS's own schemas say of a resource type: its properties, attributes and replacements.

AWS publishes the schemas of its CloudFormation registry, and cfn-lint carries them. A type's schema
is read when the type is first used. Types without one, such as custom resources, take everything.
AWS: "Resource type schema" in the CloudFormation CLI User Guide.
"""

from __future__ import annotations

import functools
import importlib.util
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

Schema = Mapping[str, Any]
Recreation = Literal["Never", "Conditionally", "Always"]
"""Whether a change replaces the resource, as API_ResourceTargetDefinition words it."""

_REGION = "us-east-1"
"""Whose schemas count everywhere: no region has types that it lacks."""
_KEPT = 64
_POINTER = "/properties/"
_OPEN = frozenset({"AWS::CloudFormation::CustomResource", "AWS::CloudFormation::Stack"})
"""Types whose attributes are what their function or template returns."""
_NUMBERS: Mapping[str, tuple[re.Pattern[str], type]] = {
    "integer": (re.compile("[+-]?[0-9]+"), int),
    "number": (re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?"), float),
}


def is_known(type_name: str) -> bool:
    """Whether AWS has the type; custom resources may have any name of their own."""
    return type_name in _file_names() or type_name.startswith("Custom::")


def typed(type_name: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    """The properties with each value of the type that the schema names.

    A template may write `true`, 80 and "80" where text, a number or a boolean is expected; the
    value of a parameter always is text. What cannot be converted stays as it is.
    """
    root = schema_of(type_name)
    if root is None:
        return dict(properties)
    converted: dict[str, Any] = _typed(properties, root, root)
    return converted


def recreation(type_name: str, name: str, old: Any, new: Any) -> Recreation:
    """Whether changing this property from one value to the other needs a new resource.

    Where only a member of it is create-only, that member must differ.
    """
    root = schema_of(type_name) or {}
    for members in _pointers(root.get("createOnlyProperties", ()), name):
        if not members or _at(old, members) != _at(new, members):
            return "Always"
    for members in _pointers(root.get("conditionalCreateOnlyProperties", ()), name):
        if not members or _at(old, members) != _at(new, members):
            return "Conditionally"
    return "Never"


def has_attribute(type_name: str, name: str) -> bool:
    """Whether a type has this attribute for Fn::GetAtt; one without a schema has every one."""
    root = None if type_name in _OPEN else schema_of(type_name)
    if root is None or name in root["properties"]:
        return True
    schema = root
    for part in name.split("."):
        if part not in schema.get("properties", {}):
            return "patternProperties" in schema
        schema = resolved(schema["properties"][part], root)
    return True


def is_provisioned_by_registry(type_name: str) -> bool:
    """Whether the registry's handlers make this type's resources, as all but the oldest types'.

    AWS: ProvisioningType in API_DescribeType of the CloudFormation API Reference.
    """
    return "handlers" in (schema_of(type_name) or {})


def with_tags(
    type_name: str, properties: Mapping[str, Any], tags: Mapping[str, str]
) -> Mapping[str, Any]:
    """The properties with these tags beside their own, which win; none for a type without tags.

    AWS: "Resource tag" in the CloudFormation Template Reference: a stack's tags reach resources.
    """
    root = schema_of(type_name) or {}
    tagging = root.get("tagging", {})
    name = str(tagging.get("tagProperty", "")).removeprefix(_POINTER)
    if not tags or not tagging.get("tagUpdatable") or name not in root["properties"]:
        return properties
    own = properties.get(name)
    if "object" in kinds_of(resolved(root["properties"][name], root)):
        return {**properties, name: {**tags, **(own or {})}}
    named = {tag["Key"] for tag in own or []}
    added = [{"Key": key, "Value": tags[key]} for key in tags if key not in named]
    return {**properties, name: [*added, *(own or [])]}


def write_only(type_name: str) -> frozenset[str]:
    """JSON pointers to the properties that cannot be read of a resource; * for each item."""
    pointers = (schema_of(type_name) or {}).get("writeOnlyProperties", ())
    return frozenset("/" + str(each).removeprefix(_POINTER) for each in pointers)


def identifier(type_name: str) -> str | None:
    """The property that identifies a resource of this type; of several, the one that AWS gives."""
    schema = schema_of(type_name) or {}
    pointers = schema.get("primaryIdentifier", ())
    if len(pointers) > 1:
        pointers = [each for each in pointers if each in schema.get("readOnlyProperties", ())]
    return str(pointers[0]).removeprefix(_POINTER) if len(pointers) == 1 else None


def given_identifiers(type_name: str) -> list[str]:
    """The properties by which a user names a resource of this type; none if AWS gives one."""
    schema = schema_of(type_name) or {}
    pointers = schema.get("primaryIdentifier", ())
    if any(each in schema.get("readOnlyProperties", ()) for each in pointers):
        return []
    return [str(each).removeprefix(_POINTER) for each in pointers]


@functools.lru_cache(_KEPT)
def schema_of(type_name: str) -> Schema | None:
    name = _file_names().get(type_name)
    if name is None:
        return None
    schema: Schema = json.loads((_folder() / "resources" / f"{name}.json").read_text())
    return schema


@functools.cache
def _file_names() -> Mapping[str, str]:
    """Which file has the schema of which type."""
    names: Mapping[str, str] = json.loads((_folder() / "providers" / f"{_REGION}.json").read_text())
    return names


def _folder() -> Path:
    # Found, not imported: cfn-lint's own modules would take long to start.
    specification = importlib.util.find_spec("cfnlint")
    if specification is None or specification.origin is None:
        raise ModuleNotFoundError("cfn-lint, whose schemas are needed, is not installed")
    return Path(specification.origin).parent / "data" / "schemas"


def _pointers(pointers: Iterable[str], name: str) -> Iterator[list[str]]:
    """The members that the pointers name within this property; none for the property itself."""
    for pointer in pointers:
        first, *members = pointer.removeprefix(_POINTER).split("/")
        if first == name:
            yield members


def _at(value: Any, members: list[str]) -> Any:
    """What a pointer's members name in a value; of each item, in a list."""
    if not members:
        return value
    if isinstance(value, list):
        return [_at(item, members[members[0] == "*" :]) for item in value]
    return _at(value.get(members[0]), members[1:]) if isinstance(value, Mapping) else None


def _typed(value: Any, schema: Schema, root: Schema) -> Any:
    schema = resolved(schema, root)
    if isinstance(value, Mapping):
        return {name: _typed(inner, member_of(schema, name), root) for name, inner in value.items()}
    if isinstance(value, list):
        return [_typed(item, schema.get("items", {}), root) for item in value]
    return _scalar(value, kinds_of(schema))


def _scalar(value: Any, types: frozenset[str]) -> Any:
    if isinstance(value, bool):
        return str(value).lower() if "string" in types and "boolean" not in types else value
    if isinstance(value, int | float):
        return str(value) if "string" in types and not types & _NUMBERS.keys() else value
    if not isinstance(value, str) or "string" in types:
        return value
    if "boolean" in types and value.lower() in ("true", "false"):
        return value.lower() == "true"
    for name, (form, number) in _NUMBERS.items():
        if name in types and form.fullmatch(value):
            return number(value)
    return value


def member_of(schema: Schema, name: str) -> Schema:
    """The schema of an object's member; an empty one when nothing is said of it."""
    found: Schema | None = schema.get("properties", {}).get(name)
    if found is None:
        found = next(iter(schema.get("patternProperties", {}).values()), {})
    return found


def resolved(schema: Schema, root: Schema) -> Schema:
    """A schema with the definition that it refers to in its place."""
    while "$ref" in schema:
        found: Any = root
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        schema = found
    return schema


def kinds_of(schema: Schema) -> frozenset[str]:
    """The kinds of value that a resolved schema takes, as JSON Schema calls them; none for any."""
    named = schema.get("type", ())
    return frozenset([named] if isinstance(named, str) else named)
