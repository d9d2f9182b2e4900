"""Stack policies: which resources an update may change.

AWS: "Prevent updates to stack resources" in the CloudFormation User Guide. With a policy everything
is protected that no statement allows; a statement that denies counts more than one that allows.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from moto.cloudformation.exceptions import ValidationError

from local_aws.control_plane import wildcards

Action = Literal["Update:Modify", "Update:Replace", "Update:Delete"]

_ACTIONS = ("Update:Modify", "Update:Replace", "Update:Delete", "Update:*")
_OPERATORS = ("StringEquals", "StringLike")


def checked(text: str | None) -> str | None:
    """The text of a policy, when it is one; {} is one that protects nothing.

    Raises ValidationError, which gives no reason, as recorded.
    """
    if text:
        for statement in _statements(text):
            _check(statement)
    return text or None


def refusal(policy: str | None, action: Action, logical_id: str, type_name: str) -> str | None:
    """Why a policy denies the change of a resource; None when it may be made."""
    statements = _statements(policy) if policy else []
    if not statements:
        return None
    matching = [
        (number, statement["Effect"])
        for number, statement in enumerate(statements, start=1)
        if _matches(statement, action, logical_id, type_name)
    ]
    denying = next((number for number, effect in matching if effect == "Deny"), None)
    if denying is not None:
        return f"Action denied by stack policy: Statement [#{denying}] denies {action}"
    if not matching:
        return f"Action denied by stack policy: no statement allows {action} of {logical_id}"
    return None


def _statements(text: str) -> list[Mapping[str, Any]]:
    try:
        policy = json.loads(text)
        statements = policy["Statement"] if policy else []
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _invalid() from error
    listed = statements if isinstance(statements, list) else [statements]
    if not (isinstance(policy, dict) and all(isinstance(each, dict) for each in listed)):
        raise _invalid()
    return listed


def _check(statement: Mapping[str, Any]) -> None:
    actions = statement.get("Action", statement.get("NotAction"))
    conditions = statement.get("Condition", {})
    if not (
        statement.get("Effect") in ("Allow", "Deny")
        and statement.get("Principal") in ("*", {"AWS": "*"})
        and ("Action" in statement) != ("NotAction" in statement)
        and ("Resource" in statement) != ("NotResource" in statement)
        and all(action in _ACTIONS for action in _listed(actions))
        and all(operator in _OPERATORS for operator in conditions)
        and all(set(keys) == {"ResourceType"} for keys in conditions.values())
    ):
        raise _invalid()


def _matches(statement: Mapping[str, Any], action: str, logical_id: str, type_name: str) -> bool:
    resource = f"LogicalResourceId/{logical_id}"
    return (
        _is_named(statement, "Action", action)
        and _is_named(statement, "Resource", resource)
        and all(
            any(_is_like(type_name, pattern, operator) for pattern in _listed(keys["ResourceType"]))
            for operator, keys in statement.get("Condition", {}).items()
        )
    )


def _is_named(statement: Mapping[str, Any], member: str, name: str) -> bool:
    """Whether `Action` or `Resource` names it, or `NotAction` or `NotResource` does not."""
    if member in statement:
        return any(_is_like(name, pattern) for pattern in _listed(statement[member]))
    return not any(_is_like(name, pattern) for pattern in _listed(statement[f"Not{member}"]))


def _is_like(name: str, pattern: str, operator: str = "StringLike") -> bool:
    if operator == "StringEquals":
        return name == pattern
    return wildcards.matches(pattern, name)


def _listed(value: Any) -> Sequence[str]:
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]


def _invalid() -> ValidationError:
    return ValidationError(message="Error validating stack policy: Invalid stack policy")
