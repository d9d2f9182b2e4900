"""A CloudFormation template, read and checked for its structure."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from typing import Any

from moto.cloudformation.exceptions import ValidationError

from local_aws.control_plane.cloudformation import (
    deletion_policies,
    function_forms,
    language_extensions,
    outputs,
    parameters,
    quotas,
    references,
    resource_schemas,
    template_names,
)
from local_aws.control_plane.cloudformation.intrinsic_functions import (
    CONDITION_FUNCTIONS,
    FUNCTIONS,
)
from local_aws.control_plane.cloudformation.language_extensions import LOOP, TRANSFORM
from local_aws.control_plane.cloudformation.template_reader import format_error, read

_SECTIONS = frozenset(
    {
        *("AWSTemplateFormatVersion", "Description", "Metadata", "Transform"),
        *("Parameters", "Mappings", "Rules", "Conditions", "Resources", "Outputs"),
    }
)
_OF_PARAMETERS = frozenset(
    {
        *("Type", "Default", "Description", "NoEcho", "AllowedPattern", "AllowedValues"),
        *("ConstraintDescription", "MinLength", "MaxLength", "MinValue", "MaxValue"),
    }
)
_OF_RESOURCES = frozenset(
    {
        *("Type", "Properties", "DependsOn", "Condition", "Metadata"),
        *("CreationPolicy", "UpdatePolicy", "DeletionPolicy", "UpdateReplacePolicy"),
    }
)
_VERSION = "2010-09-09"
_MACRO = "Fn::Transform"
_NOT_EMULATED = frozenset({"Fn::GetStackOutput", _MACRO})
"""Functions that AWS has."""

_prepared = threading.local()
"""What this thread has read ahead of its next `parse`, as `reading`: (text, body or error)."""


def prepare(text: str) -> None:
    """Read a template ahead. Call it without LOCK: a long one takes seconds."""
    try:
        _prepared.reading = text, _parsed(text)
    except ValidationError as error:
        _prepared.reading = text, error


def parse(text: str) -> dict[str, Any]:
    """The template as plain dictionaries, every `Fn::GetAtt` as a list. Raises ValidationError.

    One with a transform is as it was written, and not checked in full until it is `processed`.
    """
    reading: tuple[str, Any] = getattr(_prepared, "reading", ("", None))
    _prepared.reading = "", None
    read_ahead, outcome = reading
    body: dict[str, Any] = outcome if text and text == read_ahead else _parsed(text)
    if isinstance(body, ValidationError):
        raise body
    return body


def transforms(body: Mapping[str, Any]) -> list[str]:
    """The macros that a template declares."""
    declared = body.get("Transform", [])
    return declared if isinstance(declared, list) else [declared]


def processed(body: dict[str, Any], names: Mapping[str, Any]) -> dict[str, Any]:
    """The template after its transforms; the same one without any. Raises ValidationError.

    `names` holds what Ref finds: resolved parameters and pseudo parameters.
    """
    if not transforms(body):
        return body
    try:
        result = language_extensions.processed(body, names)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise _malformed(error) from error
    _check(result, extended=True)
    return result


def definitions(body: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The definition of each resource, those that loops repeat included, as they were written."""
    return _definitions(body["Resources"])


def _definitions(members: Any) -> Iterator[Mapping[str, Any]]:
    for name, definition in members.items() if isinstance(members, dict) else ():
        if name.startswith(LOOP):
            yield from _definitions(definition[-1] if isinstance(definition, list) else None)
        elif isinstance(definition, dict):
            yield definition


def _parsed(text: str) -> dict[str, Any]:
    body = read(text)
    if not isinstance(body, dict):
        raise format_error("unsupported structure.")
    _refuse_null(body, "")
    _check_sections(body)
    if not transforms(body):
        _check(body, extended=False)
    return body


