"""`local-aws start --with-process`, and `remove`: what is made for one process goes with it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest
from local_aws_command import LocalAws, eventually

from local_aws.host.processes import ProcessIdentity
from local_aws.state.state_directory import StateDirectory


@pytest.fixture
def process() -> Iterator[subprocess.Popen[bytes]]:
    """A process that lasts as long as it is let."""
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    yield process
    process.kill()
    process.communicate()


@pytest.fixture
def local_aws(tmp_path: Path) -> Iterator[LocalAws]:
    local_aws = LocalAws(tmp_path / "homes" / "a home")
    local_aws.home.parent.mkdir()
    yield local_aws
    local_aws.stop()


def test_it_ends_with_its_process_however_that_ends(
    local_aws: LocalAws, process: subprocess.Popen[bytes]
) -> None:
    local_aws.start("--with-process", str(process.pid))
    daemon = StateDirectory(local_aws.home).owner()
    assert daemon

    process.send_signal(signal.SIGKILL)

    eventually(lambda: not daemon.is_running())
    assert f"stopping: process {process.pid} has ended" in local_aws.run("logs")
    assert local_aws.run("stop") == "local AWS was not running\n"


def test_a_process_that_does_not_run_is_refused(local_aws: LocalAws) -> None:
    for pid in ("999999999", "0", "-1", "x"):
        said = local_aws.run("start", f"--with-process={pid}", status=2)
        assert f"'{pid}' is not the pid of a running process" in said
    assert not local_aws.home.exists()


def test_only_what_is_not_used_is_removed(local_aws: LocalAws) -> None:
    foreign = local_aws.home.parent / "foreign"
    foreign.mkdir()
    (foreign / "daemon.log").write_text("important")
    local_aws.start()

    said = local_aws.run("remove", status=1)
    assert "a local AWS uses" in said
    said = local_aws.run("remove", "--unused-below", str(local_aws.home.parent))
    assert said == f"no folder in {local_aws.home.parent} is an unused one of local-aws\n"
    assert StateDirectory(local_aws.home).read_running()
    local_aws.stop()
    said = local_aws.run("remove", "--unused-below", str(local_aws.home.parent))
    assert said == f"removed {local_aws.home}\n"

    assert list(local_aws.home.parent.iterdir()) == [foreign]
    assert (foreign / "daemon.log").read_text() == "important"
    assert local_aws.run("remove") == f"there is no folder of local-aws at {local_aws.home}\n"


def test_what_a_killed_one_had_started_ends_before_its_folder_is_removed(
    local_aws: LocalAws, process: subprocess.Popen[bytes]
) -> None:
    with StateDirectory(local_aws.home).made():
        record = local_aws.home / "processes" / f"{process.pid}.json"
        record.parent.mkdir()
        identity = ProcessIdentity.of(process.pid)
        assert identity
        record.write_text(json.dumps({**asdict(identity), "command": ["left behind"]}))

    local_aws.run("remove")

    assert process.wait(10) == -signal.SIGTERM
    assert not local_aws.home.exists()
