"""A scenario is played as often as asked for, and again when the machine was too busy."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from terminal import Terminal
from workplace import COMMAND_SECONDS, Workplace

from evidence.observe.observation import RunningObserver, running_observer
from evidence.record.journal import read_lines
from evidence.record.run_folder import RunFolder, run_of
from evidence.report.verdicts import read_results

RUNS = Path(__file__).parents[3] / "runs"
STANDSTILL_SECONDS = 1.5
POLL_SECONDS = 0.02


@pytest.mark.usefixtures("deployed")
def test_what_a_standstill_left_unjudged_is_played_again(home: Path) -> None:
    terminal = Workplace(home).type(
        *("ansible-playbook", "scenario.yml", "--tags", "healthy", "-e", "repeats=2")
    )
    try:
        terminal.until("waiting until: every reply is real", COMMAND_SECONDS)
        stand_still(steady_observer(terminal))
        status = terminal.ended(COMMAND_SECONDS)
    finally:
        terminal.close()
    assert status == 0, terminal.shown
    [entry] = read_results(run(terminal).verdicts)
    outcomes = [each["outcome"] for each in entry["repetitions"]]
    assert outcomes[0] == "unjudged"
    assert outcomes.count("passed") >= 1
    assert entry["outcome"] == "passed"
    assert terminal.shown.count("PLAY [Healthy]") == len(outcomes) >= 3
    assert f"{len(outcomes)} times" in terminal.shown
    assert "it is played again" in terminal.shown


@pytest.mark.usefixtures("deployed")
def test_the_plan_says_how_often(playbook: Callable[..., Any]) -> None:
    planned = playbook("scenario.yml", "--tags", "healthy", "-e", "plan=true", "-e", "repeats=30")
    assert planned.status == 0
    assert "scenarios, each 30 times:" in planned.output
    wrong = playbook("scenario.yml", "--tags", "healthy", "-e", "repeats=0")
    assert wrong.status != 0
    assert "repeats is 0; a whole number from 1 to 1000 repetitions is expected" in (
        " ".join(wrong.output.split()).replace("'0'", "0")
    )


def run(terminal: Terminal) -> RunFolder:
    found = run_of(terminal.identity, RUNS)
    assert found is not None
    return found


def steady_observer(terminal: Terminal) -> RunningObserver:
    """The observer of the run, once it has seen the steady state."""
    folder = run(terminal)
    deadline = time.monotonic() + COMMAND_SECONDS
    while time.monotonic() < deadline:
        entries = read_lines(folder.journal)
        if any(entry.get("mark") == "steady" for entry in entries):
            observer = running_observer(folder)
            assert observer is not None
            return observer
        terminal.read_for(POLL_SECONDS)
    raise AssertionError("the steady state was never marked")


def stand_still(observer: RunningObserver) -> None:
    """What the observer sees of a machine that stands still."""
    os.kill(observer.process.pid, signal.SIGSTOP)
    try:
        time.sleep(STANDSTILL_SECONDS)
    finally:
        os.kill(observer.process.pid, signal.SIGCONT)
