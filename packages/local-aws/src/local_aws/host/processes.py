"""Processes known by pid and start: a recycled pid is never mistaken for one of ours."""

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

    def is_running(self) -> bool:
        """Whether it runs; it is taken to run while ps, where it is needed, does not answer."""
        try:
            return ProcessIdentity.of(self.pid) == self
        except TimeoutError:
            return True


def end(identity: ProcessIdentity, grace_seconds: float) -> None:
    """End the process and, when it leads a process group, its whole group.

    SIGTERM, at most `grace_seconds` of waiting, then SIGKILL. Returns when nothing is left;
    harmless when the process has ended or its pid belongs to another process by now. Raises
    TimeoutError when the processes survive SIGKILL (they hang inside the kernel), or when ps, where
    it is needed, does not answer.
    """
    for sent, seconds in ((signal.SIGTERM, grace_seconds), (signal.SIGKILL, _KILL_SECONDS)):
        if not _signal(identity, sent):
            return
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            # The leader's own state is one small read; the group is looked up only once it is gone.
            if not identity.is_running() and not _members(identity):
                return
            time.sleep(_POLL_SECONDS)
    raise TimeoutError(f"process {identity.pid} is still running after SIGKILL")


def _signal(identity: ProcessIdentity, number: signal.Signals) -> bool:
    """Send the signal to what is left of the process and its group; False when nothing is."""
    pids = _members(identity)
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:  # ended meanwhile
            continue
    return bool(pids)


def _members(identity: ProcessIdentity) -> list[int]:
    """The process and the members of the group it leads or led.

    A pid is not given out again while a group of that number exists. So when the leader is gone
    and the group is not, the group is still the leader's; when another process has the pid, the
    group is not ours any more.
    """
    now = ProcessIdentity.of(identity.pid)
    if now is not None and now != identity:
        return []
    members = _group(identity.pid)
    return members if now is None or identity.pid in members else [identity.pid]


def _group(number: int) -> list[int]:
    """The pids of all running processes of one process group."""
    if _HAS_PROC:
        found = []
        for entry in _PROC.iterdir():
            if not entry.name.isdigit():
                continue
            fields = _stat_fields(int(entry.name))
            if fields is not None and fields[0] not in "ZX" and int(fields[2]) == number:
                found.append(int(entry.name))
        return found
    listing = _ps("-axo", "pid=,pgid=,stat=", check=True)
    rows = (line.split() for line in listing.splitlines())
    return [
        int(pid) for pid, group, state in rows if int(group) == number and not state.startswith("Z")
    ]


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


def _ps(*arguments: str, check: bool = False) -> str:
    """What ps prints. Raises TimeoutError, and with `check` CalledProcessError when it fails."""
    try:
        return subprocess.run(
            [_PS, *arguments],
            capture_output=True,
            text=True,
            check=check,
            env={"LC_ALL": "C"},
            timeout=_PS_SECONDS,
        ).stdout
    except subprocess.TimeoutExpired:
        raise TimeoutError(f"{_PS} did not answer within {_PS_SECONDS:g} s") from None
