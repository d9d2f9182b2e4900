"""Where rows are shown: a terminal, whose last lines are drawn again and again, or a file."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from typing import TextIO

from narration.drawing import ansi, foot_of, lines_of
from narration.row import Row

_ERASE_LINE = "\r\x1b[2K"
_ERASE_LINE_ABOVE = "\x1b[1A" + _ERASE_LINE
_WITHOUT_CURSOR = ("", "dumb", "unknown")


def is_alive(stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Whether lines can be drawn again there."""
    return stream.isatty() and environment.get("TERM", "") not in _WITHOUT_CURSOR


class Screen:
    """`emit` writes a line; `lock` is held while anything is written, and while Ansible forks.

    The cursor is never hidden: a playbook that is killed could not show it again.
    """

    def __init__(
        self,
        stream: TextIO,
        emit: Callable[[str], None],
        lock: AbstractContextManager[object],
        *,
        alive: bool,
        coloured: bool,
    ) -> None:
        self._stream = stream
        self._emit = emit
        self._lock = lock
        self._is_alive = alive
        self._is_coloured = coloured
        self._drawn = 0

    @property
    def width(self) -> int | None:
        """The columns of the terminal as they are now; None in a file, where lines have no end."""
        return shutil.get_terminal_size().columns if self._is_alive else None

    def say(self, row: Row) -> None:
        """Write a row, once and for all."""
        self.write(ansi(line, self._is_coloured) for line in lines_of(row, self.width))

    def write(self, lines: Iterable[str]) -> None:
        """Write lines as they are."""
        with self._lock:
            self.erase()
            for line in lines:
                self._emit(line)
            # What waits in a buffer is not read by who watches, through a pipe either.
            with suppress(OSError):
                self._stream.flush()

    def draw(self, foot: Sequence[Row]) -> None:
        """Draw the last lines again; without a terminal, nothing."""
        if not self._is_alive:
            return
        with self._lock:
            width = self.width or 0
            lines = [ansi(foot_of(row, width), self._is_coloured) for row in foot]
            if lines or self._drawn:
                self._put(self._erasure() + "\n".join(lines))
                self._drawn = len(lines)

    def erase(self) -> None:
        """Take the drawn lines away, so that something else can be written."""
        with self._lock:
            if self._drawn:
                self._put(self._erasure())
                self._drawn = 0

    def yield_to(self, stream: TextIO) -> None:
        """Whatever else is written there, such as a warning, comes above the drawn lines."""
        if not self._is_alive:
            return
        write = stream.write

        def above(text: str) -> int:
            with self._lock:
                self.erase()
                return write(text)

        stream.write = above  # type: ignore[method-assign]

    def _erasure(self) -> str:
        return _ERASE_LINE + _ERASE_LINE_ABOVE * (self._drawn - 1) if self._drawn else ""

    def _put(self, text: str) -> None:
        # Not through Python's buffer: a fork must find nothing in it.
        with suppress(OSError):
            self._stream.flush()
            os.write(self._stream.fileno(), text.encode(errors="replace"))
