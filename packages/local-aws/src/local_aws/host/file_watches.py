"""How many more files may be watched: a user's programs share inotify instances, often only 128.

Envoy takes one for each file of its configuration, and aborts when there is none left.
Source: inotify(7), "/proc interfaces".
"""

from __future__ import annotations

import ctypes
import os
from pathlib import Path

_LIMIT = Path("/proc/sys/fs/inotify/max_user_instances")


def shortage(needed: int) -> str | None:
    """Why this user cannot have so many more, and what to do, in one line; None when it can."""
    if not _LIMIT.exists() or _are_free(needed):  # only Linux has a limit
        return None
    return (
        f"Envoy needs {needed} inotify instances more to watch its configuration, and this user's "
        f"programs have nearly all of {_LIMIT.read_text().strip()}: end some, or allow more "
        "(sysctl fs.inotify.max_user_instances)"
    )


def _are_free(count: int) -> bool:
    """The kernel does not report how many are left, so they are taken for a moment."""
    initialize = ctypes.CDLL(None).inotify_init1
    taken: list[int] = []
    try:
        while len(taken) < count:
            descriptor = initialize(os.O_CLOEXEC)
            if descriptor < 0:
                return False
            taken.append(descriptor)
        return True
    finally:
        for descriptor in taken:
            os.close(descriptor)
