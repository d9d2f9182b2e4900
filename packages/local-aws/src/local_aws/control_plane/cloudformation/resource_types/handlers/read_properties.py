"""Which of a resource's properties its creation or change has looked at: others have no effect."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from local_aws.control_plane.cloudformation.resource_types.handlers.base import ResourceFailedError


class MissingPropertyError(ResourceFailedError, KeyError):
    """A property without which the resource cannot be made; CloudFormation's words."""

    def __init__(self, name: str) -> None:
        self.message = f"Property {name} cannot be empty."
        super().__init__(self.message)


@dataclass
class _Reading:
    names: set[str] = field(default_factory=set)
    is_of_all: bool = False


class ReadProperties(dict[str, Any]):
    """A resource's properties that keep in mind which of them were read, through copies too.

    Whoever walks over all of them has read all, also those that are not given.
    """

    def __init__(self, properties: Any, reading: _Reading | None = None) -> None:
        super().__init__(properties)
        self._reading = reading or _Reading()

    def unread(self, names: Iterable[str]) -> list[str]:
        """Those of the names that nothing has asked for, in order; given or not."""
        return [] if self._reading.is_of_all else sorted(set(names) - self._reading.names)

    def __getitem__(self, name: str) -> Any:
        self._reading.names.add(name)
        if not super().__contains__(name):
            raise MissingPropertyError(name)
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        self._reading.names.add(str(name))
        return super().__contains__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self._reading.names.add(name)
        return super().get(name, default)

    def pop(self, name: str, *default: Any) -> Any:
        self._reading.names.add(name)
        return super().pop(name, *default)

    def setdefault(self, name: str, default: Any = None) -> Any:
        self._reading.names.add(name)
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
        return ReadProperties(copy.deepcopy(dict(super().items()), memo), self._reading)

    def _all(self) -> dict[str, Any]:
        self._reading.is_of_all = True
        return dict(super().items())
