"""What becomes of a lock that somebody holds: it is taken over, or its stack is in use."""

from __future__ import annotations

from datetime import datetime

from safeguards.lock_parameter import parameter_name
from safeguards.operator_lock import LockState, OperatorLock
from safeguards.refusal import RefusedError
from safeguards.variables import shown

_GONE = {LockState.DEAD: "has ended", LockState.STALE: "has not renewed it for an hour"}


def takeover(stack: str, value: str, mine: OperatorLock, now: datetime) -> str | None:
    """How the lock of this value is taken over, in one line; None when it is this process's.

    Raises RefusedError when its owner is alive, or when it is no lock at all.
    """
    try:
        found = OperatorLock.from_json(value)
    except ValueError as error:
        raise RefusedError(
            f"The parameter {parameter_name(stack)} holds something else than this project's "
            f"lock: {shown(value)}. Nothing was changed"
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
