"""Which run is asked to stop, and what is said when there is none."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from scenario_stop import stop

from evidence.claims import Verdict
from evidence.evidence import Evidence
from evidence.record.processes import ProcessIdentity
from evidence.record.run_folder import RunFolder, create_run
from evidence.report.verdicts import scenario_result, write_results

STACK = "demo"
PLAYBOOK = """
import pathlib, sys, time
while not pathlib.Path(sys.argv[1], "stop").exists():
    time.sleep(0.01)
"""


@pytest.fixture
def options(tmp_path: Path) -> dict[str, Any]:
    return {
        "stack_name": STACK,
        "runs_directory": str(tmp_path),
        "asked_by": "ada@laptop",
        "timeout_seconds": 20,
    }


@pytest.fixture
def run(tmp_path: Path) -> Iterator[RunFolder]:
    """A run whose playbook ends once it is asked to stop."""
    folder = tmp_path / "2027-01-31T18-00-00Z"
    with subprocess.Popen([sys.executable, "-c", PLAYBOOK, str(folder)]) as process:
        owner = ProcessIdentity.of(process.pid)
        assert owner
        made = create_run(owner, tmp_path, stack={"name": STACK})
        made.path.rename(folder)
        try:
            yield RunFolder(folder)
        finally:
            process.kill()


def recorded(run: RunFolder, *, passed: bool) -> None:
    verdict = Verdict("all is well", "share is 100%", "-", "held" if passed else "refuted")
    recovery = scenario_result(
        Evidence("recovery", 0, 1),
        [verdict],
        hypothesis="",
        objective=0.99,
        negative_control=False,
    )
    write_results(run.verdicts, run.path.name, [recovery])


def test_nothing_runs(options: dict[str, Any]) -> None:
    assert stop({}, options, False) == (False, "no scenario is being played on demo")


def test_a_playbook_on_another_machine_is_named(options: dict[str, Any], run: RunFolder) -> None:
    lock = {"owner": "bob@desk", "host": "desk", "playbook": "scenario.yml"}

    assert stop(lock, options, False) == (
        False,
        "scenario.yml of bob@desk works on desk: run stop.yml there",
    )
    assert not run.stop.exists()


def test_a_playbook_that_plays_no_scenario_is_named(options: dict[str, Any]) -> None:
    own = ProcessIdentity.of(1)
    assert own
    lock = {**asdict(own), "host": socket.gethostname(), "playbook": "deploy.yml"}

    changed, found = stop(lock, options, False)

    assert not changed
    assert found.startswith("deploy.yml (pid 1) works on demo")


def test_a_run_of_another_stack_is_left_alone(options: dict[str, Any], run: RunFolder) -> None:
    assert not stop({}, {**options, "stack_name": "another"}, False)[0]
    assert not run.stop.exists()


def test_check_mode_asks_nothing(options: dict[str, Any], run: RunFolder) -> None:
    changed, found = stop({}, options, True)

    assert changed
    assert "would be asked to stop" in found
    assert not run.stop.exists()


@pytest.mark.parametrize(
    ("passed", "said"),
    [(True, "has restored the service"), (False, "restore the service with recover.yml")],
)
def test_it_is_asked_and_awaited(
    passed: bool, said: str, options: dict[str, Any], run: RunFolder
) -> None:
    recorded(run, passed=passed)

    changed, found = stop({}, options, False)

    assert changed
    assert said in found
    assert run.stop.read_text() == "ada@laptop\n"
    assert json.loads(run.run.read_text())["stack"]["name"] == STACK
