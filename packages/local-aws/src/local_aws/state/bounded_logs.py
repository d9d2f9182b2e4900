"""Keeps the logs in the state folder below a size: what a program prints for days fills no disk.

They are written by others (instances' programs, Envoy, this daemon's standard error), all of whom
append, so a log can be cut at any time. Its newer half stays, in the same file.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

LIMIT_BYTES = 4_000_000
_LOGS = ("daemon.log", "load_balancing/envoy.log", "instances/*/console.log")
_INTERVAL_SECONDS = 1.0


class BoundedLogs:
    """The logs below one state folder."""

    def __init__(self, state_directory: Path) -> None:
        self._directory = state_directory
        self._looked_at = 0.0

    def cut_if_due(self) -> None:
        """Cut what has grown too large; looks once a second. Raises OSError."""
        if time.monotonic() - self._looked_at < _INTERVAL_SECONDS:
            return
        self._looked_at = time.monotonic()
        for pattern in _LOGS:
            for path in self._directory.glob(pattern):
                if path.lstat().st_size > LIMIT_BYTES:
                    cut(path, LIMIT_BYTES // 2)


def cut(path: Path, keep_bytes: int) -> None:
    """Leave the newest whole lines, at most so many bytes.

    What is printed while this happens, some milliseconds, may be lost or stand before them.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_NOFOLLOW)
    with os.fdopen(descriptor, "r+b") as log:
        log.seek(-keep_bytes, os.SEEK_END)
        kept = log.read().partition(b"\n")[2]
        log.truncate(0)
        log.write(kept)
