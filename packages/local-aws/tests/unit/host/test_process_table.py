"""Every process is on record before it does anything, and is found after the daemon was killed."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from local_aws.host.process_table import Child, ProcessTable
from local_aws.host.processes import ProcessIdentity

DAEMON = """
import sys, time
from pathlib import Path
from local_aws.host.process_table import ProcessTable

directory = Path(sys.argv[1])
with (directory / "log").open("ab") as log:
    child = ProcessTable(directory).start(
        [sys.executable, "-c", sys.argv[2]], environment={}, directory=directory, output=log
    )
print(child.pid, flush=True)
time.sleep(60)
"""
STARTS_ANOTHER = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
open("grandchild", "w").write(str(child.pid))
time.sleep(60)
"""


def start(directory: Path, program: str, **environment: str) -> Child:
    with (directory / "log").open("ab") as log:
        return ProcessTable(directory).start(
            [sys.executable, "-c", program],
            environment=environment,
            directory=directory,
            output=log,
        )


def records(directory: Path) -> list[Path]:
    return list((directory / "processes").iterdir())


def wait_until(condition: object) -> None:
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_child_is_recorded_and_forgotten(tmp_path: Path) -> None:
    child = start(tmp_path, "import time; time.sleep(60)")
    (record,) = records(tmp_path)
    assert json.loads(record.read_text())["pid"] == child.pid
    assert child.is_running()
    child.end(grace_seconds=5)
    assert not child.is_running()
    assert records(tmp_path) == []


def test_child_gets_only_what_it_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "the user's own")
    program = "import os, sys; print(dict(os.environ), os.getcwd(), repr(sys.stdin.read()))"
    assert start(tmp_path, program, LANG="C.UTF-8").wait() == 0
    assert (tmp_path / "log").read_text() == f"{{'LANG': 'C.UTF-8'}} {tmp_path} ''\n"


def test_child_leads_a_session_and_has_default_signals(tmp_path: Path) -> None:
    program = (
        "import os, signal; print(os.getsid(0) == os.getpid(), os.umask(0) == 0o077,"
        "open('/proc/self/status').read().split('SigIgn:')[1].split()[0])"
    )
    # Python itself ignores SIGPIPE and SIGXFSZ once it runs; nothing else may be.
    child = start(tmp_path, program, LC_ALL="C")
    assert child.wait() == 0
    leads, masked, ignored = (tmp_path / "log").read_text().split()
    assert (leads, masked) == ("True", "True")
    # A program can reset only what signal(7) lists: glibc keeps 32 and 33 for itself.
    own = {number for number in signal.valid_signals() if int(ignored, 16) >> number - 1 & 1}
    assert own <= {signal.SIGPIPE, signal.SIGXFSZ}


def test_status_and_missing_program(tmp_path: Path) -> None:
    assert start(tmp_path, "raise SystemExit(7)").wait() == 7
    with (tmp_path / "log").open("ab") as log:
        child = ProcessTable(tmp_path).start(
            ["/no/such/program"], environment={}, directory=tmp_path, output=log
        )
    assert child.wait() == 1
    assert "cannot start /no/such/program: No such file" in (tmp_path / "log").read_text()


def test_what_a_child_leaves_behind_ends_with_it(tmp_path: Path) -> None:
    child = start(tmp_path, STARTS_ANOTHER.replace("time.sleep(60)\n", "\n"))
    assert child.wait() == 0
    grandchild = int((tmp_path / "grandchild").read_text())
    wait_until(lambda: ProcessIdentity.of(grandchild) is None)


def test_leftovers_of_a_killed_daemon_are_ended(tmp_path: Path) -> None:
    daemon = subprocess.Popen(
        [sys.executable, "-c", DAEMON, str(tmp_path), STARTS_ANOTHER],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": "src"},
    )
    child = ProcessIdentity.of(int(daemon.stdout.readline()))
    wait_until(lambda: (tmp_path / "grandchild").exists() and records(tmp_path))
    wait_until(lambda: (tmp_path / "grandchild").read_text())
    grandchild = ProcessIdentity.of(int((tmp_path / "grandchild").read_text()))
    daemon.send_signal(signal.SIGKILL)
    daemon.wait()
    daemon.stdout.close()
    if sys.platform == "linux":
        wait_until(lambda: not child.is_running())  # with its parent
    assert grandchild.is_running()
    ProcessTable(tmp_path).end_leftovers()
    assert not child.is_running()
    assert not grandchild.is_running()
    assert records(tmp_path) == []


def test_nothing_begins_for_a_daemon_that_has_died_meanwhile(tmp_path: Path) -> None:
    """It was killed when its child was let go, but had not done its first step yet."""
    halted_at_once = """
import os, signal, subprocess
class Popen(subprocess.Popen):
    def __init__(self, *command, **options):
        super().__init__(*command, **options)
        os.kill(self.pid, signal.SIGSTOP)
subprocess.Popen = Popen
"""
    daemon = subprocess.Popen(
        [sys.executable, "-c", halted_at_once + DAEMON, str(tmp_path), "open('begun', 'w')"],
        stdout=subprocess.PIPE,
    )
    child = ProcessIdentity.of(int(daemon.stdout.readline()))
    daemon.kill()
    daemon.wait()
    daemon.stdout.close()

    with contextlib.suppress(ProcessLookupError):
        os.kill(child.pid, signal.SIGCONT)

    wait_until(lambda: not child.is_running())
    assert not (tmp_path / "begun").exists()


def test_record_cut_short_by_a_kill_is_no_obstacle(tmp_path: Path) -> None:
    table = ProcessTable(tmp_path)
    (tmp_path / "processes").mkdir()
    (tmp_path / "processes/4711.json").write_text('{"pid": 47')
    assert table.end_leftovers() == []
    assert records(tmp_path) == []


def test_process_that_has_a_recorded_pid_by_now_is_left_alone(tmp_path: Path) -> None:
    child = start(tmp_path, "import time; time.sleep(60)")
    (record,) = records(tmp_path)
    record.write_text(record.read_text().replace(child.identity.started_at, "long ago"))
    assert ProcessTable(tmp_path).end_leftovers() == []
    assert child.is_running()
    child.end(grace_seconds=0)
