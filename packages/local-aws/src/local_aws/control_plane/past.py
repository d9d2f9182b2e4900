"""What a value was at an earlier moment. Pure: moments are numbers that grow, such as seconds."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Hashable
from typing import Generic, TypeVar

_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")


class Past(Generic[_Key, _Value]):
    """Changes of values by key; what no later question needs is forgotten."""

    def __init__(self, kept: float) -> None:
        """A key that was not noted for longer than `kept` is unknown again."""
        self._kept = kept
        self._changes: dict[_Key, deque[tuple[float, _Value]]] = {}
        self._noted: dict[_Key, float] = {}  # each key's latest moment, the earliest first

    def note(self, key: _Key, value: _Value, moment: float) -> None:
        """Moments must not go back."""
        self._forget_keys_before(moment - self._kept)
        self._noted.pop(key, None)
        self._noted[key] = moment
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

    def _forget_keys_before(self, moment: float) -> None:
        unused = itertools.takewhile(lambda each: self._noted[each] < moment, self._noted)
        for key in list(unused):
            del self._noted[key], self._changes[key]
