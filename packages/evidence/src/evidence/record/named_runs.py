"""A run by the name that a person gives, and the names there are."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from evidence.record.run_folder import RunFolder

_LISTED = 10
_LONGEST_NAME = 255
"""Bytes of a folder's name, on Linux and macOS."""


def existing_run(run: str, runs_directory: Path) -> RunFolder:
    """A run by its folder's name, "latest" among them. Raises FileNotFoundError.

    Only a folder that is itself in the runs directory is one: no other path, no link out of it.
    """
    directory = runs_directory.resolve()
    if run and "/" not in run and "\0" not in run and len(os.fsencode(run)) <= _LONGEST_NAME:
        path = (directory / run).resolve()
        if path.is_dir() and path.parent == directory:
            return RunFolder(path)
    known = known_runs(directory)
    raise FileNotFoundError(f"no run {run!r} in {runs_directory} (runs: {known})")


def known_runs(directory: Path) -> str:
    """The names of the runs in there, for a message of one line."""
    names = sorted(
        child.name
        for child in (directory.iterdir() if directory.is_dir() else ())
        if child.is_dir() and not child.is_symlink() and not child.name.startswith(".")
    )
    return listed(names) or "none yet; play a scenario first"


def listed(names: Sequence[str]) -> str:
    """The latest of these names, for a message of one line; empty for none."""
    older = len(names) - _LISTED
    return ", ".join(names[-_LISTED:]) + (f" and {older} older" if older > 0 else "")
