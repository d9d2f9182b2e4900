"""Keeps the logs in the state folder below a size: what a program prints for days fills no disk.

They are written by others (instances' programs, Envoy, this daemon's standard error), all of whom
append, so a log can be cut at any time. Its newer half stays, in the same file.
"""

from __future__ import annotations

import logging
import os
import time
from pathlib import Path

from local_aws.host.repeated_error import RepeatedErrors

LIMIT_BYTES = 4_000_000
_LOGS = ("daemon.log", "load_balancing/envoy.log", "instances/*/console.log")
_INTERVAL_SECONDS = 1.0


class BoundedLogs:
    """The logs below one state folder."""

    def __init__(self, state_directory: Path) -> None:
        self._directory = state_directory
        self._looked_at = 0.0
        self._failures = RepeatedErrors(logging.getLogger(__name__))

    def cut_if_due(self) -> None:
        """Cut what has grown too large; looks once a second.

        One that cannot be cut is logged, and the others are cut.
        """
        if time.monotonic() - self._looked_at < _INTERVAL_SECONDS:
            return
        self._looked_at = time.monotonic()
        for pattern in _LOGS:
            for path in self._directory.glob(pattern):
                self._cut_if_large(path)

    def _cut_if_large(self, path: Path) -> None:
        what = f"cutting {path}"
        try:
            if path.lstat().st_size > LIMIT_BYTES:
                cut(path, LIMIT_BYTES // 2)
            self._failures.succeeded(what)
        except FileNotFoundError:  # its instance was removed just now
            self._failures.succeeded(what)
        except OSError as error:
            self._failures.failed(what, error)


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
