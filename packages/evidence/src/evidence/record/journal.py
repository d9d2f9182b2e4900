"""Lines of JSON that are only ever added: what was done and seen, in the order it happened."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any


def append_lines(path: Path, lines: Iterable[dict[str, Any]]) -> None:
    """Add lines to the end of a file that other processes may be adding to as well.

    Raises OSError when not all of them could be written: the last one may be there in part.
    """
    text = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)
    left = text.encode()
    if left:
        with path.open("ab", buffering=0) as file:
            # One write, so that lines of two writers never mix. A full disk takes a part of it, and
            # says only to the next one that there is no room.
            while left:
                left = left[file.write(left) :]


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The complete lines of a file; none when there is no file.

    A line may be half written, by a process that was killed or is writing now: left out.
    """
    return (line for _, line in placed_lines(path, 0, None))


def placed_lines(path: Path, start: int, end: int | None) -> Iterator[tuple[int, dict[str, Any]]]:
    """The same from one byte to another, each line with the byte at which it ends."""
    if not path.exists():
        return
    with path.open("rb") as file:
        file.seek(start)
        for line in file:
            start += len(line)
            if end is not None and start > end:
                return
            for value in parsed(line):
                yield start, value


def line_number(path: Path, end: int) -> int:
    """The number, from 1, of the line that ends at this byte."""
    with path.open("rb") as file:
        return file.read(end).count(b"\n")


class NewLines:
    """The lines of a file that were not read yet."""

    def __init__(self, path: Path, position: int) -> None:
        self._path = path
        self._position = position

    def new(self) -> Iterator[dict[str, Any]]:
        """Complete lines since the last time; what is half written comes when it is whole."""
        if not self._path.exists():
            return
        with self._path.open("rb") as file:
            file.seek(self._position)
            for line in file:
                if not line.endswith(b"\n"):
                    return
                self._position += len(line)
                yield from parsed(line)


def parsed(line: bytes) -> Iterator[dict[str, Any]]:
    """What a line says; nothing when it is half written, or no object."""
    if not line.endswith(b"\n"):
        return
    with suppress(ValueError):
        value = json.loads(line)
        if isinstance(value, dict):
            yield value


def close_line(path: Path) -> None:
    """End a line that a killed process left half written, so that the next one is whole."""
    if size(path):
        with path.open("a+b") as file:  # to the end, whatever is added meanwhile
            file.seek(-1, os.SEEK_END)
            if file.read() != b"\n":
                file.write(b"\n")


def size(path: Path) -> int:
    """Where the next line will begin."""
    return path.stat().st_size if path.exists() else 0


def journal(path: Path, scenario: str, event: str, **details: Any) -> float:
    """Write one entry; returns its time. Written before what it describes is done.

    `event` is "started", "observing", "mark", "awaiting", "progress", "interrupted" or "stopped".
    """
    at = time.time()
    given = {key: value for key, value in details.items() if value is not None}
    append_lines(path, [{"at": at, "scenario": scenario, "event": event, **given}])
    return at
