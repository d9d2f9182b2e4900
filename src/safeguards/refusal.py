"""How a play is refused: each check returns why, or None."""

from __future__ import annotations


class RefusedError(Exception):
    """What the user reads when a play may not go on."""


def refuse(reason: str | None) -> None:
    """Raises RefusedError when there is a reason."""
    if reason:
        raise RefusedError(reason)
