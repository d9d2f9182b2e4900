"""Processes known by pid and start: a recycled pid is never mistaken for one of ours.

local_aws.host.processes identifies them in the same way, and ends their groups. Each of the two
packages is installed alone, and the few lines are no reason for a third one.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_HAS_PROC = (_PROC / "self/stat").exists()
_PS = "/bin/ps"
_PS_SECONDS = 10.0
_POLL_SECONDS = 0.02
_KILL_SECONDS = 5.0


@dataclass(frozen=True)
class ProcessIdentity:
    """One process for ever: `started_at` distinguishes it from a later one with the same pid.

    `started_at` is opaque text (on Linux the machine's boot id and the start tick, elsewhere the
    start time that ps prints). It may be stored and compared, also by another process.
    """

    pid: int
    started_at: str

    @classmethod
    def of(cls, pid: int) -> ProcessIdentity | None:
        """The identity of a running process; None when there is none (a zombie does not run).

        Raises TimeoutError when ps, where it is needed, does not answer.
        """
        started_at = _read_proc(pid) if _HAS_PROC else _read_ps(pid)
        return None if started_at is None else cls(pid, started_at)

    @classmethod
    def of_parent(cls) -> ProcessIdentity:
        """Of this process's parent. Raises ProcessLookupError when that has just ended."""
        parent = cls.of(os.getppid())
        if parent is None:
            raise ProcessLookupError("the parent of this process has ended")
        return parent

    def is_running(self) -> bool:
        """Whether it runs; it is taken to run while ps, where it is needed, does not answer."""
        try:
            return ProcessIdentity.of(self.pid) == self
        except TimeoutError:
            return True

    def is_of_this_boot(self) -> bool:
        """Whether it started since this machine booted, as far as its identity says when."""
        return self.started_at.rpartition("/")[0] == _boot_id()


def end(process: ProcessIdentity, grace_seconds: float) -> None:
    """End one process: SIGTERM, at most `grace_seconds` of waiting, then SIGKILL.

    Returns when it runs no more; harmless when it has ended or its pid belongs to another process
    by now. Raises TimeoutError when it survives SIGKILL (it hangs inside the kernel), and
    PermissionError when it belongs to another user.
    """
    for number, seconds in ((signal.SIGTERM, grace_seconds), (signal.SIGKILL, _KILL_SECONDS)):
        if not process.is_running():
            return
        try:
            os.kill(process.pid, number)
        except ProcessLookupError:  # it ended meanwhile
            return
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if not process.is_running():
                return
            time.sleep(_POLL_SECONDS)
    if process.is_running():
        raise TimeoutError(f"process {process.pid} is still running after SIGKILL")


def _read_proc(pid: int) -> str | None:
    fields = _stat_fields(pid)
    return None if fields is None or fields[0] in "ZX" else f"{_boot_id()}/{fields[19]}"


def _stat_fields(pid: int) -> list[str] | None:
    """The fields of /proc/PID/stat from the state on; the name before them may hold anything."""
    try:
        return (_PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


def _boot_id() -> str:
    """Linux's name for the time since it booted; empty elsewhere."""
    return (_PROC / "sys/kernel/random/boot_id").read_text().strip() if _HAS_PROC else ""


def _read_ps(pid: int) -> str | None:
    fields = _ps("-o", "stat=,lstart=", "-p", str(pid)).split(maxsplit=1)
    return fields[1].strip() if len(fields) == 2 and not fields[0].startswith("Z") else None


def _ps(*arguments: str) -> str:
    """What ps prints, nothing for a process that is not there. Raises TimeoutError."""
    try:
        return subprocess.run(
            [_PS, *arguments],
            capture_output=True,
            text=True,
            check=False,
            env={"LC_ALL": "C"},
            timeout=_PS_SECONDS,
        ).stdout
    except subprocess.TimeoutExpired:
        raise TimeoutError(f"{_PS} did not answer within {_PS_SECONDS:g} s") from None
