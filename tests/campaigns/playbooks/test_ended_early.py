"""A scenario ends at its next step when an operator asks, and when too many requests fail."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import boto3
import pytest
from terminal import ROOT
from workplace import COMMAND_SECONDS, Workplace

from evidence.observe.observation import running_observers
from evidence.record.run_folder import RunFolder

pytestmark = [pytest.mark.campaign, pytest.mark.timeout(600)]

SAID_SECONDS = 10.0
WATCHING = (
    *("scenario.yml", "--tags", "healthy"),
    *("-e", "observation_effect_seconds=60", "-e", "observation_abort_seconds=2"),
)


def ask_to_stop(_: Workplace, run: RunFolder) -> None:
    run.stop.write_text("ada, who has seen enough\n")


def point_to_no_table(workplace: Workplace, _: RunFolder) -> None:
    """Behind the stack's back: every reply is 502 from now on."""
    running = json.loads((workplace.home / "running.json").read_text())
    boto3.client(
        "ssm",
        endpoint_url=running["endpoint"],
        region_name=running["region"],
        aws_access_key_id=running["access_key_id"],
        aws_secret_access_key=running["secret_access_key"],
    ).put_parameter(Name="resilience-demo-table", Value="unknown", Overwrite=True)


@dataclass(frozen=True)
class Case:
    name: str
    strike: Callable[[Workplace, RunFolder], None]
    said: str

    def __str__(self) -> str:
        return self.name


CASES = [
    Case("stopped", ask_to_stop, "stopped by ada, who has seen enough at the step after 'settled'"),
    Case("aborted", point_to_no_table, "of the requests of 2 s succeeded, outside the fault"),
]


def test_it_ends_at_once_and_says_why(case: Case, workplace: Workplace) -> None:
    if not workplace.is_deployed:
        workplace.run("local-aws", "stop")
        workplace.deploy()
    terminal = workplace.type("ansible-playbook", *WATCHING)
    try:
        terminal.until("waiting until: 3000 more replies", COMMAND_SECONDS)
        [observer] = [
            each
            for each in running_observers(ROOT / "runs")
            if each.config.owner == terminal.identity
        ]
        case.strike(workplace, observer.folder)
        terminal.until(case.said[:7], SAID_SECONDS)
        assert terminal.ended(COMMAND_SECONDS) != 0
    finally:
        terminal.close()
        workplace.is_deployed = False
    shown = re.sub(r"\s+", " ", terminal.shown)
    assert case.said in shown
    assert "healthy is unjudged: " in shown
    assert "Traceback" not in shown
    assert not observer.process.is_running()
    verdicts = json.loads((Path(observer.folder.path) / "verdicts.json").read_text())
    assert verdicts["scenarios"][0]["outcome"] == "unjudged"
