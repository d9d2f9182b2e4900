"""Replies held on request: so it can be seen what becomes of requests in flight."""

import time
from threading import Semaphore

from . import config

# A third of the server's threads: the others stay for requests that ask for no hold.
AT_ONCE = 8
_places = Semaphore(AT_ONCE)


def hold(asked: str) -> int | None:
    """Wait for so many seconds, and return None; or return the status that refuses it, at once."""
    try:
        seconds = float(asked)
    except ValueError:
        return 400
    if not 0 <= seconds <= config.LONGEST_HOLD_SECONDS:
        return 400
    if not _places.acquire(blocking=False):
        return 429
    time.sleep(seconds)
    _places.release()
    return None
