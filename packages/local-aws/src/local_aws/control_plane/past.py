"""What a value was at an earlier moment. Pure: moments are numbers that grow, such as seconds."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable
from typing import Generic, TypeVar

_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")


class Past(Generic[_Key, _Value]):
    """Changes of values by key; of each key what no later question needs is forgotten."""

    def __init__(self) -> None:
        self._changes: dict[_Key, deque[tuple[float, _Value]]] = {}

    def note(self, key: _Key, value: _Value, moment: float) -> None:
        changes = self._changes.setdefault(key, deque())
        if not changes or changes[-1][1] != value:
            changes.append((moment, value))

    def at(self, key: _Key, moment: float) -> _Value:
        """The value at `moment`, or the first one that was noted after it.

        Later questions must not be about earlier moments. Raises KeyError for an unknown key.
        """
        changes = self._changes[key]
        while len(changes) > 1 and changes[1][0] <= moment:
            changes.popleft()
        return changes[0][1]
