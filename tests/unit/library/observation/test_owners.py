"""An observation belongs to the ansible-playbook that started it, and ends with it."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from evidence.observe import observation
from evidence.observe.configuration import ObserverConfig, Subject
from evidence.record.processes import ProcessIdentity
from evidence.record.run_folder import create_run, run_of

ROOT = Path(__file__).resolve().parents[4]


def config(runs: Path, url: str, subject: Subject, owner: ProcessIdentity) -> ObserverConfig:
    return ObserverConfig(
        scenario="healthy",
        run_folder=str((run_of(owner, runs) or create_run(owner, runs)).path),
        url=url,
        rate=20,
        timeout_seconds=1,
        sample_interval_seconds=0.2,
        limit_seconds=60,
        owner=owner,
        subject=subject,
        settings={},
    )


def ended(identity: ProcessIdentity, within_seconds: float) -> bool:
    deadline = time.monotonic() + within_seconds
    while identity.is_running() and time.monotonic() < deadline:
        time.sleep(0.02)
    return not identity.is_running()


@pytest.fixture
def playbook() -> Iterator[subprocess.Popen[bytes]]:
    """A process that stands for a playbook: it runs until its input is closed."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield process
        process.kill()


def identity(process: subprocess.Popen[bytes]) -> ProcessIdentity:
    found = ProcessIdentity.of(process.pid)
    assert found is not None
    return found


def test_a_run_belongs_to_its_ansible_playbook_not_to_the_shell_around_it(
    options: dict[str, Any], runs: Path, tmp_path: Path
) -> None:
    play = tmp_path / "play.yml"
    parent = {"debug": {"msg": "playbook {{ lookup('pipe', 'ps -o ppid= -p $PPID') }}"}}
    tasks = [{"observation": options}, parent]
    play.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]))
    ansible_playbook = Path(sys.executable).with_name("ansible-playbook")

    done = subprocess.run(
        ["/bin/sh", "-c", f"'{ansible_playbook}' '{play}'; exit $?"],
        env=os.environ | {"ANSIBLE_NOCOLOR": "1", "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg")},
        capture_output=True,
        text=True,
        check=False,
    )

    # The shell of a lookup runs below the fork that plays the task.
    said = re.search(r"playbook +(\d+)", done.stdout)
    assert said, done.stdout + done.stderr
    owner = json.loads((runs / "latest/run.json").read_text())["owner"]
    assert owner["pid"] == int(said[1])
    for left in observation.running_observers(runs):
        assert ended(left.process, 10)


def test_the_observer_ends_with_its_playbook(
    runs: Path, url: str, subject: Subject, playbook: subprocess.Popen[bytes]
) -> None:
    observer = observation.start(config(runs, url, subject, identity(playbook)))
    assert observer.process.is_running()
    playbook.kill()
    playbook.wait()
    assert ended(observer.process, 5)
    assert '"stopped"' in observer.folder.journal.read_text()  # it ended in good order


def test_two_runs_at_once_do_not_disturb_each_other_and_what_is_left_behind_is_ended(
    runs: Path, url: str, subject: Subject, playbook: subprocess.Popen[bytes]
) -> None:
    first = observation.start(config(runs, url, subject, identity(playbook)))
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        second = observation.start(config(runs, url, subject, identity(other)))
        assert first.folder != second.folder
        assert (runs / "latest").resolve() == second.folder.path
        assert first.process.is_running()
        assert observation.running_observer(first.folder) == first
        os.kill(first.process.pid, signal.SIGSTOP)  # it cannot end by itself
        playbook.kill()
        playbook.wait()
        third = observation.start(config(runs, url, subject, identity(other)))
        assert not first.process.is_running()
        assert list(observation.running_observers(runs)) == [third]
        assert not second.process.is_running(), "its own run's former scenario"
        other.kill()
