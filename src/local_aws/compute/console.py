"""An instance's console log: what its boot and its programs print, as GetConsoleOutput shows it."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO


class Console:
    def __init__(self, path: Path) -> None:
        self.path = path

    def opened(self) -> BinaryIO:
        """The log for appending, for this user only; several writers may hold it at once."""
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        return os.fdopen(descriptor, "ab")

    def say(self, source: str, text: str) -> None:
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        with self.opened() as output:
            output.write(f"{now} {source}: {text}\n".encode())
