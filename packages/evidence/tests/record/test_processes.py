"""A process is known by its pid and its start, and ended as such."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from evidence.record import processes
from evidence.record.processes import ProcessIdentity, end

SLEEP = "import time; print('up', flush=True); time.sleep(60)"
DEAF = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEP}"

Start = Callable[[str], subprocess.Popen[str]]


@pytest.fixture
def start() -> Iterator[Start]:
    started: list[subprocess.Popen[str]] = []

    def start(program: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


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


def test_a_parent_is_known_until_it_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ProcessIdentity.of_parent() == ProcessIdentity.of(os.getppid())
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    monkeypatch.setattr(os, "getppid", lambda: ended.pid)
    with pytest.raises(ProcessLookupError, match="has ended"):
        ProcessIdentity.of_parent()


def test_an_identity_lasts_as_long_as_its_process(start: Start) -> None:
    process = start(SLEEP)
    identity = identity_of(process)
    assert identity.is_running()
    process.kill()
    process.wait()
    assert not identity.is_running()
    assert identity.is_of_this_boot()
    assert ProcessIdentity.of(process.pid) is None


def test_a_zombie_does_not_run(start: Start) -> None:
    process = start(SLEEP)
    identity = identity_of(process)
    process.kill()
    deadline = time.monotonic() + 10
    while identity.is_running() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not identity.is_running()
    assert process.wait() == -9


def test_a_process_is_ended(start: Start) -> None:
    process = start(SLEEP)
    identity = identity_of(process)
    end(identity, grace_seconds=10)
    assert process.wait(10) == -15
    end(identity, grace_seconds=10)  # and ending it again does no harm


def test_one_that_ignores_sigterm_is_killed_when_the_grace_is_over(start: Start) -> None:
    process = start(DEAF)
    began = time.monotonic()
    end(identity_of(process), grace_seconds=0.3)
    assert time.monotonic() - began >= 0.3
    assert process.wait(10) == -9


def test_another_process_with_the_same_pid_is_left_alone(start: Start) -> None:
    process = start(SLEEP)
    end(replace(identity_of(process), started_at="another start"), grace_seconds=0)
    assert process.poll() is None


def test_what_ps_does_not_say_in_time_is_no_end(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    identity = identity_of(start(SLEEP))
    hanging = tmp_path / "ps"
    hanging.write_text("#!/bin/sh\nexec /bin/sleep 60\n")
    hanging.chmod(0o700)
    monkeypatch.setattr(processes, "_HAS_PROC", False)
    monkeypatch.setattr(processes, "_PS", str(hanging))
    monkeypatch.setattr(processes, "_PS_SECONDS", 0.1)
    with pytest.raises(TimeoutError, match=r"ps did not answer within 0.1 s"):
        ProcessIdentity.of(identity.pid)
    assert identity.is_running()
