"""A scenario undoes its fault, whatever became of its claims, unless it is asked to keep it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.usefixtures("deployed")

FALSE = {"claim": "four targets are healthy", "measure": "healthy_targets", "is": 4}


@pytest.fixture
def table(aws: Callable[[str], Any]) -> Callable[[], str]:
    """The table that the service is set to; empty is the stack's own."""

    def read() -> str:
        [stack] = aws("cloudformation").describe_stacks(StackName="resilience-demo")["Stacks"]
        values = {row["ParameterKey"]: row["ParameterValue"] for row in stack["Parameters"]}
        return values["SSMTableName"]

    return read


def test_a_refuted_scenario_is_undone_all_the_same(
    playbook: Callable[..., Any], table: Callable[[], str]
) -> None:
    variables = json.dumps({"observation_claims": [FALSE]})
    run = playbook("scenario.yml", "--tags", "static-response", "-e", variables)
    assert run.status != 0
    assert "REFUTED four targets are healthy" in " ".join(run.output.split())
    for claim in ("every reply is real again", "the service is restored in time"):
        assert f"held {claim}" in " ".join(run.output.split())
    assert table() == ""


def test_a_fault_is_kept_when_that_is_asked_for(
    playbook: Callable[..., Any], table: Callable[[], str]
) -> None:
    variables = json.dumps({"keep_fault": True})
    run = playbook("scenario.yml", "--tags", "static-response", "-e", variables)
    assert run.status == 0, run.output
    said = " ".join(run.output.split())
    assert "The fault stays: set the table parameter to a table that does not exist" in said
    assert run.output.splitlines()[-1].strip() == (
        "The fault stays: set the table parameter to a table that does not exist. "
        "Restore the service with: ansible-playbook recover.yml"
    )
    assert "every reply is real again" not in said
    missing = table()
    assert missing.startswith("resilience-demo-missing-")

    recovered = playbook("recover.yml")
    assert recovered.status == 0, recovered.output
    outcome = f"static-response set SSMTableName from empty to {missing}: restored now"
    assert outcome in " ".join(recovered.output.split())
    assert table() == ""
