"""A CloudFormation template, read and checked for its structure."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from typing import Any

from moto.cloudformation.exceptions import ValidationError

from local_aws.control_plane.cloudformation import quotas, references
from local_aws.control_plane.cloudformation.template_reader import format_error, read

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


_NAME = re.compile("[A-Za-z0-9]{1,255}")

_prepared = threading.local()
"""What this thread has read ahead of its next `parse`, as `reading`: (text, body or error)."""


def prepare(text: str) -> None:
    """Read a template ahead. Call it without LOCK: a long one takes seconds."""
    try:
        _prepared.reading = text, _parsed(text)
    except ValidationError as error:
        _prepared.reading = text, error


def parse(text: str) -> dict[str, Any]:
    """The template as plain dictionaries, every `Fn::GetAtt` as a list. Raises ValidationError."""
    reading: tuple[str, Any] = getattr(_prepared, "reading", ("", None))
    _prepared.reading = "", None
    read_ahead, outcome = reading
    body: dict[str, Any] = outcome if text and text == read_ahead else _parsed(text)
    if isinstance(body, ValidationError):
        raise body
    return body


def _parsed(text: str) -> dict[str, Any]:
    body = read(text)
    if not isinstance(body, dict):
        raise format_error("unsupported structure.")
    try:
        _check(body)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise format_error(f"a function or a section has another form: {error}") from error
    return body


def _check(body: Mapping[str, Any]) -> None:
    resources = body.get("Resources")
    if not isinstance(resources, dict) or not resources:
        raise format_error("At least one Resources member must be defined.")
    if "Transform" in body:
        raise format_error(f"The local AWS has no macros ({body['Transform']}).")
    for section in ("Parameters", "Mappings", "Conditions", "Outputs"):
        if not isinstance(body.get(section, {}), dict):
            raise format_error(f"[/{section}] must be an object.")
    quotas.check_template(body)
    _check_names(body)
    _check_members(body)
    _check_references(body)
    references.condition_order(body.get("Conditions", {}))
    references.creation_order(resources)


def _check_names(body: Mapping[str, Any]) -> None:
    for section, word in (("Resources", "Resource"), ("Parameters", "Parameter")):
        for name in body.get(section, {}):
            if not _NAME.fullmatch(name):
                raise format_error(f"{word} name {name!r} is non alphanumeric.")


def _check_members(body: Mapping[str, Any]) -> None:
    for name, parameter in body.get("Parameters", {}).items():
        if not isinstance(parameter, dict) or "Type" not in parameter:
            raise format_error(f"Every Parameters member must contain a Type ({name}).")
    for name, output in body.get("Outputs", {}).items():
        if not isinstance(output, dict) or "Value" not in output:
            raise format_error(f"Every Outputs member must contain a Value object ({name}).")
    for name, resource in body["Resources"].items():
        if not isinstance(resource, dict):
            raise format_error(f"[/Resources/{name}] resource definition is malformed")
        if not isinstance(resource.get("Type"), str):
            raise format_error(f"[/Resources/{name}] Every Resources object must contain a Type.")
        if not isinstance(resource.get("Properties", {}), dict):
            raise format_error(f"[/Resources/{name}] Properties must be an object.")


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
                raise format_error(
                    f"Unresolved condition dependency {min(undefined)} in the {block} block "
                    "of the template"
                )
        if missing:
            raise format_error(
                f"Unresolved resource dependencies [{', '.join(sorted(missing))}] in the {block} "
                "block of the template"
            )
