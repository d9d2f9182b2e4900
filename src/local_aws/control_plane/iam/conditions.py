"""The Condition block of a policy statement.

AWS: "IAM JSON policy elements: Condition operators" in the IAM User Guide.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from fnmatch import translate
from typing import Any

Context = Mapping[str, Sequence[str]]
"""The request's condition keys with their values; names are in lower case."""

_OPERATOR = re.compile(
    r"(?:(?P<set>ForAllValues|ForAnyValue):)?(?P<name>\w+?)(?P<if_exists>IfExists)?"
)
_VARIABLE = re.compile(r"\$\{(?P<key>[^}]+)\}")


def hold(block: Mapping[str, Mapping[str, Any]], context: Context) -> bool:
    """Whether every condition of the block holds."""
    return all(
        _holds(operator, key, as_list(expected), context)
        for operator, keys in block.items()
        for key, expected in keys.items()
    )


def as_list(value: Any) -> list[str]:
    """AWS allows one value where a list may stand."""
    return [_text(item) for item in value] if isinstance(value, list) else [_text(value)]


def with_variables(pattern: str, context: Context) -> str:
    """`${aws:username}` and the like replaced; an unknown key leaves the text as it is."""

    def replacement(match: re.Match[str]) -> str:
        values = context.get(match["key"].lower())
        return values[0] if values else match[0]

    return _VARIABLE.sub(replacement, pattern)


def matches(pattern: str, value: str) -> bool:
    """IAM's wildcards: * is any text, ? is one character; everything else is literal."""
    return re.fullmatch(_as_regex(pattern), value, re.DOTALL) is not None


def _as_regex(pattern: str) -> str:
    return translate(pattern.replace("[", "[[]"))


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _holds(operator: str, key: str, expected: Sequence[str], context: Context) -> bool:
    parsed = _OPERATOR.fullmatch(operator)
    actual = context.get(key.lower(), ())
    if parsed is None:
        return False
    name = parsed["name"]
    if name == "Null":
        return (not actual) == (expected[0] == "true")
    negated = "Not" in name
    compare = _COMPARISONS.get(name.replace("Not", ""))
    if compare is None:
        return False  # an operator that is not known grants nothing
    if not actual:
        return bool(parsed["if_exists"]) or parsed["set"] == "ForAllValues" or negated
    wanted = [with_variables(value, context) for value in expected]

    def satisfied(value: str) -> bool:
        found = any(_safely(compare, pattern, value) for pattern in wanted)
        return not found if negated else found

    return (any if parsed["set"] == "ForAnyValue" else all)(satisfied(value) for value in actual)


def _safely(compare: Callable[[str, str], bool], wanted: str, actual: str) -> bool:
    try:
        return compare(wanted, actual)
    except ValueError:  # no number, date or address: no match
        return False


def _in_network(wanted: str, actual: str) -> bool:
    return ipaddress.ip_address(actual) in ipaddress.ip_network(wanted, strict=False)


def _moment(text: str) -> datetime:
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return datetime.fromtimestamp(float(text), UTC)
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


_COMPARISONS: dict[str, Callable[[str, str], bool]] = {
    "StringEquals": lambda wanted, actual: wanted == actual,
    "StringEqualsIgnoreCase": lambda wanted, actual: wanted.lower() == actual.lower(),
    "StringLike": matches,
    "ArnEquals": matches,
    "ArnLike": matches,
    "Bool": lambda wanted, actual: wanted.lower() == actual.lower(),
    "NumericEquals": lambda wanted, actual: float(actual) == float(wanted),
    "NumericLessThan": lambda wanted, actual: float(actual) < float(wanted),
    "NumericLessThanEquals": lambda wanted, actual: float(actual) <= float(wanted),
    "NumericGreaterThan": lambda wanted, actual: float(actual) > float(wanted),
    "NumericGreaterThanEquals": lambda wanted, actual: float(actual) >= float(wanted),
    "DateEquals": lambda wanted, actual: _moment(actual) == _moment(wanted),
    "DateLessThan": lambda wanted, actual: _moment(actual) < _moment(wanted),
    "DateLessThanEquals": lambda wanted, actual: _moment(actual) <= _moment(wanted),
    "DateGreaterThan": lambda wanted, actual: _moment(actual) > _moment(wanted),
    "DateGreaterThanEquals": lambda wanted, actual: _moment(actual) >= _moment(wanted),
    "IpAddress": _in_network,
}
"""By operator without "Not": does the request's value fit the policy's?"""
