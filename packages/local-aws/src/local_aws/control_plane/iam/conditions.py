"""The Condition block of a policy statement.

AWS: "IAM JSON policy elements: Condition operators" in the IAM User Guide.
"""

from __future__ import annotations

import ipaddress
import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

Context = Mapping[str, Sequence[str]]
"""The request's condition keys with their values; names are in lower case."""

IsEvaluated = Callable[[str], bool]
"""Whether a key, in lower case, that the context does not have is one that the request lacks: it
is not when the local AWS does not know its value."""

_OPERATOR = re.compile(
    r"(?:(?P<set>ForAllValues|ForAnyValue):)?(?P<name>\w+?)(?P<if_exists>IfExists)?"
)
_VARIABLE = re.compile(r"\$\{(?P<key>[^},]+?)\s*(?:,\s*'(?P<default>[^']*)'\s*)?\}")


class UnevaluatedKeyError(Exception):
    """A condition depends on a key whose value the local AWS does not know: its name."""


def hold(block: Any, context: Context, is_evaluated: IsEvaluated = lambda _: True) -> bool:
    """Whether every condition of the block holds. One of another form does not.

    Raises UnevaluatedKeyError when that depends on a key that is not evaluated.
    """
    if not isinstance(block, Mapping):
        return False
    unevaluated = ""
    for operator, key, expected in _conditions(block):
        if key.lower() not in context and not is_evaluated(key.lower()):
            unevaluated = unevaluated or key
        elif not _holds(operator, key, expected, context):
            return False
    if unevaluated:
        raise UnevaluatedKeyError(unevaluated)
    return True


def _conditions(block: Mapping[str, Any]) -> Iterator[tuple[str, str, list[str]]]:
    for operator, keys in block.items():
        if isinstance(keys, Mapping):
            yield from ((operator, key, as_list(expected)) for key, expected in keys.items())
        else:
            yield "", "", []  # of another form: it does not hold


def as_list(value: Any) -> list[str]:
    """AWS allows one value where a list may stand."""
    return [_text(item) for item in value] if isinstance(value, list) else [_text(value)]


def with_variables(pattern: str, context: Context) -> str:
    """`${aws:username}` and the like replaced, also with a default: `${aws:username, 'nobody'}`.

    A key that the request lacks, without a default, leaves the text as it is.
    """

    def replacement(match: re.Match[str]) -> str:
        values = context.get(match["key"].lower())
        default: str | None = match["default"]
        return values[0] if values else match[0] if default is None else default

    return _VARIABLE.sub(replacement, pattern)


def matches(pattern: str, value: str) -> bool:
    """IAM's wildcards: * is any text, ? is one character; everything else is literal.

    Each part between two * is looked for where the part before it ended, from left to right: no
    pattern takes longer than its length times that of the value.
    """
    first, *parts = pattern.split("*")
    if not parts:
        return len(first) == len(value) and _is_at(first, value, 0)
    *middle, last = parts
    end = len(value) - len(last)
    if end < len(first) or not (_is_at(first, value, 0) and _is_at(last, value, end)):
        return False
    position = len(first)
    for part in middle:
        found = _find(part, value, position, end)
        if found is None:
            return False
        position = found + len(part)
    return position <= end


def _is_at(part: str, value: str, position: int) -> bool:
    """Whether the part, which may hold ?, is at the position; both fit into the value."""
    if "?" not in part:
        return value.startswith(part, position)
    there = value[position : position + len(part)]
    return len(there) == len(part) and all(a in ("?", b) for a, b in zip(part, there, strict=True))


def _find(part: str, value: str, start: int, end: int) -> int | None:
    if "?" not in part:
        found = value.find(part, start, end)
        return found if found >= 0 else None
    regex = "".join("." if c == "?" else re.escape(c) for c in part)
    match = re.compile(regex, re.DOTALL).search(value, start, end)
    return match.start() if match else None


def _text(value: Any) -> str:
    if isinstance(value, Mapping | list):
        return ""  # where a text belongs: it matches nothing
    return str(value).lower() if isinstance(value, bool) else str(value)


def _holds(operator: str, key: str, expected: Sequence[str], context: Context) -> bool:
    parsed = _OPERATOR.fullmatch(operator)
    actual = context.get(key.lower(), ())
    if parsed is None:
        return False
    name = parsed["name"]
    if name == "Null":
        return (not actual) == (expected[:1] == ["true"])
    negated = "Not" in name
    compare = _COMPARISONS.get(name.replace("Not", ""))
    if compare is None:
        return False  # an operator that is not known grants nothing
    if not actual:
        is_none_of_any = negated and parsed["set"] != "ForAnyValue"
        return bool(parsed["if_exists"]) or parsed["set"] == "ForAllValues" or is_none_of_any
    wanted = [with_variables(value, context) for value in expected]

    def satisfied(value: str) -> bool:
        found = any(_safely(compare, pattern, value) for pattern in wanted)
        return not found if negated else found

    return (any if parsed["set"] == "ForAnyValue" else all)(satisfied(value) for value in actual)


def _safely(compare: Callable[[str, str], bool], wanted: str, actual: str) -> bool:
    try:
        return compare(wanted, actual)
    except (ValueError, TypeError, OverflowError, OSError):  # no number, date or address: no match
        return False


def _arn_matches(wanted: str, actual: str) -> bool:
    """Each of the six parts by itself."""
    pairs = itertools.zip_longest(wanted.split(":", 5), actual.split(":", 5))
    return all(a is not None and b is not None and matches(a, b) for a, b in pairs)


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
    "ArnEquals": _arn_matches,
    "ArnLike": _arn_matches,
    "BinaryEquals": lambda wanted, actual: wanted == actual,
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
