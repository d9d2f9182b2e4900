"""deploy, a scenario and destroy, killed (SIGKILL) between two tasks or at any moment.

The same command then converges, destroy leaves nothing, and what is somebody else's is untouched.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from campaign import FULL, Figures
from foreign import Foreign
from local_aws_command import LocalAws
from terminal import ROOT, Terminal, kill
from workplace import SCENARIOS, Workplace, assert_gone

pytestmark = [
    pytest.mark.campaign,
    pytest.mark.timeout(5400),
    pytest.mark.skipif(
        not FULL, reason="CAMPAIGN=full plays it; test_sigkill.py is its short form"
    ),
]

LIVES = 20
PATIENCE_SECONDS = 240.0
TASK = "TASK ["
DEPLOY = ("ansible-playbook", "deploy.yml")
DESTROY = ("ansible-playbook", "destroy.yml")


@pytest.fixture
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workplace]:
    workplace = Workplace(tmp_path_factory.mktemp("a work place") / "home")
    workplace.run("local-aws", "start", "--port", "0")
    yield workplace
    workplace.run("local-aws", "stop")


@pytest.fixture
def foreign(workplace: Workplace) -> Iterator[Foreign]:
    foreign = Foreign(LocalAws(workplace.home), workplace.home.parent, ROOT / "runs")
    yield foreign
    foreign.remove_folders()


@dataclass(frozen=True)
class Killing:
    """Kills what is typed before one of its tasks, or after some time; each is as likely."""

    dice: random.Random
    tasks: int
    seconds: float

    @classmethod
    def after(cls, workplace: Workplace, command: tuple[str, ...], dice: random.Random) -> Killing:
        """Play it once undisturbed, to know how many tasks it has and how long it takes."""
        begun_at = time.monotonic()
        shown = workplace.run(*command)
        return cls(dice, shown.count(TASK), time.monotonic() - begun_at)

    def kill(self, terminal: Terminal) -> str:
        """Returns what it was killed at."""
        if self.dice.random() < 0.5:
            number = self.dice.randint(1, self.tasks)
            for _ in range(number):
                terminal.until(TASK, PATIENCE_SECONDS)
            moment = "a_task_boundary"
        else:
            terminal.read_for(self.dice.uniform(0.0, self.seconds))
            moment = "a_random_moment"
        for victim in terminal.processes():
            kill(victim)
        return moment


def killed(
    workplace: Workplace, command: tuple[str, ...], killing: Killing, figures: Figures
) -> None:
    """Kill the command; typed again, it comes to its end."""
    terminal = workplace.type(*command)
    try:
        figures.count(f"killed_at_{killing.kill(terminal)}")
        assert "Traceback" not in terminal.shown, terminal.shown
        assert_gone(terminal.processes() | workplace.observer())
    finally:
        terminal.close()
    workplace.run(*command)
    figures.count(f"converged_{command[1].removesuffix('.yml')}")


def test_killed_anywhere_it_converges_and_leaves_nothing(
    workplace: Workplace, foreign: Foreign, dice: random.Random, figures: Figures
) -> None:
    deploying = Killing.after(workplace, DEPLOY, dice)
    destroying = Killing.after(workplace, DESTROY, dice)
    assert foreign.left() == {}
    for number in range(LIVES):
        scenario = ("ansible-playbook", "scenario.yml", "--tags", dice.choice(SCENARIOS))
        killed(workplace, DEPLOY, deploying, figures)
        killed(workplace, scenario, deploying, figures)
        assert foreign.touched() == [], f"life {number}"
        killed(workplace, DESTROY, destroying, figures)
        assert foreign.touched() == [], f"life {number}"
        assert foreign.left() == {}, f"life {number}"
    figures.add(foreign_things_touched=0, left_by_destroy=0)
