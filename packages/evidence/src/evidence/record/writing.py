"""Writing the files of a run: in one step, and what is said when there is no room."""

from __future__ import annotations

import os
from pathlib import Path

_ROOM_BYTES = 65_536
"""What the records of a tenth of a second take at 200 requests a second, and more."""


def write_whole(path: Path, text: str) -> None:
    """Write or replace a file in one step: a reader never sees half of it.

    Raises OSError, and leaves what was there, when it cannot be written.
    """
    temporary = path.with_name(f".{path.name}-{os.getpid()}")
    try:
        temporary.write_text(text)
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


def require_room(folder: Path) -> None:
    """Raise OSError when no more can be recorded: a full disk, a quota, rights that were taken.

    The journal may still take a line in its last block when the other records take none.
    """
    probe = folder / f".room-{os.getpid()}"
    try:
        probe.write_bytes(bytes(_ROOM_BYTES))
    finally:
        probe.unlink(missing_ok=True)


def not_recorded(error: OSError, runs_directory: Path) -> str:
    """In one line, what the system said when a file of a run was to be read or written."""
    where = error.filename or runs_directory
    return (
        f"The run cannot be recorded: {where}: {error.strerror}. Give it room and rights "
        f"below {runs_directory}, then play it again"
    )
