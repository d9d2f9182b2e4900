"""Policy variables: `${aws:username}`, with a default `${aws:username, 'nobody'}`.

Source: "IAM policy elements: Variables and tags" in the IAM User Guide: documents of the version
2012-10-17 have them; they stand in Resource behind the fifth colon and in conditions of texts and
ARNs; a variable without a value makes its statement invalid.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from local_aws.control_plane import wildcards

VERSION = "2012-10-17"
"""The version of policy documents that has variables."""
_VARIABLE = re.compile(r"\$\{(?P<key>[^},]+?)\s*(?:,\s*'(?P<default>[^']*)'\s*)?\}")
_CHARACTERS = frozenset("*?$")
"""`${*}`, `${?}` and `${$}` are these characters themselves."""


def resolved(text: str, context: Mapping[str, Sequence[str]]) -> str:
    """The pattern with what its variables stand for.

    One without a value is left as it is, in literal characters: no value is like that.
    """

    def replacement(match: re.Match[str]) -> str:
        value = _value(match, context)
        return wildcards.literal(match[0]) if value is None else value

    return _VARIABLE.sub(replacement, text)


def resolved_in_arn(arn: str, context: Mapping[str, Sequence[str]]) -> str:
    """The pattern of a Resource: what stands before its fifth colon has no variables."""
    *before, resource = arn.split(":", 5)
    return ":".join([*before, resolved(resource, context)]) if len(before) == 5 else arn


def are_known(text: str, context: Mapping[str, Sequence[str]]) -> bool:
    """Whether each variable of the text has a value."""
    return all(_value(match, context) is not None for match in _VARIABLE.finditer(text))


def names(text: str) -> list[str]:
    """The keys that the text has variables of."""
    found = [match["key"] for match in _VARIABLE.finditer(text)]
    return [name for name in found if name not in _CHARACTERS]


def _value(match: re.Match[str], context: Mapping[str, Sequence[str]]) -> str | None:
    if match["key"] in _CHARACTERS:
        return wildcards.literal(match["key"])
    values = context.get(match["key"].lower())
    default: str | None = match["default"]
    return values[0] if values else default
