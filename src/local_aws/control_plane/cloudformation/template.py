"""Read a CloudFormation template: JSON or YAML text to one plain form, checked for its structure.

The YAML reader builds plain values only: moto's own reader would run Python code that a template's
tags name.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import yaml
from moto.cloudformation.exceptions import ValidationError

from local_aws.control_plane.cloudformation import references

_PSEUDO_PARAMETERS = frozenset(
    f"AWS::{name}"
    for name in (
        "AccountId",
        "NoValue",
        "NotificationARNs",
        "Partition",
        "Region",
        "StackId",
        "StackName",
        "URLSuffix",
    )
)


class _TemplateLoader(yaml.SafeLoader):
    """YAML as CloudFormation reads it: short tags for functions, and dates stay text."""


_TemplateLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _short_function(loader: _TemplateLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    """`!Sub x` is `{"Fn::Sub": x}`; Ref and Condition have no prefix."""
    value: Any = None
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    elif isinstance(node, yaml.MappingNode):
        value = loader.construct_mapping(node, deep=True)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


_TemplateLoader.add_multi_constructor("!", _short_function)


def parse(text: str) -> dict[str, Any]:
    """The template as plain dictionaries, every `Fn::GetAtt` as a list. Raises ValidationError."""
    try:
        body = json.loads(text) if text.lstrip().startswith("{") else _load_yaml(text)
    except (ValueError, yaml.YAMLError) as error:
        reason = " ".join(str(error).split())
        raise ValidationError(message=f"Template format error: {reason}") from error
    if not isinstance(body, dict):
        raise ValidationError(message="Template format error: unsupported structure.")
    normalised: dict[str, Any] = _with_attribute_lists(body)
    _check(normalised)
    return normalised


def _load_yaml(text: str) -> Any:
    # S506: the loader is a SafeLoader with CloudFormation's own tags.
    return yaml.load(text, Loader=_TemplateLoader)  # noqa: S506


def _with_attribute_lists(value: Any) -> Any:
    """`Fn::GetAtt` may be "Name.Attribute" or ["Name", "Attribute"]: make it a list everywhere."""
    if isinstance(value, list):
        return [_with_attribute_lists(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: inner.split(".", 1)
        if key == "Fn::GetAtt" and isinstance(inner, str)
        else _with_attribute_lists(inner)
        for key, inner in value.items()
    }


def _check(body: Mapping[str, Any]) -> None:
    resources = body.get("Resources")
    if not isinstance(resources, dict) or not resources:
        raise _format_error("At least one Resources member must be defined.")
    if "Transform" in body:
        raise _format_error(f"The local AWS has no macros ({body['Transform']}).")
    for section in ("Parameters", "Mappings", "Conditions", "Outputs"):
        if not isinstance(body.get(section, {}), dict):
            raise _format_error(f"[/{section}] must be an object.")
    _check_members(body)
    _check_references(body)
    references.creation_order(resources)


def _check_members(body: Mapping[str, Any]) -> None:
    for name, parameter in body.get("Parameters", {}).items():
        if not isinstance(parameter, dict) or "Type" not in parameter:
            raise _format_error(f"Every Parameters member must contain a Type ({name}).")
    for name, output in body.get("Outputs", {}).items():
        if not isinstance(output, dict) or "Value" not in output:
            raise _format_error(f"Every Outputs member must contain a Value object ({name}).")
    for name, resource in body["Resources"].items():
        if not isinstance(resource, dict):
            raise _format_error(f"[/Resources/{name}] resource definition is malformed")
        if not isinstance(resource.get("Type"), str):
            raise _format_error(f"[/Resources/{name}] Every Resources object must contain a Type.")
        if not isinstance(resource.get("Properties", {}), dict):
            raise _format_error(f"[/Resources/{name}] Properties must be an object.")


def _check_references(body: Mapping[str, Any]) -> None:
    """Every name that is used must be declared, as AWS checks before it creates anything."""
    resources = body["Resources"]
    known = {*resources, *body.get("Parameters", {}), *_PSEUDO_PARAMETERS}
    conditions = set(body.get("Conditions", {}))
    for block in ("Resources", "Outputs"):
        missing: set[str] = set()
        for definition in body.get(block, {}).values():
            missing |= references.names_in(definition) - known
            missing |= references.depends_on(definition) - set(resources)
            undefined = references.conditions_in(definition) - conditions
            if undefined:
                raise _format_error(
                    f"Unresolved condition dependency {min(undefined)} in the {block} block "
                    "of the template"
                )
        if missing:
            raise _format_error(
                f"Unresolved resource dependencies [{', '.join(sorted(missing))}] in the {block} "
                "block of the template"
            )


def _format_error(reason: str) -> ValidationError:
    return ValidationError(message=f"Template format error: {reason}")
