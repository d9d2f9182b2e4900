"""A small JSON object on disk that survives a crash at any point."""

from __future__ import annotations

import contextlib
import json
import os
import time
from pathlib import Path

from recommendation_server.log import Change


class StateFile:
    """Without a directory nothing is kept. A disk that fails is logged, never raised."""

    def __init__(self, directory: Path | None, name: str) -> None:
        self._path = directory / name if directory else None
        self._change = Change(f"state file {name}")
        self._written: dict[str, str] | None = None

    def read(self) -> dict[str, str]:
        """The strings last written; empty when there are none, or they cannot be read."""
        if self._path is None or not self._path.exists():
            return {}
        try:
            content = json.loads(self._path.read_bytes())
        except (OSError, ValueError, RecursionError) as error:
            self._change.now(f"read: {error}")
            return {}
        if not isinstance(content, dict):
            self._change.now("read: not an object")
            return {}
        return {name: value for name, value in content.items() if isinstance(value, str)}

    def write(self, content: dict[str, str]) -> None:
        """Does nothing when `content` is what was written last; a failed write is tried again."""
        if self._path is None or content == self._written:
            return
        temporary = self._path.with_suffix(".new")
        try:
            with temporary.open("w") as file:
                json.dump(content, file)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(self._path)
        except OSError as error:
            self._change.now(f"write: {error}")
            with contextlib.suppress(OSError):
                temporary.unlink()
        else:
            self._change.now(None)
            self._written = content

    def age_seconds(self) -> float | None:
        try:
            return max(0.0, time.time() - self._path.stat().st_mtime) if self._path else None
        except OSError:
            return None
