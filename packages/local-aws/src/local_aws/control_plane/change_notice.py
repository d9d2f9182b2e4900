"""Notifies listeners that AWS's state may have changed, so that they need not wait to poll it."""

from __future__ import annotations

from collections.abc import Callable

_listeners: list[Callable[[], None]] = []


def listen(callback: Callable[[], None]) -> None:
    """Call `callback`, outside the lock, after what may have changed something; it returns at once.

    That is after each request, and after each step of a stack operation.
    """
    _listeners.append(callback)


def announce() -> None:
    """Say that something may have changed. Call it without holding the lock."""
    for callback in _listeners:
        callback()
