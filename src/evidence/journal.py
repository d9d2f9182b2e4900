"""Lines of JSON that are only ever added: what was done and seen, in the order it happened."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any


def append_lines(path: Path, lines: Iterable[dict[str, Any]]) -> None:
    """Add lines to the end of a file that other processes may be adding to as well."""
    text = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)
    if text:
        with path.open("ab", buffering=0) as file:  # one write: lines of two writers never mix
            file.write(text.encode())


def read_lines(path: Path, start: int = 0, end: int | None = None) -> Iterator[dict[str, Any]]:
    """The complete lines of a file, from one byte to another; none when there is no file.

    The last line may be half written, by a process that was killed or is writing now: left out.
    """
    if not path.exists():
        return
    with path.open("rb") as file:
        file.seek(start)
        content = file.read() if end is None else file.read(end - start)
        for line in content.splitlines(keepends=True):
            if line.endswith(b"\n"):
                yield json.loads(line)


def size(path: Path) -> int:
    """Where the next line will begin."""
    return path.stat().st_size if path.exists() else 0


def journal(path: Path, scenario: str, event: str, **details: Any) -> float:
    """Write one entry; returns its time. Written before the thing it tells of is done.

    `event` is "started", "mark", "awaiting", "progress" or "stopped".
    """
    at = time.time()
    given = {key: value for key, value in details.items() if value is not None}
    append_lines(path, [{"at": at, "scenario": scenario, "event": event, **given}])
    return at
