"""Which run is asked to stop, and what is said when there is none."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from scenario_stop import stop

from evidence.claims import Verdict
from evidence.evidence import Evidence
from evidence.record.processes import ProcessIdentity
from evidence.record.run_folder import RunFolder, create_run
from evidence.report.verdicts import scenario_result, write_results
from safeguards.lock_parameter import parameter_name
from safeguards.operator_lock import OperatorLock

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


def lock_of(process: ProcessIdentity) -> OperatorLock:
    return OperatorLock.of(process, "scenario.yml", datetime.now(UTC))


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
    assert stop(None, options, False) == (False, "no scenario is being played on demo")


def test_a_playbook_on_another_machine_is_named(options: dict[str, Any], run: RunFolder) -> None:
    lock = replace(lock_of(ProcessIdentity(1, "7")), owner="bob@desk", host="desk")

    assert stop(lock, options, False) == (
        False,
        "scenario.yml of bob@desk works on desk: run stop.yml there",
    )
    assert not run.stop.exists()


def test_a_playbook_that_plays_no_scenario_is_named(options: dict[str, Any]) -> None:
    own = ProcessIdentity.of(1)
    assert own

    changed, found = stop(lock_of(own), options, False)

    assert not changed
    assert found.startswith("scenario.yml (pid 1) works on demo")


def test_a_process_that_has_ended_works_no_more(options: dict[str, Any]) -> None:
    assert stop(lock_of(ProcessIdentity(1, "7")), options, False) == (
        False,
        "no scenario is being played on demo",
    )


@pytest.mark.parametrize("value", ["{}", "[]", "x"])
def test_something_else_than_a_lock_is_refused_by_name(
    value: str, run_module: Callable[..., dict[str, Any]], aws: Callable[[str], Any], tmp_path: Path
) -> None:
    name = parameter_name("stop-refused")
    aws("ssm").put_parameter(Name=name, Value=value, Type="String", Overwrite=True)

    refused = run_module(
        "scenario_stop",
        stack_name="stop-refused",
        runs_directory=str(tmp_path),
        asked_by="ada@laptop",
    )

    assert refused["failed"]
    assert f"{name} holds something else than this project's lock" in refused["msg"]
    assert refused["msg"].endswith(f"remove it with: aws ssm delete-parameter --name {name}")


def test_a_run_of_another_stack_is_left_alone(options: dict[str, Any], run: RunFolder) -> None:
    assert not stop(None, {**options, "stack_name": "another"}, False)[0]
    assert not run.stop.exists()


def test_check_mode_asks_nothing(options: dict[str, Any], run: RunFolder) -> None:
    changed, found = stop(None, options, True)

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

    changed, found = stop(None, options, False)

    assert changed
    assert said in found
    assert run.stop.read_text() == "ada@laptop\n"
    assert json.loads(run.run.read_text())["stack"]["name"] == STACK
