"""Regular expressions that rules have, as Envoy's: pure.

Both are RE2's language; Envoy matches a whole text, and writes groups of a replacement otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

_PART = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?P?<|.", re.DOTALL)
_REFERENCE = re.compile(r"\$([0-9])")


def anywhere(expression: str) -> str:
    """What matches a text that has a match somewhere: ^ and $ are still its ends."""
    return f"(?s:.*)(?:{expression})(?s:.*)"


def before_port(expression: str) -> str:
    """A host name's expression for a Host header, which may end in a port."""
    return "".join("(?::[0-9]+)?$" if part == "$" else part for part in _parts(expression))


def substitution(expression: str, replacement: str) -> str:
    """A replacement with $1 ... $9. A group that the expression lacks is empty, as users found."""
    groups = _groups(expression)

    def reference(found: re.Match[str]) -> str:
        return rf"\{found[1]}" if int(found[1]) <= groups else ""

    return _REFERENCE.sub(reference, replacement.replace("\\", r"\\"))


def _groups(expression: str) -> int:
    return sum(
        part.endswith("<") if part.startswith("(?") else (part == "(" and after != "?")
        for part, after in pairwise([*_parts(expression), ""])
    )


def _parts(expression: str) -> Iterator[str]:
    """An escaped character, a class of characters and the begin of a named group are one each."""
    return (found.group() for found in _PART.finditer(expression))
