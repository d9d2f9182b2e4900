"""Processes are ended by pid and start time, with all they started, and never by pid alone."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from local_aws.host import processes
from local_aws.host.processes import ProcessIdentity

WITH_CHILD = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(child.pid, flush=True)
time.sleep(60)
"""
DEAF = """
import signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("deaf", flush=True)
time.sleep(60)
"""

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start() -> Iterator[Start]:
    started = []

    def start(program: str, **options: object) -> subprocess.Popen[str]:
        options = {"start_new_session": True} | options
        process = subprocess.Popen(
            [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, **options
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.fixture(params=["proc", "ps"], autouse=True)
def source(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything holds with /proc and, as on macOS, with ps."""
    if request.param == "proc" and not processes._HAS_PROC:
        pytest.skip("no /proc here")
    monkeypatch.setattr(processes, "_HAS_PROC", request.param == "proc")


def identity_of(process: subprocess.Popen[str]) -> ProcessIdentity:
    identity = ProcessIdentity.of(process.pid)
    assert identity is not None
    return identity


def test_identity_lasts_as_long_as_the_process(start: Start) -> None:
    process = start("import time; time.sleep(60)")
    identity = identity_of(process)
    assert identity.is_running()
    process.kill()
    process.wait()
    assert not identity.is_running()
    assert ProcessIdentity.of(process.pid) is None


def test_zombie_does_not_run(start: Start) -> None:
    process = start("input()", stdin=subprocess.PIPE)
    identity = identity_of(process)
    process.stdin.close()
    deadline = time.monotonic() + 5
    while identity.is_running() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not identity.is_running()


def test_end_takes_what_the_process_started_with_it(start: Start) -> None:
    process = start(WITH_CHILD)
    child = ProcessIdentity.of(int(process.stdout.readline()))
    processes.end(identity_of(process), grace_seconds=5)
    assert process.wait() == -15
    assert not child.is_running()


def test_end_finds_what_a_dead_process_left(start: Start) -> None:
    process = start(WITH_CHILD)
    identity = identity_of(process)
    child = ProcessIdentity.of(int(process.stdout.readline()))
    process.kill()
    process.wait()
    assert child.is_running()
    processes.end(identity, grace_seconds=5)
    assert not child.is_running()


def test_sigkill_follows_when_the_grace_is_over(start: Start) -> None:
    process = start(DEAF)
    process.stdout.readline()
    started = time.monotonic()
    processes.end(identity_of(process), grace_seconds=0.3)
    assert 0.3 <= time.monotonic() - started < 3
    assert process.wait() == -9


def test_another_process_with_the_same_pid_is_left_alone(start: Start) -> None:
    process = start("import time; time.sleep(60)")
    processes.end(replace(identity_of(process), started_at="another time"), grace_seconds=0)
    assert process.poll() is None


def test_process_in_the_group_of_another_is_ended_alone(start: Start) -> None:
    """A daemon in the foreground is in its shell's or make's group."""
    process = start("import time; time.sleep(60)", start_new_session=False)
    processes.end(identity_of(process), grace_seconds=5)
    assert process.wait() == -15


def test_what_ps_does_not_say_in_time_is_no_end(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    identity = identity_of(start(DEAF))
    hanging = tmp_path / "ps"
    hanging.write_text("#!/bin/sh\nexec /bin/sleep 60\n")
    hanging.chmod(0o700)
    monkeypatch.setattr(processes, "_HAS_PROC", False)
    monkeypatch.setattr(processes, "_PS", str(hanging))
    monkeypatch.setattr(processes, "_PS_SECONDS", 0.1)
    with pytest.raises(TimeoutError, match=r"ps did not answer within 0.1 s"):
        ProcessIdentity.of(identity.pid)
    assert identity.is_running()
