"""Ctrl-C ends a command and all it started, in one line; the same command then works."""

from __future__ import annotations

import pytest
from workplace import Moment, Workplace, assert_gone

pytestmark = [pytest.mark.campaign, pytest.mark.timeout(900)]

END_SECONDS = 30.0


def playbook(name: str, *words: str, signs: tuple[str, ...], moves: bool = False) -> Moment:
    return Moment(name, ("ansible-playbook", *words), signs, moves)


CASES = [
    Moment("starting", ("local-aws", "start", "--port", "0"), ("",), moves=True),
    playbook("deploying", "deploy.yml", signs=("TASK [service_stack : Create",), moves=True),
    playbook(
        "watching",
        *("scenario.yml", "--tags", "static-response", "-e", "observation_effect_seconds=4"),
        signs=("TASK [observation : Observe the effect]", "more replies"),
    ),
    playbook(
        "waiting",
        *("scenario.yml", "--tags", "broken-dependency"),
        signs=("TASK [observation : Wait for the effect]", "waiting until: every reply is 502"),
    ),
    playbook(
        "rolling",
        *("scenario.yml", "--tags", "rolling-update"),
        signs=("TASK [Deploy the next release]", "TASK [service_stack : Set "),
        moves=True,
    ),
    playbook("deleting", "destroy.yml", signs=("TASK [service_stack : Delete",)),
]


@pytest.fixture(scope="module", autouse=True)
def _from_nothing(workplace: Workplace) -> None:
    workplace.run("local-aws", "stop")
    workplace.is_deployed = False


def test_ctrl_c_leaves_nothing_and_the_same_command_then_works(
    case: Moment, workplace: Workplace
) -> None:
    terminal = workplace.go_to(case)
    try:
        there = terminal.processes() | workplace.observer()

        terminal.ctrl_c()

        status = terminal.ended(END_SECONDS)
        assert "Traceback" not in terminal.shown
        if status == 0 and case.command[0] == "local-aws":
            assert "local AWS runs at" in terminal.shown  # it came when the start was over
        else:
            assert status != 0
            assert_gone(there)
        workplace.run(*case.command)
    finally:
        terminal.close()
