"""What no record may hold: the values of secrets, wherever they turn up. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_NAMES = re.compile(r"SECRET|(TOKEN|PASSWORD|PASSWD|ACCESS_KEY(_ID)?|PRIVATE_KEY)$", re.IGNORECASE)
_SHORTEST = 8
"""Shorter ones are words that a text has for other reasons."""
_INSTEAD = "(not written)"


class Secrets:
    """Values are known by their names: of an environment's variables, or in a task's result."""

    def __init__(self) -> None:
        self._values: set[str] = set()

    def learn(self, values: Mapping[str, Any]) -> None:
        """Take in what is secret in a mapping, at any depth."""
        self._values.update(each for each in _found(values) if len(each) >= _SHORTEST)

    def removed_from(self, text: str) -> str:
        for value in sorted(self._values, key=len, reverse=True):
            text = text.replace(value, _INSTEAD)
        return text


def _found(value: Any, name: str = "") -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from _found(each, str(key))
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _found(each, name)
    elif isinstance(value, str) and _NAMES.search(name):
        yield value
