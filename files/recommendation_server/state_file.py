"""A few strings on disk that survive a crash at any point."""

import json
import os

from . import config
from .log import Condition


class StateFile:
    """Without a state directory nothing is kept. A disk that fails is logged, never raised."""

    def __init__(self, name: str) -> None:
        self._path = config.STATE_DIRECTORY / name if config.STATE_DIRECTORY else None
        self._condition = Condition(name)
        self._content: dict[str, str] = {}

    def read(self) -> dict[str, str]:
        """The strings written last; empty when there are none, or they cannot be read."""
        if self._path and self._path.exists():
            try:
                items = json.loads(self._path.read_bytes()).items()
            except (OSError, ValueError, AttributeError, RecursionError) as error:
                self._condition.is_now(str(error))
            else:
                self._content = {key: value for key, value in items if isinstance(value, str)}
        return self._content

    def write(self, content: dict[str, str]) -> None:
        """Only when it changes. What could not be written is tried again the next time."""
        if self._path is None or content == self._content:
            return
        temporary = self._path.with_suffix(".new")
        try:
            with temporary.open("w") as file:
                json.dump(content, file)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(self._path)
        except OSError as error:
            self._condition.is_now(str(error))
        else:
            self._condition.is_now(None)
            self._content = content
