"""Evaluate identity policies: an explicit Deny wins, an Allow is needed.

AWS: "Policy evaluation logic" in the IAM User Guide.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from local_aws.control_plane.iam import conditions
from local_aws.control_plane.iam.conditions import Context

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
    statements: Iterable[Statement], action: str, resource: str, context: Context
) -> Effect | None:
    """What the statements say about one action on one resource; None when they say nothing.

    `action` is "service:Action"; `resource` is an ARN, or "*" for an action without one.
    """
    allowed = False
    for statement in statements:
        if not _applies(statement, action, resource, context):
            continue
        if statement.get("Effect") == "Deny":
            return "Deny"
        allowed = allowed or statement.get("Effect") == "Allow"
    return "Allow" if allowed else None


def _applies(statement: Statement, action: str, resource: str, context: Context) -> bool:
    return (
        _element_matches(statement, "Action", action, context, ignore_case=True)
        and _element_matches(statement, "Resource", resource, context)
        and conditions.hold(statement.get("Condition", {}), context)
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
