"""Which filter policies a subscription can have: their form, and how complex they may be.

Source: "Filter policy constraints" in the SNS Developer Guide; answers of the real SNS as they have
been recorded, without the position in the document that AWS adds. What is no object is refused as
EventBridge refuses it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from local_aws.control_plane import match_expressions
from local_aws.control_plane.sns.filter_policies import (
    ATTRIBUTES,
    OPERATORS,
    is_alternatives,
)
from local_aws.control_plane.sns.refusals import invalid

_MOST_KEYS = 5
_MOST_COMBINATIONS = 150
_OF_TEXT = ("equals-ignore-case", "prefix", "suffix")


def require_valid(policy: Any, scope: str) -> None:
    """Raise InvalidParameter for what is no policy for the attributes, or the body, of messages."""
    if not isinstance(policy, Mapping):
        raise invalid("FilterPolicy: Filter is not an object")
    if len(policy) > _MOST_KEYS:
        raise invalid(f"FilterPolicy: Filter policy can not have more than {_MOST_KEYS} keys")
    if _combinations(policy, scope) > _MOST_COMBINATIONS:
        raise invalid("FilterPolicy: Filter policy is too complex")
    for condition in _conditions(policy):
        _require_condition(condition)


def _combinations(policy: Mapping[str, Any], scope: str, depth: int = 1, before: int = 1) -> int:
    """How many combinations of values there are; a nested name counts as often as it is deep."""
    found = before
    for name, value in policy.items():
        if isinstance(value, Mapping):
            found = _combinations(value, scope, depth + 1, found)
        elif not isinstance(value, list):
            raise invalid(f'FilterPolicy: "{name}" must be an object or an array')
        elif not value:
            raise invalid("FilterPolicy: Empty arrays are not allowed")
        elif is_alternatives(name, value):
            found = sum(_combinations(each, scope, depth, found) for each in value)
        else:
            found *= len(value) * depth
    if depth > 1 and scope == ATTRIBUTES:
        raise invalid("Filter policy scope MessageAttributes does not support nested filter policy")
    return found


def _conditions(policy: Mapping[str, Any]) -> Iterator[Any]:
    for name, value in policy.items():
        if isinstance(value, Mapping):
            yield from _conditions(value)
        elif is_alternatives(name, value):
            for each in value:
                yield from _conditions(each)
        else:
            yield from value


def _require_condition(condition: Any) -> None:
    if isinstance(condition, list):
        raise invalid("FilterPolicy: Match value must be String, number, true, false, or null")
    if not isinstance(condition, Mapping):
        return
    if len(condition) != 1:
        raise invalid("FilterPolicy: Only one key allowed in match expression")
    ((name, value),) = condition.items()
    if name not in OPERATORS:
        raise invalid(f"FilterPolicy: Unrecognized match type {name}")
    if name in _OF_TEXT and not isinstance(value, str):
        raise invalid(f"FilterPolicy: {name} match pattern must be a string")
    if name == "exists" and not isinstance(value, bool):
        raise invalid("FilterPolicy: exists match pattern must be either true or false.")
    if name == "anything-but":
        _require_anything_but(value)
    _require_range(name, value)


def _require_range(name: str, value: Any) -> None:
    try:
        if name == "cidr":
            match_expressions.require_cidr(value)
        if name == "numeric":
            match_expressions.require_numeric(value)
    except ValueError as error:
        raise invalid(f"FilterPolicy: {error}") from None


def _require_anything_but(value: Any) -> None:
    """It excludes values, or one prefix."""
    if isinstance(value, Mapping):
        for name in value:
            if name != "prefix":
                raise invalid(f"FilterPolicy: Unsupported anything-but pattern: {name}")
        _require_condition(value)
    for each in value if isinstance(value, list) else ():
        _require_condition(each)
