"""How corrections take their places inside moto, and fail loudly when such a place has moved."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any, TypeVar

from moto.core.base_backend import BackendDict, BaseBackend

_Backend = TypeVar("_Backend", bound=BaseBackend)
_Notes = TypeVar("_Notes")


def replace(owner: type | ModuleType, **members: Any) -> None:
    """Put each member in the place of moto's own; raises AttributeError when moto has none."""
    for name, member in members.items():
        if not hasattr(owner, name):
            raise AttributeError(f"moto's {owner.__name__} has no {name} to replace any more")
        setattr(owner, name, member)


def add(owner: type, **members: Any) -> None:
    """Give moto members it lacks; raises AttributeError when it has grown one of that name."""
    for name, member in members.items():
        if hasattr(owner, name):
            raise AttributeError(f"moto's {owner.__name__} has a {name} of its own now")
        setattr(owner, name, member)


def notes(moto_object: object, kind: type[_Notes]) -> _Notes:
    """Return what we note about one of moto's objects, made by `kind()` the first time.

    Notes are kept on the object itself: saved with it, and gone with it.
    """
    by_kind: dict[type, Any] = moto_object.__dict__.setdefault("local_aws_notes", {})
    if kind not in by_kind:
        by_kind[kind] = kind()
    found: _Notes = by_kind[kind]
    return found


def backends_in_use(backends: BackendDict[_Backend]) -> Iterator[_Backend]:
    """Yield a service's backend of each account and region that has been used."""
    for account in list(backends.values()):
        yield from list(account.values())
