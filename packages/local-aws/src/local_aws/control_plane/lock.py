"""The lock around moto's state."""

from __future__ import annotations

import threading
import time

LOCK = threading.RLock()
"""Guards moto's state: held around every request that does more than read items, and around every
background step; never while waiting."""


def wait(seconds: float) -> None:
    """Let others change the state for a while. Call it under LOCK, held once."""
    LOCK.release()
    try:
        time.sleep(seconds)
    finally:
        LOCK.acquire()
