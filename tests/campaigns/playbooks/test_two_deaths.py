"""Any two of what a scenario rests on are killed (SIGKILL) in the middle of it.

`recover.yml`, or simply the next scenario, converges then, and `destroy.yml` leaves nothing. With
the local AWS its state is gone: `start` and the preflight say so, and what to do.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from account import difference, holdings
from campaign import SEED, Figures
from local_aws_command import LocalAws
from terminal import Terminal, kill
from workplace import COMMAND_SECONDS, SCENARIOS, Workplace, assert_gone

from evidence.record.processes import ProcessIdentity

pytestmark = [pytest.mark.campaign, pytest.mark.timeout(900)]

RECOVER = ("ansible-playbook", "recover.yml")
NEXT_SCENARIO = ("ansible-playbook", "scenario.yml", "--tags", "static-response")
DESTROY = ("ansible-playbook", "destroy.yml")
LATEST_SECONDS = 3.0
"""After it has begun to wait; no scenario is over by then."""

Processes = Callable[[Workplace, Terminal], set[ProcessIdentity]]
PARTS: dict[str, Processes] = {
    "ansible-playbook": lambda _, terminal: {terminal.identity},
    "the local AWS": lambda workplace, _: workplace.daemon(),
    "Envoy": lambda workplace, _: workplace.envoy(),
    "the instances": lambda workplace, _: workplace.instances(),
}


@dataclass(frozen=True)
class Case:
    parts: tuple[str, ...]
    next: tuple[str, ...]

    def __str__(self) -> str:
        return f"{' and '.join(self.parts)}, then {self.next[1]}"

    def strike(self, workplace: Workplace, terminal: Terminal) -> None:
        """Kill both; nothing of them may have ended before, or survive."""
        victims = {part: PARTS[part](workplace, terminal) for part in self.parts}
        for part, processes in victims.items():
            assert processes, f"no process of {part}"
            assert all(process.is_running() for process in processes), part
        for process in set().union(*victims.values()):
            kill(process)
        assert_gone(set().union(*victims.values()))


ALL = [
    Case(parts, command)
    for parts in itertools.combinations(PARTS, 2)
    for command in (RECOVER, NEXT_SCENARIO)
]
CASES = random.Random(SEED).sample(ALL, len(ALL))  # noqa: S311 - the short form plays the first


def start(workplace: Workplace) -> tuple[str, dict[str, list[str]]]:
    """What it says, and what its account holds."""
    said = workplace.run("local-aws", "start", "--port", "0")
    return said, holdings(LocalAws(workplace.home).client)


def refused(workplace: Workplace, *command: str) -> str:
    terminal = workplace.type(*command)
    try:
        assert terminal.ended(COMMAND_SECONDS) != 0
    finally:
        terminal.close()
    return " ".join(terminal.shown.split())


def test_after_any_two_deaths_the_next_command_converges_and_nothing_is_left(
    case: Case, workplace: Workplace, dice: random.Random, figures: Figures
) -> None:
    workplace.run("local-aws", "stop")
    _, before = start(workplace)
    workplace.run("ansible-playbook", "deploy.yml")
    tag = dice.choice(SCENARIOS)
    terminal = workplace.type("ansible-playbook", "scenario.yml", "--tags", tag)
    try:
        terminal.until("waiting until:", COMMAND_SECONDS)
        terminal.read_for(dice.uniform(0, LATEST_SECONDS))
        case.strike(workplace, terminal)
        figures.count("pairs_killed")
        status = terminal.ended(COMMAND_SECONDS)
        assert "Traceback" not in terminal.shown, terminal.shown
        assert status != 0 or "ansible-playbook" not in case.parts
    finally:
        terminal.close()

    if "the local AWS" in case.parts:
        assert "local-aws start" in refused(workplace, *case.next)
        said, before = start(workplace)
        assert "was killed: its stacks, data and instances are gone" in said
        assert "Deploy it with: ansible-playbook deploy.yml" in refused(workplace, *case.next)
        workplace.run("ansible-playbook", "deploy.yml")
        figures.count("states_lost_and_said")
    workplace.run(*case.next)
    figures.count(f"converged_by_{case.next[1].removesuffix('.yml')}")

    workplace.run(*DESTROY)
    assert difference(before, holdings(LocalAws(workplace.home).client)) == {}
    workplace.run("local-aws", "stop")
    assert workplace.running() == set()
    figures.count("destroyed_to_zero")
