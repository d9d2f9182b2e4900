"""Regular expressions of rules, in conditions and transforms: the syntax that ELB takes.

Source: "Rule basics" in
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html
"""

from __future__ import annotations

import re
from typing import Any

import re2
from moto.elbv2.exceptions import ValidationError

from local_aws.control_plane.elbv2 import values

_LITERAL = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]|\\[^1-9pP]")
_UNSUPPORTED = re.compile(r"\\[1-9pP]|\(\?(?:<?[=!]|[>&R0-9]|P[>=])|[*+?}]\+")
"""Lookaheads and lookbehinds, backreferences, atomic groups, possessive quantifiers, subroutines,
recursion and Unicode character classes."""

_LARGEST_PROGRAM = 10_000
"""Instructions; of all that a rule has Envoy takes 100,000, see load_balancing/xds.py."""

_OPTIONS = re2.Options()
_OPTIONS.log_errors = False


def check(member: str, text: Any, longest: int) -> str:
    """Raises ValidationError."""
    if not isinstance(text, str) or len(text) > longest:
        raise ValidationError(
            f"1 validation error detected: Value at '{member}' failed to satisfy constraint: "
            f"Member must have length less than or equal to {longest}"
        )
    if _UNSUPPORTED.search(_LITERAL.sub("x", text)) or not _is_taken(text):
        raise ValidationError(
            f"The regular expression '{values.shown(text)}' at '{member}' is not valid"
        )
    return text


def _is_taken(text: str) -> bool:
    """Whether Envoy takes it: one that it refuses would keep all changes from it."""
    try:
        return bool(re2.compile(text, _OPTIONS).programsize <= _LARGEST_PROGRAM)
    except (re2.error, UnicodeError):
        return False
