"""What a stack returns.

AWS: "Outputs" in the CloudFormation Template Reference.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

from local_aws.control_plane.cloudformation import references, resource_schemas
from local_aws.control_plane.cloudformation.intrinsic_functions import (
    CONDITION_FUNCTIONS,
    Evaluator,
    UnresolvedError,
    as_text,
)
from local_aws.control_plane.cloudformation.stack import Output
from local_aws.control_plane.cloudformation.template_reader import format_error

_EXPORT = re.compile("[A-Za-z0-9:-]+")
_NOT_TEXT = "The Value field of every Outputs member must evaluate to a String"


def evaluated_outputs(evaluator: Evaluator) -> list[Output]:
    """The stack's outputs; each value is text, as AWS returns it."""
    outputs = []
    for key, definition in evaluator.template.get("Outputs", {}).items():
        if evaluator.exists(definition):
            export: Any = evaluator.value_of(definition.get("Export", {})).get("Name")
            value = evaluator.value_of(definition["Value"])
            text = "" if value is None else as_text(value)  # an attribute without a value in moto
            is_true_or_false = isinstance(value, bool) and not isinstance(definition["Value"], bool)
            if not isinstance(text, str) or is_true_or_false:
                raise format_error("Every Value member must be a string.")
            outputs.append(Output(key, text, definition.get("Description"), export))
    return outputs


def check_literal(value: Any) -> None:
    """Refuse an output whose value is not text as written; AWS's words, as recorded.

    Raises ValidationError.
    """
    if isinstance(value, list):
        raise format_error(f"{_NOT_TEXT} and not a List.")
    if isinstance(value, dict):
        is_function = len(value) == 1 and next(iter(value)).startswith(("Fn::", "Ref"))
        if not is_function or value.keys() & CONDITION_FUNCTIONS:
            raise format_error(f"{_NOT_TEXT}.")


def check_values(evaluator: Evaluator) -> None:
    """Refuse outputs that are lists, as far as that is known before there is a stack.

    Raises ValidationError.
    """
    for definition in evaluator.template.get("Outputs", {}).values():
        with suppress(UnresolvedError):
            if evaluator.exists(definition):
                value = definition["Value"]
                if isinstance(value, dict) and "Fn::GetAZs" in value:
                    check_literal([])
                check_literal(evaluator.value_of(value))


def check_exports(evaluator: Evaluator) -> None:
    """Refuse names of exports that AWS does not have, or that come twice.

    AWS: "Export" in the CloudFormation Template Reference. Raises ValidationError.
    """
    names: list[str] = []
    for key, definition in evaluator.template.get("Outputs", {}).items():
        with suppress(UnresolvedError):  # a name that has the stack's own id in it
            if "Export" in definition and evaluator.exists(definition):
                export: Any = evaluator.value_of(definition["Export"])
                name = export.get("Name") if isinstance(export, dict) else None
                if not (isinstance(name, str) and _EXPORT.fullmatch(name)):
                    raise format_error(
                        f"Output {key} is malformed. The Name field of every Export member must be "
                        "specified and consist only of alphanumeric characters, colons, or hyphens."
                    )
                names.append(name)
    repeated = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    if repeated:
        raise format_error(
            f"The Outputs section contains duplicate Export names: [{', '.join(repeated)}]. "
            "Specify a unique name for each export."
        )


def unknown_attribute(evaluator: Evaluator) -> str | None:
    """What AWS says of the first output by Fn::GetAtt whose type does not have the attribute.

    As recorded: the operation fails with it before it comes to any resource.
    """
    resources = evaluator.template["Resources"]
    for key, definition in evaluator.template.get("Outputs", {}).items():
        if not evaluator.exists(definition):
            continue
        value = references.taken(definition["Value"], evaluator.holds)
        for path, (logical_id, *names) in references.calls(
            value, "Fn::GetAtt", f"/Outputs/{key}/Value"
        ):
            type_name, name = resources[logical_id]["Type"], ".".join(map(str, names))
            if not resource_schemas.has_attribute(type_name, name):
                return (
                    f"[Error] {path}: Resource type {type_name} does not support attribute "
                    f"{{{name}}}"
                )
    return None
