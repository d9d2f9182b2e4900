"""Numbers are kept as numbers: 1.0 and 1 are one, and answers have no needless digits.

moto keeps the text. A set has each value once; duplicates in a request are the client's mistake.
Source: "Data types" and "Numbers" in the Amazon DynamoDB Developer Guide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Context, Decimal, InvalidOperation
from typing import Any

from moto.dynamodb.exceptions import MockValidationException
from moto.dynamodb.responses import DynamoHandler

from local_aws.control_plane import moto_seams
from local_aws.control_plane.dynamodb import request_flaws

_MOST_DIGITS = 38
_GREATEST_EXPONENT = 125
_LEAST_EXPONENT = -130
_SETS = ("SS", "NS", "BS")
_EXACT = Context(prec=400, Emax=999_999, Emin=-999_999)
"""More than any number has whose digits were counted before."""


def install() -> None:
    moto_seams.replace(DynamoHandler, call_action=_canonical(DynamoHandler.call_action))


def _canonical(call_action: Callable[[DynamoHandler], Any]) -> Any:
    def call(self: DynamoHandler) -> Any:
        try:
            self.params = with_numbers(getattr(self, "params", {}))
        except MockValidationException as wrong:
            raise request_flaws.error(self._get_action(), wrong.exception_msg) from None
        return call_action(self)

    return call


def with_numbers(value: Any) -> Any:
    """A request's members, every number as DynamoDB returns it. Raises ValidationException."""
    if isinstance(value, list):
        return [with_numbers(item) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        [(kind, inner)] = value.items()
        if kind == "N" and isinstance(inner, str):
            return {kind: canonical(inner)}
        if kind in _SETS and _is_set(inner):
            convert: Callable[[Any], Any] = canonical if kind == "NS" else lambda each: each
            members = [convert(each) for each in inner]
            _require_distinct(members)
            return {kind: members}
    return {name: with_numbers(inner) for name, inner in value.items()}


def canonical(text: str) -> str:
    """The number's shortest form without an exponent. Raises ValidationException."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or not text.isascii() or text != text.strip() or "_" in text:
        raise MockValidationException(
            f"The parameter cannot be converted to a numeric value: {text[:100]}"
        )
    if not number:
        return "0"
    digits = len(str(int("".join(map(str, number.as_tuple().digits)))).rstrip("0"))
    if digits > _MOST_DIGITS:
        raise MockValidationException(
            "Attempting to store more than 38 significant digits in a Number"
        )
    if number.adjusted() > _GREATEST_EXPONENT:
        raise MockValidationException(
            "Number overflow. Attempting to store a number with magnitude larger than supported "
            "range"
        )
    if number.adjusted() < _LEAST_EXPONENT:
        raise MockValidationException(
            "Number underflow. Attempting to store a number with magnitude smaller than supported "
            "range"
        )
    return f"{number.normalize(_EXACT):f}"


def _is_set(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str | bytes) for each in value)


def _require_distinct(members: Iterable[Any]) -> None:
    listed = list(members)
    if len(set(listed)) != len(listed):
        shown = ", ".join(str(each) for each in listed)[:200]
        raise MockValidationException(
            "One or more parameter values were invalid: Input collection "
            f"[{shown}] contains duplicates."
        )
