"""`local-aws` that is interrupted or killed while it starts, and what that leaves."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from local_aws_command import COMMAND, LEFT_BEHIND, LocalAws, eventually
from process_tree import all_processes_below

from local_aws.host.processes import ProcessIdentity
from local_aws.state.state_directory import StateDirectory

on_linux = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="reads /proc")


def is_running(pid: int) -> bool:
    return ProcessIdentity.of(pid) is not None


def test_ctrl_c_while_starting_leaves_nothing(local_aws: LocalAws) -> None:
    process = local_aws.popen("start", "--port", "0")
    eventually(lambda: (local_aws.home / "daemon.log").exists())
    os.killpg(process.pid, signal.SIGINT)  # what a terminal does
    process.communicate(timeout=60)
    assert process.returncode == 130
    log = (local_aws.home / "daemon.log").read_text()
    assert not (local_aws.home / "running.json").exists(), log
    assert local_aws.run("stop") == "local AWS was not running\n"


def test_ctrl_c_when_the_daemon_has_just_started_a_process_leaves_nothing(
    local_aws: LocalAws,
) -> None:
    starter = local_aws.popen("start", "--port", "0")
    started = first_process(local_aws)
    # In its first moments only its record shows whose it is.
    os.kill(started.pid, signal.SIGSTOP)
    os.killpg(starter.pid, signal.SIGINT)
    starter.communicate(timeout=60)
    assert starter.returncode == 130
    assert not started.is_running()
    assert {entry.name for entry in local_aws.home.iterdir()} == LEFT_BEHIND


def first_process(local_aws: LocalAws) -> ProcessIdentity:
    """What the daemon starts first, as soon as it is on record."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for record in local_aws.home.glob("processes/*.json"):
            with contextlib.suppress(ValueError):  # it is being written
                facts = json.loads(record.read_text())
                return ProcessIdentity(facts["pid"], facts["started_at"])
    raise AssertionError("the daemon has started nothing")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_in_the_foreground_it_ends_in_silence_while_starting(
    local_aws: LocalAws, number: signal.Signals
) -> None:
    daemon = local_aws.popen("start", "--port", "0", "--foreground")
    started = first_process(local_aws)
    os.kill(daemon.pid, number)
    assert daemon.communicate(timeout=60) == ("", "")
    assert daemon.returncode == 128 + number
    assert not started.is_running()
    assert {entry.name for entry in local_aws.home.iterdir()} <= LEFT_BEHIND


def test_in_the_foreground_ctrl_c_ends_it_in_silence_from_its_first_moment(
    local_aws: LocalAws,
) -> None:
    daemon = local_aws.popen("start", "--port", "0", "--foreground")
    eventually(lambda: b"local_aws" in Path(f"/proc/{daemon.pid}/cmdline").read_bytes())
    os.kill(daemon.pid, signal.SIGINT)
    assert daemon.communicate(timeout=60) == ("", "")
    assert StateDirectory(local_aws.home).owner() is None


@pytest.mark.parametrize("status", [-signal.SIGINT, 0], ids=["heard", "ignored"])
def test_ctrl_c_while_the_command_is_imported_ends_it_in_silence(
    local_aws: LocalAws, status: int
) -> None:
    """One that a caller ignores, such as a script that runs it in the background, stays so."""
    program = """
import os, signal, sys
from importlib.abc import MetaPathFinder
signal.signal(signal.SIGINT, HANDLER)
class Interrupt(MetaPathFinder):
    def find_spec(self, name, *_):
        if name == "local_aws.command_line":
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Interrupt())
from local_aws import command
command.main()
"""
    handler = "signal.default_int_handler" if status else "signal.SIG_IGN"
    ended = subprocess.run(
        [sys.executable, "-c", program.replace("HANDLER", handler), "stop"],
        env=local_aws.environment,
        capture_output=True,
        check=False,
        timeout=60,
        text=True,
    )
    assert (ended.returncode, ended.stderr) == (status, "")


def test_ctrl_c_at_the_moment_the_daemon_begins_leaves_nothing(local_aws: LocalAws) -> None:
    program = """
import os, signal, subprocess
from local_aws import cli
class Popen(subprocess.Popen):
    def __init__(self, *command, **options):
        super().__init__(*command, **options)
        os.kill(os.getpid(), signal.SIGINT)
subprocess.Popen = Popen
signal.signal(signal.SIGINT, signal.default_int_handler)  # the tests may run in the background
cli.main()
"""
    ended = subprocess.run(
        [sys.executable, "-c", program, "start", "--port", "0"],
        env=local_aws.environment,
        check=False,
        timeout=60,
    )
    assert ended.returncode == 130
    assert StateDirectory(local_aws.home).owner() is None


def start_and_kill_the_starter(local_aws: LocalAws) -> ProcessIdentity:
    """The daemon that `start` had begun when it was killed."""
    starter = local_aws.popen("start", "--port", "0")
    state = StateDirectory(local_aws.home)
    daemon = eventually(lambda: (owner := state.owner()) and owner.pid != starter.pid and owner)
    starter.kill()
    starter.communicate(timeout=60)
    assert isinstance(daemon, ProcessIdentity)
    return daemon


def test_ctrl_c_after_the_start_leaves_all_of_it(local_aws: LocalAws) -> None:
    """The command has still to say so, to somebody who does not read."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    with contextlib.suppress(BlockingIOError):
        while os.write(writer, b" " * 4096):
            pass
    os.set_blocking(writer, True)
    process = subprocess.Popen(
        [COMMAND, "start", "--port", "0"],
        env=local_aws.environment,
        stdout=writer,
        preexec_fn=functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    )
    os.close(writer)
    eventually(lambda: _ignores(process.pid, signal.SIGINT))

    process.send_signal(signal.SIGINT)

    with os.fdopen(reader) as said:
        assert "local AWS runs at" in said.read()
    assert process.wait(30) == 0
    assert local_aws.run("status")


def _ignores(pid: int, number: signal.Signals) -> bool:
    """SigIgn of proc_pid_status(5): a mask, the lowest bit for signal 1."""
    status = Path(f"/proc/{pid}/status").read_text()
    mask = int(status.partition("SigIgn:")[2].split()[0], 16)
    return bool(mask >> (number - 1) & 1)


def test_stop_ends_a_daemon_that_does_not_answer_yet(local_aws: LocalAws) -> None:
    daemon = start_and_kill_the_starter(local_aws)
    assert daemon.is_running()
    assert local_aws.run("stop") == "local AWS stopped\n"
    assert not daemon.is_running()


def test_a_daemon_that_nobody_waits_for_ends_by_itself(local_aws: LocalAws) -> None:
    daemon = start_and_kill_the_starter(local_aws)
    eventually(lambda: not daemon.is_running())
    assert {entry.name for entry in local_aws.home.iterdir()} == LEFT_BEHIND


@on_linux
def test_after_sigkill_the_next_start_ends_what_is_left(local_aws: LocalAws) -> None:
    local_aws.start()
    local_aws.run_service("web")
    daemon = local_aws.running["pid"]
    started = all_processes_below(daemon)
    assert len(started) >= 2  # Envoy and an instance
    os.kill(daemon, signal.SIGKILL)
    eventually(lambda: not is_running(daemon))

    lost, running, _ = local_aws.start().splitlines()
    assert "its stacks, data and instances are gone" in lost
    assert running.startswith("local AWS runs at")

    assert not [pid for pid in started if is_running(pid)]
    assert local_aws.status()["instances"] == []
