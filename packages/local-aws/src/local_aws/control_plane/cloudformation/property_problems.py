"""What AWS would refuse in a resource's properties, by its type's schema.

The registry's validator has words of its own, as recorded and as users report them; CloudFormation
itself words what it finds in types that the registry does not provision.
AWS: "Resource type schema" in the CloudFormation CLI User Guide.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import regex

from local_aws.control_plane.cloudformation.resource_schemas import (
    Schema,
    is_provisioned_by_registry,
    kinds_of,
    member_of,
    resolved,
    schema_of,
)

_MATCHING_SECONDS = 0.1
_REGISTRYS_NAMES = {
    "array": "JSONArray",
    "boolean": "Boolean",
    "integer": "Integer",
    "number": "Number",
    "object": "JSONObject",
    "string": "String",
}
_VALUES_NAMES = {**_REGISTRYS_NAMES, "number": "BigDecimal"}
"""What the registry calls the kinds of a schema, and those of values."""


def problems(type_name: str, logical_id: str, properties: Mapping[str, Any]) -> Iterator[str]:
    """Each problem with a resource's properties, in AWS's words."""
    root = schema_of(type_name)
    if root is None:
        return iter(())
    words = _Registry(logical_id) if is_provisioned_by_registry(type_name) else _CloudFormation()
    return _problems(properties, root, root, "", words)


class _CloudFormation:
    """Its own words."""

    def missing(self, path: str) -> str:
        return f"Property {path.rpartition('/')[2]} cannot be empty."

    def other_kind(self, path: str, kinds: frozenset[str], value: Any, items: Schema) -> str:  # noqa: ARG002
        *before, last = [part for part in path.split("/") if part]
        if last.isdigit() and before:
            expected = "of type List of String" if "string" in kinds else "a list of objects"
            return f"Value of property {before[-1]} must be {expected}"
        if "array" in kinds:
            listed = " of String" if "string" in kinds_of(items) else ""
            return f"Value of property {last} must be of type List{listed}"
        if "object" in kinds:
            return f"Value of property {last} must be an object"
        expected = " or ".join(kind.title() for kind in sorted(kinds))
        return f"Value of property {last} must be of type {expected}"

    def out_of_bounds(self, path: str, value: str, schema: Schema) -> Iterator[str]:  # noqa: ARG002
        """Which of its schema's constraints a text breaks: the service itself says so."""
        return iter(())


class _Registry(_CloudFormation):
    """The words of the registry's validator."""

    def __init__(self, logical_id: str) -> None:
        self._logical_id = logical_id

    def missing(self, path: str) -> str:
        return f"Property validation failure: [The property {{{path}}} is required]"

    def other_kind(self, path: str, kinds: frozenset[str], value: Any, items: Schema) -> str:  # noqa: ARG002
        if len(kinds) > 1:
            reason = f"no subschema matched out of the total {len(kinds)} subschemas"
        else:
            [expected] = (_REGISTRYS_NAMES[kind] for kind in kinds)
            reason = f"expected type: {expected}, found: {_VALUES_NAMES[_kind(value)]}"
        return self._failed(path, reason)

    def out_of_bounds(self, path: str, value: str, schema: Schema) -> Iterator[str]:
        shortest, longest = schema.get("minLength", 0), schema.get("maxLength", math.inf)
        if len(value) < shortest:
            yield self._failed(path, f"expected minLength: {shortest}, actual: {len(value)}")
        if len(value) > longest:
            yield self._failed(path, f"expected maxLength: {longest}, actual: {len(value)}")
        if "pattern" in schema and not _matches(schema["pattern"], value):
            yield self._failed(path, "failed validation constraint for keyword [pattern]")

    def _failed(self, path: str, reason: str) -> str:
        return (
            f"Properties validation failed for resource {self._logical_id} with message:\n"
            f"#{path}: {reason}"
        )


def _problems(
    value: Any, schema: Schema, root: Schema, path: str, words: _CloudFormation
) -> Iterator[str]:
    schema = resolved(schema, root)
    kinds = kinds_of(schema)
    if path and kinds and value is not None and not _is_one_of(value, kinds):
        yield words.other_kind(path, kinds, value, resolved(schema.get("items", {}), root))
        return
    if isinstance(value, str):
        yield from words.out_of_bounds(path, value, schema)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _problems(item, schema.get("items", {}), root, f"{path}/{number}", words)
    elif isinstance(value, Mapping) and "properties" in schema:
        yield from _member_problems(value, schema, root, path, words)


def _matches(pattern: str, value: str) -> bool:
    """A pattern that takes too long, or is of another dialect, holds."""
    try:
        return bool(regex.search(pattern, value, timeout=_MATCHING_SECONDS, concurrent=True))
    except (TimeoutError, regex.error):
        return True


def _member_problems(
    value: Mapping[str, Any], schema: Schema, root: Schema, path: str, words: _CloudFormation
) -> Iterator[str]:
    if schema.get("additionalProperties") is False and "patternProperties" not in schema:
        for name in value:
            if name not in schema["properties"]:
                yield f"Encountered unsupported property {name}"
    for name in schema.get("required", ()):
        if value.get(name) is None:
            yield words.missing(f"{path}/{name}")
    for name, inner in value.items():
        yield from _problems(inner, member_of(schema, name), root, f"{path}/{name}", words)


def _is_one_of(value: Any, kinds: frozenset[str]) -> bool:
    kind = _kind(value)
    if kind == "number" and "integer" in kinds:
        return "number" in kinds or value.is_integer()
    return kind in kinds or (kind == "integer" and "number" in kinds)


def _kind(value: Any) -> str:
    """What JSON Schema calls the value's kind."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, float):
        return "number"
    if isinstance(value, Mapping):
        return "object"
    return "array" if isinstance(value, list | tuple) else "string"
