"""What the parts of a template are called, and what they refer to by these names.

AWS: "CloudFormation template sections" in the CloudFormation Template Reference. Every check raises
ValidationError, in AWS's words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from moto.cloudformation.exceptions import ValidationError

from local_aws.control_plane.cloudformation import references, resource_schemas
from local_aws.control_plane.cloudformation.template_reader import format_error

_NAME = re.compile("[A-Za-z0-9]{1,255}")
_KEY_OF_A_MAPPING = re.compile("[A-Za-z0-9.-]+")
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


def check(body: Mapping[str, Any]) -> None:
    """Check the names themselves."""
    for section, word in (("Resources", "Resource"), ("Parameters", "Parameter")):
        for name in body.get(section, {}):
            if not _NAME.fullmatch(name):
                raise format_error(f"{word} name {name} is non alphanumeric.")
    for section in ("Mappings", "Outputs"):
        for name in body.get(section, {}):
            if not _NAME.fullmatch(name):
                raise format_error(f"{section} name '{name}' is non alphanumeric.")
    for mapping in body.get("Mappings", {}).values():
        _check_mapping(mapping)


def _check_mapping(mapping: Mapping[str, Any]) -> None:
    for key, entries in mapping.items():
        if not _KEY_OF_A_MAPPING.fullmatch(key):
            raise format_error(
                f"Mappings element name '{key}' must be non-empty and can contain only "
                "alphanumerics, '-' or '.'"
            )
        for name in entries:
            if not _NAME.fullmatch(name):
                raise format_error(
                    f"Mappings attribute name '{name}' must contain only alphanumeric characters."
                )


def check_uses(body: Mapping[str, Any]) -> None:
    """Every name that is used must be declared, and be known where it is used."""
    _check_in_conditions(body)
    _check_references(body)
    _check_looked_up_first(body)
    _check_attributes(body)


def _check_in_conditions(body: Mapping[str, Any]) -> None:
    known = {*body.get("Parameters", {}), *_PSEUDO_PARAMETERS}
    missing = references.names_in(body.get("Conditions", {})) - known
    if missing:
        raise format_error(
            f"Unresolved dependencies [{', '.join(sorted(missing))}]. Cannot reference resources "
            "in the Conditions block of the template"
        )


def _check_references(body: Mapping[str, Any]) -> None:
    resources = body["Resources"]
    known = {*resources, *body.get("Parameters", {}), *_PSEUDO_PARAMETERS}
    conditions = set(body.get("Conditions", {}))
    for block in ("Resources", "Outputs"):
        missing: set[str] = set()
        for definition in body.get(block, {}).values():
            missing |= references.names_in(definition) - known
            missing |= references.depends_on(definition) - set(resources)
            _check_conditions_of(definition, block, conditions)
        if missing:
            raise references.unresolved(missing, block)


def _check_conditions_of(definition: Any, block: str, declared: set[str]) -> None:
    condition = definition.get("Condition")
    if isinstance(condition, str) and condition not in declared:
        raise format_error(
            f"Unresolved condition dependency {condition} in the {block} block of the template"
        )
    undefined = set(references.conditions_chosen_by(definition)) - declared
    if undefined:
        raise ValidationError(
            message=f"Template error: unresolved condition dependency {min(undefined)} in Fn::If"
        )


def _check_attributes(body: Mapping[str, Any]) -> None:
    """An attribute that its type does not have is refused, if the registry does not provision it.

    AWS re:Post, "does not support attribute type": before anything is created. The registry's
    types fail in the stack instead, see surroundings.py.
    """
    resources = body["Resources"]
    for block in ("Resources", "Outputs"):
        for definition in body.get(block, {}).values():
            for logical_id, name in sorted(references.attributes_in(definition)):
                if logical_id not in resources:
                    continue
                type_name = resources[logical_id]["Type"]
                if resource_schemas.is_provisioned_by_registry(type_name):
                    continue
                if not resource_schemas.has_attribute(type_name, name):
                    raise ValidationError(
                        message=f"Template error: resource {logical_id} does not support attribute "
                        f"type {name} in Fn::GetAtt"
                    )


def _check_looked_up_first(body: Mapping[str, Any]) -> None:
    """What is imported, and the names of exports, must be known before there is a stack."""
    resources = body["Resources"]
    for block in ("Resources", "Outputs"):
        for _, argument in references.calls(body.get(block, {}), "Fn::ImportValue"):
            if _is_known_late(argument, resources):
                raise ValidationError(
                    message="Template error: the attribute in Fn::ImportValue must not depend on "
                    "any resources, imported values, or Fn::GetAZs"
                )
    for name, output in body.get("Outputs", {}).items():
        if _is_known_late(output.get("Export"), resources):
            raise format_error(
                f"Output {name} is malformed.  The Name field of Export must not depend on any "
                "resources, imported values, or Fn::GetAZs."
            )


def _is_known_late(value: Any, resources: Mapping[str, Any]) -> bool:
    functions = references.functions_in(value)
    return bool(
        references.names_in(value) & resources.keys()
        or functions & {"Fn::GetAZs", "Fn::ImportValue"}
    )
