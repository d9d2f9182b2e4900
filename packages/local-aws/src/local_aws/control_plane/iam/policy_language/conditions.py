"""The Condition block of a policy statement.

AWS: "IAM JSON policy elements: Condition operators" and "Set operators for multivalued context
keys" in the IAM User Guide.
"""

from __future__ import annotations

import ipaddress
import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from local_aws.control_plane import wildcards
from local_aws.control_plane.iam.policy_language import policy_variables

Context = Mapping[str, Sequence[str]]
"""The request's condition keys with their values; names are in lower case."""

IsEvaluated = Callable[[str], bool]
"""Whether a key, in lower case, that the context does not have is one that the request lacks: it
is not when the local AWS does not know its value."""

_OPERATOR = re.compile(
    r"(?:(?P<set>ForAllValues|ForAnyValue):)?(?P<name>\w+?)(?P<if_exists>IfExists)?"
)
_WITH_VARIABLES = ("String", "Arn", "Bool")
"""How the operators begin that compare with policy variables."""
_WITH_WILDCARDS = frozenset({"StringLike", "ArnEquals", "ArnLike"})


class UnevaluatedKeyError(Exception):
    """A condition depends on a key whose value the local AWS does not know: its name."""


def hold(
    block: Any,
    context: Context,
    is_evaluated: IsEvaluated = lambda _: True,
    *,
    has_variables: bool = True,
) -> bool:
    """Whether every condition of the block holds. One of another form does not.

    `has_variables`: the policy is of a version that has policy variables.
    Raises UnevaluatedKeyError when that depends on a key that is not evaluated.
    """
    if not isinstance(block, Mapping):
        return False
    unevaluated = ""
    for operator, key, expected in _conditions(block):
        if key.lower() not in context and not is_evaluated(key.lower()):
            unevaluated = unevaluated or key
        elif not _holds(operator, key, expected, context, has_variables=has_variables):
            return False
    if unevaluated:
        raise UnevaluatedKeyError(unevaluated)
    return True


def have_known_variables(block: Any, context: Context) -> bool:
    """Whether the conditions that hold for all values but some know these.

    Those of ...IfExists hold without: that is how AWS's guide keeps a statement valid.
    """
    return not isinstance(block, Mapping) or all(
        policy_variables.are_known(value, context)
        for operator, _, expected in _conditions(block)
        for value in expected
        if "Not" in operator and not operator.endswith("IfExists")
    )


def keys(block: Any) -> Iterator[str]:
    """The keys that a block asks about, and those of the variables in its values."""
    for _, key, expected in _conditions(block if isinstance(block, Mapping) else {}):
        yield from filter(None, [key])
        for value in expected:
            yield from policy_variables.names(value)


def _conditions(block: Mapping[str, Any]) -> Iterator[tuple[str, str, list[str]]]:
    for operator, keys in block.items():
        if isinstance(keys, Mapping):
            yield from ((operator, key, as_list(expected)) for key, expected in keys.items())
        else:
            yield "", "", []  # of another form: it does not hold


def as_list(value: Any) -> list[str]:
    """AWS allows one value where a list may stand."""
    return [_text(item) for item in value] if isinstance(value, list) else [_text(value)]


def _text(value: Any) -> str:
    if isinstance(value, Mapping | list):
        return ""  # where a text belongs: it matches nothing
    return str(value).lower() if isinstance(value, bool) else str(value)


def _holds(
    operator: str, key: str, expected: Sequence[str], context: Context, *, has_variables: bool
) -> bool:
    parsed = _OPERATOR.fullmatch(operator)
    actual: Sequence[str] = context.get(key.lower(), ())
    if parsed is None:
        return False
    name = parsed["name"]
    if name == "Null":
        return (not actual) == (expected[:1] == ["true"])
    negated = "Not" in name
    positive = name.replace("Not", "")
    compare = _COMPARISONS.get(positive)
    if compare is None:
        return False  # an operator that is not known grants nothing
    if parsed["set"]:  # a key without any text is as one that the request lacks
        actual = [value for value in actual if value]
    if not actual:
        is_none_of_any = negated and parsed["set"] != "ForAnyValue"
        return bool(parsed["if_exists"]) or parsed["set"] == "ForAllValues" or is_none_of_any
    wanted = list(expected)
    if has_variables and positive.startswith(_WITH_VARIABLES):
        wanted = [policy_variables.resolved(value, context) for value in expected]
        if positive not in _WITH_WILDCARDS:
            wanted = [wildcards.plain(value) for value in wanted]

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
    return all(a is not None and b is not None and wildcards.matches(a, b) for a, b in pairs)


def _in_network(wanted: str, actual: str) -> bool:
    return ipaddress.ip_address(actual) in ipaddress.ip_network(wanted, strict=False)


def _moment(text: str) -> datetime:
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return datetime.fromtimestamp(float(text), UTC)
    if re.fullmatch(r"\d{4}-\d\d", text):
        text += "-01"
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


_COMPARISONS: dict[str, Callable[[str, str], bool]] = {
    "StringEquals": lambda wanted, actual: wanted == actual,
    "StringEqualsIgnoreCase": lambda wanted, actual: wanted.lower() == actual.lower(),
    "StringLike": wildcards.matches,
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
