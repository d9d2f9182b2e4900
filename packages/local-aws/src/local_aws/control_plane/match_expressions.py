"""Numbers and addresses that filter policies and event patterns match. Pure.

SNS and EventBridge use the same rules and words. Source: "Numeric value matching" and "String value
matching" in the SNS Developer Guide; "Comparison operators for use in event patterns" in the
EventBridge User Guide; answers of the real services as they have been recorded.
"""

from __future__ import annotations

import ipaddress
import operator
from collections.abc import Callable
from typing import Any

COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    ">": operator.gt,
    ">=": operator.ge,
}


def refused(reason: str) -> ValueError:
    """The error for what is no condition, with AWS's words for why."""
    return ValueError(reason)


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_in_range(address: str, block: str) -> bool:
    """Whether text is an address of the block, which is one that `require_cidr` lets pass."""
    try:
        return ipaddress.ip_address(address) in ipaddress.ip_network(block, strict=False)
    except ValueError:
        return False


def require_cidr(value: Any) -> None:
    """Raise ValueError, in AWS's words, for what is no block of addresses."""
    if not isinstance(value, str):
        raise refused("prefix match pattern must be a string")
    address, slash, bits = value.partition("/")
    if not slash or "/" in bits:
        raise refused("Malformed CIDR, one '/' required")
    if not bits.isdecimal():
        raise refused("Malformed CIDR, mask bits must be an integer")
    try:
        ipaddress.ip_network(value, strict=False)
    except ValueError:
        raise refused(f"Nonstandard IP address: {address}") from None


def require_numeric(value: Any) -> None:
    """One comparison, or a range: first where it begins, then where it ends.

    Raises ValueError, in AWS's words, for anything else.
    """
    terms = list(value) if isinstance(value, list) else []
    if not terms:
        raise refused("Invalid member in numeric match: ]")
    comparison = terms.pop(0)
    if not isinstance(comparison, str):
        raise refused(f"Invalid member in numeric match: {comparison}")
    if comparison not in COMPARISONS:
        raise refused(f"Unrecognized numeric range operator: {comparison}")
    bottom = _number(comparison, terms)
    if not terms:
        return
    if comparison not in (">", ">="):
        raise refused("Too many elements in numeric expression")
    second = terms.pop(0)
    if not isinstance(second, str):
        raise refused(f"Bad value in numeric range: {second}")
    if second not in ("<", "<="):
        raise refused(f"Bad numeric range operator: {second}")
    if _number(second, terms) <= bottom:
        raise refused("Bottom must be less than top")
    if terms:
        raise refused("Too many terms in numeric range expression")


def _number(comparison: str, terms: list[Any]) -> float:
    value: Any = terms.pop(0) if terms else None
    if not is_number(value):
        shown = "equals" if comparison == "=" else comparison
        raise refused(f"Value of {shown} must be numeric")
    return float(value)
