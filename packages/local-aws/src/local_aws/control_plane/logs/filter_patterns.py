"""Filter patterns: which messages of log events they find.

Source: "Filter pattern syntax" in the CloudWatch Logs User Guide: unstructured log events. A
message has all terms, none behind a minus, and one of those behind question marks, which count only
where every term has one; a phrase is in quotation marks, a regular expression in percent signs.
"""

from __future__ import annotations

from collections.abc import Callable

import regex
from moto.logs.exceptions import InvalidParameterException

Passes = Callable[[str], bool]

_TERM = regex.compile(
    r'(?P<sign>[?-]?)(?:"(?P<phrase>(?:[^"\\]|\\.)*)"|%(?P<re>[^%]*)%|(?P<word>\S+))'
)
_EVERYTHING = ("", "[]")
_SECONDS = 0.5


def compiled(pattern: str | None) -> Passes:
    """Raise InvalidParameterException for patterns of structured events, which are not emulated."""
    pattern = (pattern or "").strip()
    if pattern in _EVERYTHING:
        return lambda message: True  # noqa: ARG005 - every message
    if pattern[0] in "[{":
        raise InvalidParameterException(
            "Filter patterns of JSON and space-delimited log events are not emulated by the local "
            "AWS; give terms."
        )
    terms = [(found["sign"], _finds(found)) for found in _TERM.finditer(pattern)]
    required = [finds for sign, finds in terms if sign == ""]
    excluded = [finds for sign, finds in terms if sign == "-"]
    optional = [finds for sign, finds in terms if sign == "?"]
    if required or excluded:
        return lambda message: (
            all(finds(message) for finds in required)
            and not any(finds(message) for finds in excluded)
        )
    return lambda message: any(finds(message) for finds in optional)


def _finds(term: regex.Match[str]) -> Passes:
    if term["re"] is not None:
        return _finds_expression(term["re"])
    if term["phrase"] is not None:
        text = regex.sub(r"\\(.)", r"\1", term["phrase"])
    else:
        text = term["word"]
    return lambda message: text in message


def _finds_expression(pattern: str) -> Passes:
    try:
        expression = regex.compile(pattern)
    except regex.error:
        raise InvalidParameterException(f"Invalid filter pattern: %{pattern}%") from None
    return lambda message: bool(expression.search(message, timeout=_SECONDS))
