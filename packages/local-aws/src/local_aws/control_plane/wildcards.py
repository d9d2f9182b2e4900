"""Wildcards as AWS's policies and filters have them: * is any text, ? is one character. Pure.

Everything else is literal, brackets too. Source: "IAM JSON policy elements: Resource" and "Policy
variables" in the IAM User Guide; "Filtering considerations" in the EC2 User Guide.
"""

from __future__ import annotations

import re

_LITERAL_STAR, _LITERAL_QUESTION_MARK = "\ue000", "\ue001"
"""Stand for a * and a ? that are no wildcards; no pattern has such characters."""
_ANY = "\ue002"
"""Stands for the wildcard ? in a part of a pattern."""
_MARKED = {"*": _LITERAL_STAR, "?": _LITERAL_QUESTION_MARK}
_PLAIN = str.maketrans({mark: character for character, mark in _MARKED.items()})
_PART = str.maketrans({"?": _ANY, **{mark: each for each, mark in _MARKED.items()}})


def literal(text: str) -> str:
    """A part of a pattern that means this text, with its * and ?."""
    return "".join(_MARKED.get(character, character) for character in text)


def plain(pattern: str) -> str:
    """The text that a pattern is where wildcards have no meaning."""
    return pattern.translate(_PLAIN)


def matches(pattern: str, value: str) -> bool:
    """Whether the whole value fits.

    Each part between two * is looked for where the part before it ended, from left to right: no
    pattern takes longer than its length times that of the value.
    """
    first, *parts = pattern.split("*")
    if "?" in pattern or not pattern.isascii():
        first, *parts = (part.translate(_PART) for part in (first, *parts))
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
    """Whether the part is at the position; both fit into the value."""
    if _ANY not in part:
        return value.startswith(part, position)
    there = value[position : position + len(part)]
    return len(there) == len(part) and all(a in (_ANY, b) for a, b in zip(part, there, strict=True))


def _find(part: str, value: str, start: int, end: int) -> int | None:
    if _ANY not in part:
        found = value.find(part, start, end)
        return found if found >= 0 else None
    regex = "".join("." if c == _ANY else re.escape(c) for c in part)
    match = re.compile(regex, re.DOTALL).search(value, start, end)
    return match.start() if match else None
