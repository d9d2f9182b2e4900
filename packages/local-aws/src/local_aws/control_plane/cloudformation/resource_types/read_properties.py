"""Which of its properties the creation of a resource has looked at: the others have no effect."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any


class ReadProperties(dict[str, Any]):
    """A resource's properties that keep in mind which of them were read, through copies too.

    Whoever walks over all of them has read all.
    """

    def __init__(self, properties: Any, read: set[str] | None = None) -> None:
        super().__init__(properties)
        self._read = set() if read is None else read

    def unread(self) -> list[str]:
        """Those that nothing has asked for, in the order of their names."""
        return sorted(super().keys() - self._read)

    def __getitem__(self, name: str) -> Any:
        self._read.add(name)
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        self._read.add(str(name))
        return super().__contains__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self._read.add(name)
        return super().get(name, default)

    def pop(self, name: str, *default: Any) -> Any:
        self._read.add(name)
        return super().pop(name, *default)

    def setdefault(self, name: str, default: Any = None) -> Any:
        self._read.add(name)
        return super().setdefault(name, default)

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def keys(self) -> Any:
        return self._all().keys()

    def items(self) -> Any:
        return self._all().items()

    def values(self) -> Any:
        return self._all().values()

    def __deepcopy__(self, memo: dict[int, Any]) -> ReadProperties:
        return ReadProperties(copy.deepcopy(dict(super().items()), memo), self._read)

    def _all(self) -> dict[str, Any]:
        self._read.update(super().keys())
        return dict(super().items())
