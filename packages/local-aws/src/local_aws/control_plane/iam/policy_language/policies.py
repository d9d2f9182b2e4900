"""Evaluate identity policies: an explicit Deny wins, an Allow is needed.

AWS: "Policy evaluation logic" in the IAM User Guide.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal

from local_aws.control_plane import wildcards
from local_aws.control_plane.iam.policy_language import (
    conditions,
    policy_variables,
    resource_patterns,
)
from local_aws.control_plane.iam.policy_language.conditions import (
    Context,
    IsEvaluated,
    UnevaluatedKeyError,
)

Effect = Literal["Allow", "Deny"]
Statement = Mapping[str, Any]
_FIRST_VERSION = "2008-10-17"


def statements_of(document: str | Mapping[str, Any]) -> list[Statement]:
    """The statements of a policy document, which may be one or a list, each with its Version.

    A document of another form, a session policy for example, has none, and so allows nothing.
    """
    try:
        policy = json.loads(document) if isinstance(document, str) else document
    except (ValueError, RecursionError):
        return []
    statements = policy.get("Statement", []) if isinstance(policy, Mapping) else []
    listed = statements if isinstance(statements, list) else [statements]
    version = {"Version": policy.get("Version", _FIRST_VERSION)} if listed else {}
    return [{**version, **each} for each in listed if isinstance(each, Mapping)]


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
    has_variables = statement.get("Version") == policy_variables.VERSION
    return (
        _names_action(statement, action)
        and _names_resource(statement, resource, context, has_variables=has_variables)
        and not (has_variables and _is_invalid(statement, context))
        and conditions.hold(
            statement.get("Condition", {}), context, is_evaluated, has_variables=has_variables
        )
    )


def _is_invalid(statement: Statement, context: Context) -> bool:
    """Whether it would allow all but what a variable without a value stands for."""
    excluded = conditions.as_list(statement.get("NotResource", []))
    return statement.get("Effect") == "Allow" and not (
        all(policy_variables.are_known(each, context) for each in excluded)
        and conditions.have_known_variables(statement.get("Condition"), context)
    )


def _names_action(statement: Statement, action: str) -> bool:
    """By Action or NotAction; the names of actions ignore case."""
    wanted = action.lower()

    def found(pattern: str) -> bool:
        return wildcards.matches(pattern.lower(), wanted)

    return _is_named(statement, "Action", found)


def _names_resource(
    statement: Statement, resource: str, context: Context, *, has_variables: bool
) -> bool:
    """By Resource or NotResource."""

    def found(pattern: str) -> bool:
        if has_variables:
            pattern = policy_variables.resolved_in_arn(pattern, context)
        return resource_patterns.matches(pattern, resource)

    return _is_named(statement, "Resource", found)


def _is_named(statement: Statement, name: str, found: Callable[[str], bool]) -> bool:
    if f"Not{name}" in statement:
        return not any(map(found, conditions.as_list(statement[f"Not{name}"])))
    return any(map(found, conditions.as_list(statement.get(name, []))))
