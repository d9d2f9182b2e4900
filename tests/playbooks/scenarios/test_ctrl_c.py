"""Ctrl-C in a scenario ends it in one line, its observation too, and the scenario then works.

SIGTERM does the same, and so does closing the terminal, where nobody reads the line.

In a demonstration it ends the local AWS too. The other moments are in tests/campaigns/playbooks.
"""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from terminal import ROOT
from workplace import Moment, Workplace, assert_gone

from safeguards import lock_parameter

INTERRUPTED = 99
"""Ansible's status after Ctrl-C."""
STACK = "resilience-demo"
WATCHING = Moment(
    "watching",
    ("ansible-playbook", "scenario.yml", "--tags", "healthy", "-e", "observation_effect_seconds=4"),
    ("TASK [observation : Observe the effect]", "more replies"),
)


@pytest.mark.usefixtures("deployed")
def test_ctrl_c_ends_a_scenario_and_its_observation_and_it_works_again(home: Path) -> None:
    workplace = Workplace(home)
    terminal = workplace.go_to(WATCHING)
    try:
        observer = workplace.observer()
        assert observer

        terminal.ctrl_c()

        assert terminal.ended(30) != 0
        assert "User interrupted" in terminal.shown
        assert "Traceback" not in terminal.shown
        assert_gone(observer | terminal.processes())
        workplace.run(*WATCHING.command)
    finally:
        terminal.close()


@pytest.mark.usefixtures("deployed")
@pytest.mark.parametrize("way", ["SIGTERM", "closed"])
def test_a_scenario_that_is_ended_from_elsewhere_ends_as_by_ctrl_c(
    home: Path, way: str, aws: Callable[[str], Any]
) -> None:
    workplace = Workplace(home)
    terminal = workplace.go_to(WATCHING)
    try:
        assert lock_parameter.values(aws("ssm"), [STACK])
        there = workplace.observer() | terminal.processes()
        [run] = {path.resolve() for path in (ROOT / "runs").glob("latest")}

        if way == "SIGTERM":
            os.kill(terminal.process.pid, signal.SIGTERM)
            assert terminal.ended(30) == INTERRUPTED
            assert "User interrupted" in terminal.shown
            assert "Traceback" not in terminal.shown
        else:
            terminal.hang_up()
            assert terminal.process.wait(30) == INTERRUPTED

        assert_gone(there)
        assert (run / "ansible.log").exists()
        assert lock_parameter.values(aws("ssm"), [STACK]) == {}
    finally:
        terminal.close()


def test_ctrl_c_ends_a_demonstration_and_its_local_aws(tmp_path: Path) -> None:
    make = shutil.which("make")
    assert make
    workplace = Workplace(tmp_path)
    terminal = workplace.go_to(
        Moment("deploying", (make, "demo"), ("TASK [service_stack : Create",), moves=True)
    )
    try:
        running = workplace.running()
        assert workplace.daemon() & running

        terminal.ctrl_c()

        assert terminal.ended(60) != 0
        assert "Traceback" not in terminal.shown
        assert_gone(terminal.processes() | running)
    finally:
        terminal.close()
