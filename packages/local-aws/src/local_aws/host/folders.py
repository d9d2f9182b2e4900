"""Folders: those that only this user may enter, and how their paths are shown."""

from __future__ import annotations

from pathlib import Path


def private_folder(path: Path) -> Path:
    """Make the folder and its missing parents, each 0700 (mkdir would open the parents to all)."""
    for folder in (*reversed(path.parents), path):
        if not folder.is_dir():
            folder.mkdir(mode=0o700, exist_ok=True)
    return path


def shown(path: Path | str) -> str:
    """A path as a line of text can show it, whatever its name holds."""
    text = str(path)
    return text if text.isprintable() else ascii(text)
