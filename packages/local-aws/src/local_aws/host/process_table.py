"""Every process the local AWS starts, on record before it does anything.

`<state directory>/processes/` holds one small file per running process with its pid and start
time. The daemon may be killed at any moment: the next one finds here what is left and ends it.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO

from local_aws.host import processes
from local_aws.host.folders import private_folder
from local_aws.host.processes import ProcessIdentity

_LAUNCH = str(Path(__file__).with_name("launch.py"))

# Linux kills a child marked with PR_SET_PDEATHSIG when the *thread* that started it ends. So one
# thread that lives as long as the daemon starts them all.
_starter = ThreadPoolExecutor(max_workers=1, thread_name_prefix="process-starter")


class Child:
    """A running child process that leads its own session and process group."""

    def __init__(self, popen: subprocess.Popen[bytes], record: Path) -> None:
        self._popen = popen
        self._record = record
        # A child of ours keeps its pid until we wait for it, even when it ended at once.
        self.identity = ProcessIdentity.of(popen.pid) or ProcessIdentity(popen.pid, "ended")

    @property
    def pid(self) -> int:
        return self.identity.pid

    def is_running(self) -> bool:
        """Whether it runs; a child that has ended is reaped."""
        return self._popen.poll() is None

    def wait(self) -> int:
        """Wait for its end and return its status, as subprocess gives it (-9: SIGKILL)."""
        status = self._popen.wait()
        # What it started and left behind has no owner any more.
        processes.end(self.identity, grace_seconds=0)
        self._record.unlink(missing_ok=True)
        return status

    def end(self, grace_seconds: float) -> None:
        """SIGTERM, then SIGKILL after the grace, to it and all it started; returns when gone."""
        processes.end(self.identity, grace_seconds)
        self._popen.wait()
        self._record.unlink(missing_ok=True)


class ProcessTable:
    """Starts processes and records them below the state folder."""

    def __init__(self, state_directory: Path) -> None:
        self._directory = state_directory / "processes"

    def start(
        self,
        command: list[str],
        *,
        environment: Mapping[str, str],
        directory: Path,
        output: BinaryIO,
    ) -> Child:
        """Start `command` (an absolute path and its arguments, no shell) and return the child.

        `environment` is all it gets; both its output streams go to `output`. A program that
        cannot be executed ends with status 1 and says so there. Raises OSError when there is no
        memory, process slot or `directory`.
        """
        return _starter.submit(self._start, command, environment, directory, output).result()

    def _start(
        self, command: list[str], environment: Mapping[str, str], directory: Path, output: BinaryIO
    ) -> Child:
        records = private_folder(self._directory)
        popen = subprocess.Popen(
            [sys.executable, "-I", "-S", _LAUNCH, str(os.getpid()), *command],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(environment),
            cwd=directory,
            start_new_session=True,
        )
        child = Child(popen, records / f"{popen.pid}.json")
        record = json.dumps({**asdict(child.identity), "command": command})
        child._record.write_text(record)
        assert popen.stdin is not None  # noqa: S101 - for the type checker: a pipe was asked for
        with contextlib.suppress(BrokenPipeError), popen.stdin:
            popen.stdin.write(b"\n")
        return child

    def end_leftovers(self) -> list[str]:
        """End what an earlier daemon left running; return the programs that had to be ended."""
        ended = []
        for record in sorted(self._directory.glob("*.json")):
            try:
                facts = json.loads(record.read_text())
                identity = ProcessIdentity(int(facts["pid"]), str(facts["started_at"]))
            except (ValueError, KeyError, TypeError):
                # Cut short by the kill: the process had not been let go, and ended by itself.
                record.unlink()
                continue
            if identity.is_running():
                ended.append(" ".join(facts["command"]))
            processes.end(identity, grace_seconds=2)
            record.unlink()
        return ended
