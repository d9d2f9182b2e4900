"""How corrections take their places inside moto, and fail loudly when such a place has moved."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any, TypeVar

from moto.core.base_backend import BackendDict, BaseBackend

_Backend = TypeVar("_Backend", bound=BaseBackend)
_Notes = TypeVar("_Notes")


_replaced: dict[tuple[type | ModuleType, str], Any] = {}
"""Our members in the places of moto's."""


def replace(owner: type | ModuleType, **members: Any) -> None:
    """Put each member in the place of moto's own.

    Raises AttributeError when moto has none, and when one of ours is there that the new one does
    not call: what is corrected twice is corrected by a function made of the first correction.
    """
    for name, member in members.items():
        if not hasattr(owner, name):
            raise AttributeError(f"moto's {owner.__name__} has no {name} to replace any more")
        before = _replaced.get((owner, name))
        if before is not None and member is not before and not _rests_on(member, before):
            raise AttributeError(f"a correction of {owner.__name__}.{name} would undo another one")
        _replaced[owner, name] = member
        setattr(owner, name, member)


def _rests_on(member: Any, before: Any) -> bool:
    return any(cell.cell_contents is before for cell in getattr(member, "__closure__", None) or ())


def add(owner: type, **members: Any) -> None:
    """Give moto members it lacks; raises AttributeError when it has grown one of that name."""
    for name, member in members.items():
        if hasattr(owner, name):
            raise AttributeError(f"moto's {owner.__name__} has a {name} of its own now")
        setattr(owner, name, member)


def notes(moto_object: object, kind: type[_Notes]) -> _Notes:
    """Return what we note about one of moto's objects, made by `kind()` the first time.

    Notes are kept on the object itself: saved with it, and gone with it. They are the same ones for
    every thread, also without the lock.
    """
    by_kind: dict[type, Any] = moto_object.__dict__.setdefault("local_aws_notes", {})
    if kind not in by_kind:
        by_kind.setdefault(kind, kind())  # in one step: another thread may have made some by now
    found: _Notes = by_kind[kind]
    return found


def backends_in_use(backends: BackendDict[_Backend]) -> Iterator[_Backend]:
    """Yield a service's backend of each account and region that has been used."""
    for account in list(backends.values()):
        yield from list(account.values())
