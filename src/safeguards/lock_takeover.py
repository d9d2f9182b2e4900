"""What becomes of a lock that somebody holds: it is taken over, or its stack is in use."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from safeguards.lock_parameter import parameter_name
from safeguards.operator_lock import LockState, OperatorLock
from safeguards.refusal import RefusedError
from safeguards.variables import shown

Found = dict[str, Any]

_GONE = {LockState.DEAD: "has ended", LockState.STALE: "has not renewed it for an hour"}


def taken_over(
    found: Found, mine: OperatorLock, now: datetime, take: Callable[[int], Found]
) -> tuple[list[str], Found]:
    """Take the lock over from whoever is gone: what is said about it, and what is found then.

    `found` is what the module service_preflight returns, and so is what `take` does, which
    replaces a version of the lock. Raises RefusedError when the stack is in use.
    """
    lines: list[str] = []
    while not found["lock"]["held"]:  # somebody else, who may be gone too by now, was quicker
        line = takeover(found["stack"]["name"], found["lock"]["value"], mine, now)
        if line is None:
            break
        lines = [line]
        found = take(found["lock"]["version"])
    return lines, found


def takeover(stack: str, value: str, mine: OperatorLock, now: datetime) -> str | None:
    """How the lock of this value is taken over, in one line; None when it is this process's.

    Raises RefusedError when its owner is alive, or when it is no lock at all.
    """
    try:
        found = OperatorLock.from_json(value)
    except ValueError as error:
        raise RefusedError(
            f"The parameter {parameter_name(stack)} holds something else than this project's "
            f"lock: {shown(value)}. Nothing was changed. If nobody needs it, remove it with: aws "
            f"ssm delete-parameter --name {parameter_name(stack)}"
        ) from error
    state = found.state(mine, now)
    if state is LockState.OWN:
        return None
    if state is LockState.ALIVE:
        raise RefusedError(
            f"The stack {stack} is in use by {found.described(now)}. Wait until that has ended, or "
            "end it. If it is gone, remove its lock with: aws ssm delete-parameter --name "
            f"{parameter_name(stack)}"
        )
    return f"lock: taken over from {found.described(now)}, which {_GONE[state]}"
