"""Templates of the kinds that are shared most: created, changed by a parameter, and deleted."""

from __future__ import annotations

from typing import Any

import pytest
from stack_driver import StackDriver

AwsClient = Any

_KINDS: list[tuple[str, dict[str, str], dict[str, str]]] = [
    ("toolkit.yaml", {"Qualifier": "one"}, {"Version": "2", "KeepDays": "60"}),
    ("web.yaml", {"Vpc": "", "Subnets": ""}, {"Desired": "2", "HealthPath": "/health"}),
    ("network.yaml", {}, {"Environment": "live", "OpenPort": "80"}),
    ("messages.yaml", {}, {"Timeout": "90"}),
    ("storage.yaml", {}, {"ReadUnits": "10", "RetentionDays": "30"}),
    ("website.yaml", {}, {"Index": "start.html"}),
    ("bastion.yaml", {}, {"InstanceType": "t3.small"}),
    ("classic.yaml", {"Subnets": ""}, {"HealthPath": "/health"}),
]
"""Each with its parameters, and those that change; what is empty is of the default VPC."""


@pytest.mark.parametrize(("template", "given", "changed"), _KINDS, ids=[kind[0] for kind in _KINDS])
def test_a_typical_template_lives_its_whole_life(
    template: str,
    given: dict[str, str],
    changed: dict[str, str],
    stacks: StackDriver,
    service: dict[str, str],
    unique_name: str,
) -> None:
    """CloudFormation User Guide, "How CloudFormation works"; every change is one without a
    replacement."""
    network = {"Subnets": service["Subnets"], "Vpc": service["VPCId"]}
    parameters = {name: value or network[name] for name, value in given.items()}

    created = stacks.create(unique_name, template, parameters)
    assert created["StackStatus"] == "CREATE_COMPLETE", stacks.failures(unique_name)
    before = _physical_ids(stacks, unique_name)
    updated = stacks.update(unique_name, parameters=changed)
    assert updated["StackStatus"] == "UPDATE_COMPLETE", stacks.failures(unique_name)
    after = _physical_ids(stacks, unique_name)
    deleted = stacks.delete(unique_name)

    assert after == before
    assert deleted["StackStatus"] == "DELETE_COMPLETE", stacks.failures(created["StackId"])


def _physical_ids(stacks: StackDriver, name: str) -> dict[str, str]:
    resources = stacks.client.describe_stack_resources(StackName=name)["StackResources"]
    return {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in resources}
