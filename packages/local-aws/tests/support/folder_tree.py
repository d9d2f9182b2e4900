"""What a folder holds, to see whether anything in it has changed."""

from __future__ import annotations

from pathlib import Path

Tree = dict[str, tuple[int, bytes | str]]


def tree(folder: Path) -> Tree:
    """Everything in a folder, itself included: mode and content by path."""
    return {
        str(path): (path.lstat().st_mode, _content(path)) for path in (folder, *folder.rglob("*"))
    }


def _content(path: Path) -> bytes | str:
    if path.is_symlink():
        return str(path.readlink())
    return path.read_bytes() if path.is_file() else b""
