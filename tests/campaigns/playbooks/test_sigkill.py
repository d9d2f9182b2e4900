"""Killed at any moment, a run leaves nothing that `local-aws stop` does not end; the next works.

Everything is killed, as by a cancelled job; or only ansible-playbook; or only the local AWS.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from terminal import Terminal, kill
from workplace import COMMAND_SECONDS, Moment, Workplace, assert_gone, listened_by

from evidence.record.processes import ProcessIdentity

pytestmark = [pytest.mark.campaign, pytest.mark.timeout(900)]

EVERYTHING, PLAYBOOK, DAEMON = "everything", "ansible-playbook", "the local AWS"


def demo(name: str, *signs: str, moves: bool = False) -> Moment:
    return Moment(name, ("ansible-playbook", "demo.yml"), signs, moves)


def scenario(tag: str, *signs: str, moves: bool = False) -> Moment:
    return Moment(f"in {tag}", ("ansible-playbook", "scenario.yml", "--tags", tag), signs, moves)


STARTING = demo("starting", "TASK [local_aws : Start the local AWS]", moves=True)
CREATING = demo("creating", "TASK [service_stack : Create the stack", moves=True)
STARTING_TO_WATCH = scenario("healthy", "TASK [observation : Start observing]", moves=True)
WATCHING = scenario("static-response", "TASK [observation : Observe the effect]")
WAITING = scenario("broken-dependency", "TASK [observation : Wait for the effect]")
REBOOTING = scenario("bad-credentials", "TASK [instance_credentials : Reboot", moves=True)
REPLACING = scenario(
    "replace-instance", "about to be done - terminate the failing instance", moves=True
)
ROLLING = scenario(
    "rolling-update", "TASK [Deploy the next release]", "TASK [service_stack : Set ", moves=True
)
DELETING = Moment(
    "deleting", ("ansible-playbook", "destroy.yml"), ("TASK [service_stack : Delete",)
)


@dataclass(frozen=True)
class Case:
    moment: Moment
    killed: str

    def __str__(self) -> str:
        return f"{self.moment}, {self.killed}"


CASES = [
    Case(STARTING, PLAYBOOK),
    Case(STARTING, EVERYTHING),
    Case(CREATING, EVERYTHING),
    Case(CREATING, PLAYBOOK),
    Case(CREATING, DAEMON),
    Case(STARTING_TO_WATCH, EVERYTHING),
    Case(WAITING, PLAYBOOK),
    Case(WATCHING, DAEMON),
    Case(REBOOTING, EVERYTHING),
    Case(REPLACING, PLAYBOOK),
    Case(ROLLING, DAEMON),
    Case(ROLLING, EVERYTHING),
    Case(DELETING, EVERYTHING),
]


def victims(case: Case, terminal: Terminal, workplace: Workplace) -> set[ProcessIdentity]:
    if case.killed == PLAYBOOK:
        return {terminal.identity}
    if case.killed == DAEMON:
        return workplace.daemon()
    return terminal.processes() | workplace.running()


def killed_at(case: Case, workplace: Workplace) -> None:
    """Play until that moment and kill; nothing is left once `local-aws stop` was typed."""
    terminal = workplace.go_to(case.moment)
    try:
        there = terminal.processes() | workplace.running()
        listened = listened_by(there)
        chosen = victims(case, terminal, workplace)
        assert chosen
        for victim in chosen:
            kill(victim)
        if case.killed == EVERYTHING:  # also what had begun meanwhile
            for victim in workplace.running():
                kill(victim)
        workplace.is_deployed = False
        assert terminal.ended(COMMAND_SECONDS) != 0
        assert "Traceback" not in terminal.shown
        workplace.run("local-aws", "stop")
        assert_gone(there, listened)
    finally:
        terminal.close()


def test_what_was_killed_leaves_nothing_and_the_next_deployment_works(
    case: Case, workplace: Workplace
) -> None:
    if case.moment.command[1] != "demo.yml" and not workplace.is_deployed:
        workplace.deploy()

    killed_at(case, workplace)

    assert workplace.running() == set()
    workplace.deploy()


def test_a_demonstration_after_a_killed_one_is_complete(workplace: Workplace, full: bool) -> None:
    if not full:
        pytest.skip("CAMPAIGN=full plays it")
    terminal = workplace.go_to(demo("playing", "PLAY [Bad credentials]"))
    there = terminal.processes() | workplace.running()
    for victim in there:
        kill(victim)
    terminal.close()

    shown = workplace.run("ansible-playbook", "demo.yml")

    assert_gone(there)
    assert "failed=0" in shown
    assert workplace.running() == set()
    workplace.is_deployed = False
