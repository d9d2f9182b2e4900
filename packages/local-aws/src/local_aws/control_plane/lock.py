"""The lock around moto's state."""

from __future__ import annotations

import threading

LOCK = threading.RLock()
"""Guards moto's state: held around every request that does more than read items, and around every
background step; never while waiting."""

_TIME_PASSES = threading.Condition(LOCK)  # which gives up an RLock however often it is held


def wait(seconds: float) -> None:
    """Let others change the state for a while. Call it under LOCK."""
    _TIME_PASSES.wait(seconds)
