"""The mark of a state folder of ours: put into it when we created it or found it empty.

The mark holds the inode numbers of its folder, of itself, and of those folders above it that were
created with it. So it moves with a folder that is renamed, and says nothing in a copy (`cp -a`, a
backup put back), nor behind a link. The number of the device is not in it: that changes when a
machine boots.
"""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

NAME = "made-by-local-aws"
_MEANING = "local-aws made this folder or found it empty, and removes from it what it made there"


def put(folder: Path, created: bool, above: int = 0) -> None:
    """Mark an empty folder that we `created` or found; nobody else does meanwhile. OSError.

    `above`: how many of the folders it is in were created with it.
    """
    path = folder / NAME
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    try:
        parents = [parent.stat().st_ino for parent in folder.absolute().parents[:above]]
        content = {"meaning": _MEANING, "created": created, "parents": parents}
        content |= _numbers(folder, descriptor)
        os.write(descriptor, json.dumps(content).encode())
    except BaseException:
        path.unlink()
        raise
    finally:
        os.close(descriptor)


def is_on(folder: Path) -> bool:
    """Whether the folder carries a mark that was put on this very folder."""
    return _read(folder) is not None


def says_created(folder: Path) -> bool:
    """Whether the folder was made by us, and not only found empty."""
    found = _read(folder)
    return found is not None and bool(found.get("created"))


def created_parents(folder: Path) -> list[Path]:
    """The folders above it that were created with it, the nearest first.

    None where it was moved away from them; one of an older mark, which does not say it, has none.
    """
    found = _read(folder) or {}
    numbers = found.get("parents")
    parents = list(folder.absolute().parents)[: len(numbers)] if isinstance(numbers, list) else []
    return parents if [parent.stat().st_ino for parent in parents] == numbers else []


def _read(folder: Path) -> dict[str, object] | None:
    try:
        descriptor = os.open(folder / NAME, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        found = dict(json.loads(os.read(descriptor, 4096)))
        return found if _numbers(folder, descriptor).items() <= found.items() else None
    except (ValueError, TypeError):
        return None
    finally:
        os.close(descriptor)


def was_begun(folder: Path) -> bool:
    """Whether an empty mark is all there is: the process that was writing it was killed."""
    return is_all_in(folder) and (folder / NAME).lstat().st_size == 0


def is_all_in(folder: Path) -> bool:
    """Whether there is nothing but the mark in the folder."""
    return [path.name for path in folder.iterdir()] == [NAME]


def _numbers(folder: Path, mark: int) -> dict[str, int]:
    return {"folder": folder.stat().st_ino, "mark": os.fstat(mark).st_ino}
