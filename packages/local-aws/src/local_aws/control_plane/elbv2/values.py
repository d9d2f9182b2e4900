"""Numbers and texts of a request, checked as AWS checks them, in AWS's words."""

from __future__ import annotations

import re
from typing import Any

from moto.elbv2.exceptions import ValidationError

_WHOLE_NUMBER = re.compile("[0-9]{1,10}")


def number(member: str, value: Any, lowest: int, highest: int) -> int:
    """A whole number, given as one or as text. Raises ValidationError."""
    text = str(value)
    if not _WHOLE_NUMBER.fullmatch(text.removeprefix("-")):
        raise ValidationError(f"Value '{shown(text)}' at '{member}' is not a whole number")
    if not lowest <= int(text) <= highest:
        bound = (
            f"greater than or equal to {lowest}"
            if int(text) < lowest
            else f"less than or equal to {highest}"
        )
        raise ValidationError(
            f"1 validation error detected: Value '{text}' at '{member}' failed to satisfy "
            f"constraint: Member must have value {bound}"
        )
    return int(text)


def is_true(value: Any) -> bool:
    """A boolean, given as one or as text."""
    return str(value).lower() == "true"


def port(member: str, value: Any) -> int:
    return number(member, value, 1, 65_535)


def text(member: str, value: Any, pattern: str, longest: int) -> str:
    """A text that matches as a whole. Raises ValidationError."""
    if not isinstance(value, str) or len(value) > longest:
        raise ValidationError(
            f"1 validation error detected: Value at '{member}' failed to satisfy constraint: "
            f"Member must have length less than or equal to {longest}"
        )
    if not re.fullmatch(pattern, value):
        raise ValidationError(
            f"1 validation error detected: Value '{shown(value)}' at '{member}' failed to satisfy "
            f"constraint: Member must satisfy regular expression pattern: ^{pattern}$"
        )
    return value


def name(kind: str, value: str) -> None:
    """The name of a load balancer or target group. Raises ValidationError."""
    if len(value) > 32:
        problem = "cannot be longer than '32' characters"
    elif not re.fullmatch("[A-Za-z0-9-]+", value):
        problem = "can only contain characters that are alphanumeric characters and hyphens(-)"
    elif value.startswith("-") or value.endswith("-"):
        problem = "cannot begin or end with '-'"
    else:
        return
    raise ValidationError(f"The {kind} name '{shown(value)}' {problem}")


def shown(value: str) -> str:
    """A value within a message: one line, not too long."""
    return ascii(value[:100])[1:-1]
