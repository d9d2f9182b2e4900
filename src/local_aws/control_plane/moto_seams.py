"""How a correction takes a place inside moto, and fails loudly when that place has moved."""

from __future__ import annotations

from typing import Any


def replace(owner: type, **members: Any) -> None:
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
