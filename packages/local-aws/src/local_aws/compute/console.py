"""An instance's console log: what its boot and its programs print, as GetConsoleOutput shows it."""

from __future__ import annotations

import logging
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

_LOG = logging.getLogger(__name__)
_LONGEST_LINE = 1_000


class Console:
    """The console log of one instance; any thread may write to it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def opened(self) -> BinaryIO:
        """The log for appending, for this user only; several writers may hold it at once."""
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        return os.fdopen(descriptor, "ab")

    def say(self, source: str, text: str) -> None:
        """Write one line. Never raises: on a full disk the daemon's log has it instead."""
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        line = " ".join(text.split())
        if len(line) > _LONGEST_LINE:
            line = f"{line[:_LONGEST_LINE]}..."
        try:
            with self.opened() as output:
                output.write(f"{now} {source}: {line}\n".encode(errors="backslashreplace"))
        except OSError as error:
            _LOG.error("%s: %s (not in %s: %s)", source, line, self.path, error.strerror)
