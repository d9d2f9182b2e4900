"""The file that keeps what Ansible says: in its run's folder once there is a run."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import TextIO

NAME = "ansible.log"


class LogFile:
    """Begins in the runs directory as ansible-<pid>.log, and moves into the run's folder.

    Of a playbook that makes no run, it becomes ansible.log there when the playbook ends: the
    latest one is kept. Of one that was killed before, it stays under its first name. Only its
    owner may read it.
    """

    def __init__(self, runs_directory: Path, pid: int) -> None:
        """Raises OSError when it cannot be written there."""
        runs_directory.mkdir(parents=True, exist_ok=True)
        self._runs_directory = runs_directory
        self._is_in_run = False
        self.path = _first(runs_directory, pid)
        self.path.unlink(missing_ok=True)
        self._file = _created(self.path)

    def write(self, text: str) -> None:
        self._file.write(text + "\n")
        self._file.flush()

    def move_to(self, run_folder: Path) -> None:
        """Go on in this folder; it may be on another disk. A second time changes nothing.

        Raises OSError, and leaves the file where it was, when that disk does not take it.
        """
        if self._is_in_run or not run_folder.is_dir():
            return
        before, after = self.path, run_folder / NAME
        file = _created(after)
        try:
            with before.open(encoding="utf-8") as written:
                shutil.copyfileobj(written, file)
            file.flush()
        except OSError:
            after.unlink(missing_ok=True)
            with suppress(OSError):  # it tries to write once more
                file.close()
            raise
        self._file.close()
        self._file, self.path, self._is_in_run = file, after, True
        before.unlink(missing_ok=True)

    def close(self) -> None:
        """Keep what the disk took. Raises OSError when it cannot get its last name."""
        with suppress(OSError):  # of a full disk; whoever wrote last was told
            self._file.close()
        if not self._is_in_run:
            self.path = self.path.replace(self._runs_directory / NAME)


def kept(runs_directory: Path, pid: int, run_folder: Path | None) -> Path | None:
    """Where the log of this process is once it has ended; None when none could be written."""
    if run_folder:
        return run_folder / NAME if (run_folder / NAME).exists() else None
    return runs_directory / NAME if _first(runs_directory, pid).exists() else None


def _first(runs_directory: Path, pid: int) -> Path:
    return runs_directory / f"ansible-{pid}.log"


def _created(path: Path) -> TextIO:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    return open(descriptor, "a", encoding="utf-8", errors="backslashreplace")  # noqa: PTH123