def _refuse_null(value: Any, path: str) -> None:
    """AWS: "null values are not allowed in templates", as recorded."""
    if value is None:
        raise ValidationError(message=f"[{path}] 'null' values are not allowed in templates")
    if isinstance(value, dict):
        for name, inner in value.items():
            _refuse_null(inner, f"{path}/{name}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            _refuse_null(inner, f"{path}/{number}")


def _malformed(error: Exception) -> ValidationError:
    return format_error(f"a function or a section has another form: {error}")


def _check_sections(body: Mapping[str, Any]) -> None:
    resources = body.get("Resources", {})
    if not isinstance(resources, dict):
        raise format_error("Any Resources member must be an object.")
    if not resources:
        raise format_error("At least one Resources member must be defined.")
    _check_keys(body, _SECTIONS, "Invalid template property or properties [{}]")
    version = body.get("AWSTemplateFormatVersion", _VERSION)
    if version != _VERSION:
        raise format_error(f"{version} is not a supported value for AWSTemplateFormatVersion.")
    macros = [_macro(each) for each in transforms(body) if each != TRANSFORM]
    macros += [_macro(resources[_MACRO])] if _MACRO in resources else []
    if macros:
        raise format_error(f"The local AWS has no macros ({', '.join(macros)}).")
    if not isinstance(body.get("Description", ""), str):
        raise format_error("Every Description member must be a string.")
    for section in ("Parameters", "Mappings", "Rules", "Conditions", "Outputs"):
        if not isinstance(body.get(section, {}), dict):
            raise format_error(f"[/{section}] must be an object.")
    _check_parameters(body.get("Parameters", {}))


def _macro(named: Any) -> str:
    """Its name; one with parameters is an object with a Name."""
    return str(named.get("Name") if isinstance(named, dict) else named)


def _check_parameters(declared: Mapping[str, Any]) -> None:
    for name, parameter in declared.items():
        if not isinstance(parameter, dict) or "Type" not in parameter:
            raise format_error(
                f"[/Parameters/{name}] Every Parameters object must contain a Type member."
            )
        _check_keys(parameter, _OF_PARAMETERS, "Invalid template parameter property '{}'")
        if not parameters.is_known(str(parameter["Type"])):
            raise format_error(f"Unrecognized parameter type: {parameter['Type']}")
        if isinstance(parameter.get("Default"), list | dict):
            raise format_error("Every Default member must be a string.")


def _check(body: Mapping[str, Any], *, extended: bool) -> None:
    """Check what is left when there is no transform, or after it."""
    try:
        quotas.check_template(body)
        _check_members(body)
        _check_mappings(body)
        template_names.check(body)
        _check_functions(body, extended=extended)
        template_names.check_uses(body)
        references.condition_order(body.get("Conditions", {}))
        references.creation_order(body["Resources"])
        _check_types(body)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise _malformed(error) from error


def _check_keys(block: Mapping[str, Any], known: frozenset[str], message: str) -> None:
    unknown = sorted(str(key) for key in block.keys() - known)
    if unknown:
        raise ValidationError(message=message.format(", ".join(unknown)))


def _check_members(body: Mapping[str, Any]) -> None:
    for output in body.get("Outputs", {}).values():
        if not isinstance(output, dict) or "Value" not in output:
            raise format_error("Every Outputs member must contain a Value object")
        outputs.check_literal(output["Value"])
    for name, resource in body["Resources"].items():
        if not isinstance(resource, dict):
            raise format_error(f"[/Resources/{name}] resource definition is malformed")
        _check_keys(resource, _OF_RESOURCES, "Invalid template resource property '{}'")
        if "Type" not in resource:
            raise format_error(
                f"[/Resources/{name}] Every Resources object must contain a Type member."
            )
        if not isinstance(resource["Type"], str):
            raise format_error(f"[/Resources/{name}] Every Type member must be a string.")
        if not isinstance(resource.get("Properties", {}), dict):
            raise format_error(f"[/Resources/{name}] Properties must be an object.")
        _check_attributes_of(name, resource)


def _check_mappings(body: Mapping[str, Any]) -> None:
    """AWS: "Mappings": two levels of names, and no function; the words as recorded."""
    for mapping in body.get("Mappings", {}).values():
        for name, entries in mapping.items():
            if not isinstance(entries, dict):
                raise format_error(f"Every Mappings member {name} must be a map")
            if any(isinstance(value, dict) for value in entries.values()):
                raise format_error("Every Mappings attribute must be a String or a List.")


def _check_types(body: Mapping[str, Any]) -> None:
    types = {str(resource["Type"]) for resource in body["Resources"].values()}
    unknown = sorted(name for name in types if not resource_schemas.is_known(name))
    if unknown:
        raise format_error(f"Unrecognized resource types: [{', '.join(unknown)}]")


def _check_attributes_of(name: str, resource: Mapping[str, Any]) -> None:
    """Check what a resource has beside its properties."""
    depends_on = resource.get("DependsOn", [])
    names = [depends_on] if isinstance(depends_on, str) else depends_on
    if not (isinstance(names, list) and all(isinstance(each, str) for each in names)):
        raise format_error("DependsOn must be a string or list of strings.")
    for attribute, options in deletion_policies.OPTIONS.items():
        policy = resource.get(attribute, options[0])
        if not isinstance(policy, str):
            raise format_error(f"Every {attribute} member must be a string.")
        if policy not in options:
            raise format_error(f"Unrecognized {attribute} {policy} for resource {name}")
        flaw = deletion_policies.flaw_of(resource, attribute)
        if flaw:
            raise ValidationError(message=flaw)
    if resource["Type"] == references.WAIT_CONDITION and not (
        "CreationPolicy" in resource or "Handle" in resource.get("Properties", {})
    ):
        raise format_error(f"[/Resources/{name}] Property Handle cannot be empty.")


def _check_functions(body: Mapping[str, Any], *, extended: bool) -> None:
    """No function may be misspelt, or need a macro: it would reach the resource as data."""
    functions = FUNCTIONS if extended else FUNCTIONS - language_extensions.FUNCTIONS
    for section, supported in (
        ("Resources", functions),
        ("Outputs", functions),
        ("Conditions", functions | CONDITION_FUNCTIONS),
    ):
        unsupported = references.functions_in(body.get(section, {})) - supported
        if not_emulated := unsupported & _NOT_EMULATED:
            raise ValidationError(
                message=f"Template error: The local AWS does not emulate {min(not_emulated)}."
            )
        if unsupported:
            raise ValidationError(
                message=f"Template error: Encountered unsupported function: {min(unsupported)} "
                f"Supported functions are: [{', '.join(sorted(supported))}]"
            )
        problem = function_forms.problem_in(body.get(section, {}), extended=extended)
        if problem:
            raise ValidationError(message=f"Template error: {problem}")
    if not all(map(function_forms.is_condition, body.get("Conditions", {}).values())):
        raise format_error(
            "Conditions can only be boolean operations on parameters and other conditions"
        )
