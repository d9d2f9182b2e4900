"""Evaluate identity policies: an explicit Deny wins, an Allow is needed.

AWS: "Policy evaluation logic" in the IAM User Guide.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from local_aws.control_plane.iam import conditions
from local_aws.control_plane.iam.conditions import Context, IsEvaluated, UnevaluatedKeyError

Effect = Literal["Allow", "Deny"]
Statement = Mapping[str, Any]


def statements_of(document: str | Mapping[str, Any]) -> list[Statement]:
    """The statements of a policy document, which may be one or a list.

    A document of another form, a session policy for example, has none, and so allows nothing.
    """
    try:
        policy = json.loads(document) if isinstance(document, str) else document
    except (ValueError, RecursionError):
        return []
    statements = policy.get("Statement", []) if isinstance(policy, Mapping) else []
    listed = statements if isinstance(statements, list) else [statements]
    return [statement for statement in listed if isinstance(statement, Mapping)]


def effect(
    statements: Iterable[Statement],
    action: str,
    resource: str,
    context: Context,
    is_evaluated: IsEvaluated = lambda _: True,
) -> Effect | None:
    """What the statements say about one action on one resource; None when they say nothing.

    `action` is "service:Action"; `resource` is an ARN, or "*" for an action without one.
    Raises UnevaluatedKeyError when that depends on a condition key that is not evaluated.
    """
    said: set[str] = set()
    unevaluated: dict[str, str] = {}
    for statement in statements:
        says = str(statement.get("Effect"))
        try:
            if _applies(statement, action, resource, context, is_evaluated):
                said.add(says)
        except UnevaluatedKeyError as error:
            unevaluated.setdefault(says, str(error))
    if "Deny" in said:
        return "Deny"
    if "Deny" in unevaluated:
        raise UnevaluatedKeyError(unevaluated["Deny"])
    if "Allow" not in said and "Allow" in unevaluated:
        raise UnevaluatedKeyError(unevaluated["Allow"])
    return "Allow" if "Allow" in said else None


def _applies(
    statement: Statement,
    action: str,
    resource: str,
    context: Context,
    is_evaluated: IsEvaluated,
) -> bool:
    return (
        _element_matches(statement, "Action", action, context, ignore_case=True)
        and _element_matches(statement, "Resource", resource, context)
        and conditions.hold(statement.get("Condition", {}), context, is_evaluated)
    )


def _element_matches(
    statement: Statement, name: str, value: str, context: Context, *, ignore_case: bool = False
) -> bool:
    """Action or NotAction, Resource or NotResource. Action names ignore case."""

    def found(patterns: Sequence[str]) -> bool:
        for pattern in patterns:
            text = pattern if ignore_case else conditions.with_variables(pattern, context)
            if ignore_case and conditions.matches(text.lower(), value.lower()):
                return True
            if not ignore_case and conditions.matches(text, value):
                return True
        return False

    if f"Not{name}" in statement:
        return not found(conditions.as_list(statement[f"Not{name}"]))
    return name in statement and found(conditions.as_list(statement[name]))
