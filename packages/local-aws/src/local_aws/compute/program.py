"""What an instance may run: Python.

The instance's disk is a folder, and no wall keeps its programs from the host. A shell script that
was written for a machine of its own would do its work (`rm -rf /var/lib/app`) on the host; so would
any other program that user data can name. So ExecStart= is the image's Python, a Python of the
disk (a virtual environment), or a script of the disk whose #! line names one of the two.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path, PurePosixPath

from local_aws.compute.systemd_unit import UnitError

_LONGEST_LINE = 256  # of a #! line; Linux: BINPRM_BUF_SIZE


def interpreter(root: Path, unit: str, program: str, on_disk: Path) -> list[str]:
    """The words before ExecStart's arguments, as the host runs them. Raises UnitError.

    `program` is the path that the unit names, `on_disk` where that is on the host.
    """
    if not on_disk.is_file():
        return _python(
            root, unit, program, f"{program} is neither on the instance's disk nor Python"
        )
    if _is_python(root, on_disk):
        return [str(on_disk)]
    if not _is_inside(root, on_disk):
        raise UnitError(f"{unit}: {program} is a link that leads out of the instance's disk")
    if not os.access(on_disk, os.X_OK):
        raise UnitError(f"{unit}: {program} is not executable: give it permissions: '0755'")
    with on_disk.open("rb") as file:
        line = file.readline(_LONGEST_LINE).decode(errors="replace")
    words = line[2:].split(maxsplit=1) if line.startswith("#!") else []
    if words and PurePosixPath(words[0]).name == "env":
        words = words[1].removeprefix("-S").split(maxsplit=1) if len(words) > 1 else []
    if not words:
        raise UnitError(f"{unit}: {program} has no #! line that names Python")
    reason = f"{program} is a script for {words[0]}; the local AWS runs Python only"
    return [*_python(root, unit, words[0], reason), *(w.strip() for w in words[1:]), str(on_disk)]


def _python(root: Path, unit: str, name: str, refusal: str) -> list[str]:
    """The Python that a path, or a bare name, means: one of the disk, or else the image's."""
    candidates = (Path(name), root / name.lstrip("/"))
    for path in candidates:
        if path.is_absolute() and path.is_relative_to(root) and _is_python(root, path):
            return [str(path)]
    if name == sys.executable or PurePosixPath(name).name.startswith("python"):
        return [sys.executable]
    raise UnitError(f"{unit}: {refusal}")


def _is_python(root: Path, path: Path) -> bool:
    """Whether it is this Python: a virtual environment of the disk has a link to it."""
    return not _is_inside(root, path) and os.path.realpath(path) == os.path.realpath(sys.executable)


def _is_inside(root: Path, path: Path) -> bool:
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root))
