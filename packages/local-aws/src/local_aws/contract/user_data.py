"""The line of user data that would signal CloudFormation, and that no instance runs here.

AWS: "CloudFormation helper scripts reference" in the CloudFormation Template Reference.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_CLOUD_CONFIG = "#cloud-config"
_COMMANDS = frozenset({"bootcmd", "runcmd"})
"""Where cloud-config has commands; the contents of its files are none."""
_KEY = re.compile(r"(\w+)\s*:")
_SIGNALS = re.compile(r"\bcfn-signal\b|\bsignal-resource\b")
_HELPERS = re.compile(r"\bcfn-(init|hup)\b|/opt/aws/")
_LONGEST = 200


class Line(NamedTuple):
    """`number` counts from 1, `text` is without its indentation."""

    number: int
    text: str

    def __str__(self) -> str:
        return f"line {self.number} of the user data is not run here ({self.text})"


def signalling_line(user_data: bytes) -> Line | None:
    """The first line that signals or, without one, the first that calls another helper script.

    None for user data that says nothing to CloudFormation.
    """
    lines = list(_commands(user_data.decode(errors="replace")))
    for pattern in (_SIGNALS, _HELPERS):
        found = next((line for line in lines if pattern.search(line.text)), None)
        if found:
            return found._replace(text=found.text[:_LONGEST])
    return None


def line_with(user_data: bytes, text: str) -> Line | None:
    """The first command that has this text, such as the URL that takes a signal."""
    lines = _commands(user_data.decode(errors="replace"))
    found = next((line for line in lines if text in line.text), None)
    return found and found._replace(text=found.text[:_LONGEST])


def names_resource(user_data: bytes, logical_id: str) -> bool:
    """Whether a helper script is called for this resource of a stack."""
    option = rf"(--resource|--logical-resource-id|-r)[ =]+['\"]?{re.escape(logical_id)}\b"
    lines = _commands(user_data.decode(errors="replace"))
    return any(re.search(option, line.text) for line in lines)


def is_cloud_config(user_data: bytes) -> bool:
    """Whether an instance runs units of it; for other user data it runs its image's program."""
    return user_data.startswith(_CLOUD_CONFIG.encode())


def _commands(text: str) -> Iterator[Line]:
    """The lines that are commands, or may be: all but comments, for a script."""
    is_command = not text.startswith(_CLOUD_CONFIG)
    for number, line in enumerate(text.splitlines(), start=1):
        key = _KEY.match(line) if text.startswith(_CLOUD_CONFIG) else None
        if key:
            is_command = key[1] in _COMMANDS
        if is_command and not line.lstrip().startswith("#"):
            yield Line(number, line.strip())
