"""Two operators on one stack, two demonstrations in one checkout or in two: nobody is harmed.

The one who comes second is refused by the name of the first, or both come to their ends.
"""

from __future__ import annotations

import random
import time
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from campaign import FULL, Figures
from checkout import copied_checkout
from live_service import LiveService
from local_aws_command import LocalAws
from terminal import ROOT, Terminal
from workplace import COMMAND_SECONDS, Workplace

pytestmark = [pytest.mark.campaign, pytest.mark.timeout(5400)]

WHOLE_SECONDS = 60.0
LATEST_SECONDS = 6.0
"""Most playbooks are not over by then."""

Command = tuple[str, ...]
DEPLOY = ("ansible-playbook", "deploy.yml")
DESTROY = ("ansible-playbook", "destroy.yml")
HEALTHY = ("ansible-playbook", "scenario.yml", "--tags", "healthy")
STATIC = ("ansible-playbook", "scenario.yml", "--tags", "static-response")
# How long clients wait says nothing where two demonstrations share two processors.
DEMONSTRATION = ("ansible-playbook", "demo.yml", "-e", '{"observation_latency": []}')


class Pair:
    """Two commands, the second of them typed a moment after the first; both are read all along."""

    def __init__(
        self,
        first: tuple[Workplace, Command],
        second: tuple[Workplace, Command],
        seconds: float,
        limit_seconds: float = COMMAND_SECONDS,
    ) -> None:
        self._limit_seconds = limit_seconds
        self._reading = ThreadPoolExecutor(2)
        self._terminals: list[Terminal] = []
        self._ends: list[Future[int]] = []
        self._type(*first)
        time.sleep(seconds)
        self._type(*second)

    def _type(self, workplace: Workplace, command: Command) -> None:
        terminal = workplace.type(*command)
        self._terminals.append(terminal)
        self._ends.append(self._reading.submit(terminal.ended, self._limit_seconds))

    def statuses(self) -> list[int]:
        return [end.result() for end in self._ends]

    def outcome(self) -> str:
        """How both ended; fails when neither came through, or one was refused without a name."""
        statuses = self.statuses()
        shown = "\n---\n".join(terminal.shown for terminal in self._terminals)
        assert "Traceback" not in shown, shown
        if statuses == [0, 0]:
            return "both_passed"
        assert 0 in statuses, shown
        won, refused = self._terminals if statuses[0] == 0 else reversed(self._terminals)
        if f"process {won.process.pid}" in " ".join(refused.shown.split()):
            return "refused_by_name"
        # It came when the other had left: the service was not there any more.
        assert "is not deployed" in refused.shown, shown
        return "refused_without_a_service"

    def close(self) -> None:
        for terminal in self._terminals:
            terminal.close()
        self._reading.shutdown()


def test_two_operators_on_one_stack(
    deployed_workplace: Workplace, dice: random.Random, figures: Figures, full: bool
) -> None:
    workplace = deployed_workplace
    for number in range(10 if full else 1):
        if not workplace.is_deployed:
            workplace.deploy()
        commands = dice.choice([DEPLOY, HEALTHY, STATIC]), dice.choice([HEALTHY, STATIC, DESTROY])
        pair = Pair(
            *((workplace, command) for command in commands), seconds=dice.uniform(0, LATEST_SECONDS)
        )
        try:
            figures.count(f"operators_{pair.outcome()}")
        finally:
            pair.close()
        figures.count("pairs_of_operators")
        assert not workplace.observer(), f"pair {number}: an observer is left"
        if commands[1] == DESTROY and pair.statuses()[1] == 0:
            workplace.is_deployed = False
            continue
        LiveService(LocalAws(workplace.home)).await_whole(WHOLE_SECONDS)


@pytest.fixture
def other_checkout(tmp_path: Path) -> Path:
    """A copy of this one, which runs with the same virtual environment."""
    return copied_checkout(tmp_path / "another checkout")


@pytest.mark.skipif(
    not FULL, reason="CAMPAIGN=full plays it; test_side_by_side.py is its short form"
)
@pytest.mark.parametrize("checkouts", [1, 2])
def test_two_demonstrations(
    checkouts: int,
    other_checkout: Path,
    tmp_path: Path,
    dice: random.Random,
    figures: Figures,
) -> None:
    for _ in range(10):
        places = [
            Workplace(tmp_path / "one"),
            Workplace(tmp_path / "two", checkout=ROOT if checkouts == 1 else other_checkout),
        ]
        pair = Pair(
            *((place, DEMONSTRATION) for place in places),
            seconds=dice.uniform(0, LATEST_SECONDS),
            limit_seconds=2 * COMMAND_SECONDS,
        )
        try:
            figures.count(f"demonstrations_in_{checkouts}_{pair.outcome()}")
            assert places[0].running() | places[1].running() == set()
        finally:
            pair.close()
