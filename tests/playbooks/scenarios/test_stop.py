"""stop.yml ends a scenario that is being played at its next step, and the service is restored."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from terminal import in_one_line
from workplace import COMMAND_SECONDS, Workplace

STACK = "resilience-demo"
WATCHING = (
    "scenario.yml",
    "--tags",
    "fail-open,rolling-update",
    "-e",
    "observation_effect_seconds=60",
)


@pytest.mark.usefixtures("deployed")
def test_stop_ends_the_scenario_and_its_fault(
    home: Path, playbook, aws: Callable[[str], Any]
) -> None:
    terminal = Workplace(home).type("ansible-playbook", *WATCHING)
    try:
        terminal.until("waiting until: 3000 more replies", COMMAND_SECONDS)
        missing = table_of(aws)
        assert missing.startswith(f"{STACK}-missing-")
        with ThreadPoolExecutor(1) as reader:  # a terminal that nobody reads stands still
            end = reader.submit(terminal.ended, COMMAND_SECONDS)
            stopped = playbook("stop.yml")
            assert end.result() != 0
    finally:
        terminal.close()

    assert stopped.status == 0, stopped.output
    assert f"(pid {terminal.process.pid}) was asked to stop" in stopped.said
    assert "has restored the service, and has ended" in stopped.said
    shown = in_one_line(terminal.shown)
    assert "fail-open is unjudged: stopped by" in shown
    assert "the service was restored" in shown
    assert f"fail-open set SSMTableName from empty to {missing}: restored now" in shown
    assert "PLAY [Rolling update]" not in shown
    assert "Traceback" not in shown
    assert table_of(aws) == ""

    again = playbook("stop.yml")
    assert again.status == 0
    assert f"no scenario is being played on {STACK}" in again.said


def table_of(aws: Callable[[str], Any]) -> str:
    stack = aws("cloudformation").describe_stacks(StackName=STACK)["Stacks"][0]
    values = {each["ParameterKey"]: each["ParameterValue"] for each in stack["Parameters"]}
    return str(values["SSMTableName"])
