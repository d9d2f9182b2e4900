"""When a stack may be swept away is a tag that changes in place."""

from __future__ import annotations

import datetime

import pytest

STACK = "resilience-demo"
TAG = "resilient-service:expires-at"


@pytest.mark.usefixtures("deployed")
def test_an_expiry_is_set_and_taken_back_without_touching_an_instance(playbook, aws) -> None:
    def described() -> tuple[dict, set, dict]:
        stack = aws("cloudformation").describe_stacks(StackName=STACK)["Stacks"][0]
        rows = aws("cloudformation").describe_stack_resources(StackName=STACK)["StackResources"]
        group = aws("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"][0]
        instances = {instance["InstanceId"] for instance in group["Instances"]}
        return stack, {row["PhysicalResourceId"] for row in rows} | instances, group

    def expiry() -> str:
        stack, _, group = described()
        parameters = {row["ParameterKey"]: row["ParameterValue"] for row in stack["Parameters"]}
        tags = {tag["Key"]: tag["Value"] for tag in group["Tags"]}
        assert parameters["ExpiresAt"] == tags[TAG]
        return tags[TAG]

    before, there, _ = described()
    assert {tag["Key"] for tag in before["Tags"]} == {
        "Project",
        "resilient-service:stack",
        "resilient-service:deployment",
    }

    assert playbook("deploy.yml", "-e", "expires_hours=8").status == 0
    left = datetime.datetime.fromisoformat(expiry()) - datetime.datetime.now(datetime.UTC)
    assert datetime.timedelta(hours=7.9) < left <= datetime.timedelta(hours=8)

    assert playbook("deploy.yml").changed == 0  # not given: kept
    assert playbook("deploy.yml", "-e", "expires_hours=0").status == 0
    assert expiry() == ""
    after, still_there, _ = described()
    assert after["Tags"] == before["Tags"]
    assert still_there == there
