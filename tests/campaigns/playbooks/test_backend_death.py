"""What carries a scenario dies or hangs while it waits: it says so at once, and judges nothing.

The verdict is "unjudged", neither held nor refuted; the same scenario then works again.
"""

from __future__ import annotations

import json
import os
import re
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import boto3
import pytest
from terminal import Terminal
from workplace import COMMAND_SECONDS, Workplace

from evidence.record.processes import ProcessIdentity

pytestmark = [pytest.mark.campaign, pytest.mark.timeout(600)]

SAID_SECONDS = 10.0
STACK = "resilience-demo"
WATCHING = ("scenario.yml", "--tags", "healthy", "-e", "observation_effect_seconds=60")


def local_aws(workplace: Workplace) -> set[ProcessIdentity]:
    return workplace.daemon()


def observer(workplace: Workplace) -> set[ProcessIdentity]:
    return workplace.observer()


def envoy(workplace: Workplace) -> set[ProcessIdentity]:
    return workplace.envoy()


def cloudformation(workplace: Workplace) -> object:
    running = json.loads((workplace.home / "running.json").read_text())
    return boto3.client(
        "cloudformation",
        endpoint_url=running["endpoint"],
        region_name=running["region"],
        aws_access_key_id=running["access_key_id"],
        aws_secret_access_key=running["secret_access_key"],
    )


def delete(workplace: Workplace) -> None:
    cloudformation(workplace).delete_stack(StackName=STACK)


def update(workplace: Workplace) -> None:
    client = cloudformation(workplace)
    stack = client.describe_stacks(StackName=STACK)["Stacks"][0]
    client.update_stack(
        StackName=STACK,
        UsePreviousTemplate=True,
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"],
        Parameters=[
            {"ParameterKey": each["ParameterKey"], "ParameterValue": "static"}
            if each["ParameterKey"] == "SSMFailure"
            else {"ParameterKey": each["ParameterKey"], "UsePreviousValue": True}
            for each in stack["Parameters"]
        ],
    )


@dataclass(frozen=True)
class Case:
    """What is done in the middle of watching, and what is said of it."""

    name: str
    said: str
    number: signal.Signals | None = None
    processes: Callable[[Workplace], set[ProcessIdentity]] = local_aws
    call: Callable[[Workplace], None] | None = None

    def __str__(self) -> str:
        return self.name

    def strike(self, workplace: Workplace) -> set[ProcessIdentity]:
        """Do it; returns what was stopped and must go on in the end."""
        if self.call is not None:
            self.call(workplace)
            return set()
        victims = self.processes(workplace)
        assert victims
        for victim in victims:
            os.kill(victim.pid, self.number or signal.SIGKILL)
        return victims if self.number == signal.SIGSTOP else set()


CASES = [
    Case("local AWS hangs", "the local AWS at http://", signal.SIGSTOP),
    Case("local AWS killed", "the local AWS at http://", signal.SIGKILL),
    Case("Envoy killed", "the load balancer itself failed", signal.SIGKILL, envoy),
    Case("Envoy hangs", "the load balancer itself failed", signal.SIGSTOP, envoy),
    Case("observer killed", "the observer was killed", signal.SIGKILL, observer),
    Case("observer hangs", "the observer stood still", signal.SIGSTOP, observer),
    Case("stack deleted", "the ", call=delete),  # its target group may be missed first
    Case("stack updated", "somebody else", call=update),
]


def test_the_backends_death_is_said_and_nothing_is_judged(case: Case, workplace: Workplace) -> None:
    if not workplace.is_deployed:
        workplace.run("local-aws", "stop")
        workplace.deploy()
    terminal = workplace.type("ansible-playbook", *WATCHING)
    stopped: set[ProcessIdentity] = set()
    try:
        terminal.until("waiting until: 3000 more replies", COMMAND_SECONDS)
        stopped = case.strike(workplace)
        struck_at = time.monotonic()
        terminal.until(f"the backend died: {case.said}", SAID_SECONDS)
        print(f"{case}: said after {time.monotonic() - struck_at:.1f} s")  # noqa: T201 - a figure of the campaign

        assert terminal.ended(COMMAND_SECONDS) != 0
        judged_nothing(terminal, case)
    finally:
        for each in stopped:
            if each.is_running():
                os.kill(each.pid, signal.SIGCONT)
        terminal.close()
        workplace.is_deployed = case.processes is observer and case.call is None


def judged_nothing(terminal: Terminal, case: Case) -> None:
    shown = re.sub(r"\s+", " ", terminal.shown)
    assert f"healthy is unjudged: the backend died: {case.said}" in shown
    assert "Traceback" not in shown
    found = re.search(r"What was seen: *(\S+)/report.html", shown)
    assert found, shown
    verdicts = json.loads((Path(found[1]) / "verdicts.json").read_text())
    [scenario] = verdicts["scenarios"]
    assert (scenario["passed"], scenario["outcome"]) == (False, "unjudged")
    assert {claim["outcome"] for claim in scenario["claims"]} == {"unjudged"}
    assert "<error message=" in (Path(found[1]) / "junit.xml").read_text()
