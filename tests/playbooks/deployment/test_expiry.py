"""When a stack may be swept away: a tag that changes in place, and the sweep."""

from __future__ import annotations

import datetime
import json

import pytest
from stack_driver import parameter

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


@pytest.mark.usefixtures("running")
def test_a_sweep_removes_what_has_expired_and_keeps_the_rest(playbook, aws) -> None:
    """Neither is in the inventory."""
    cloudformation = aws("cloudformation")
    body = {
        "Parameters": {"ExpiresAt": {"Type": "String"}},
        "Resources": {"One": parameter("1")},
    }
    for name, expires_at in {
        "sweep-over": "2020-01-01T00:00:00Z",
        "sweep-later": "2999-01-01T00:00:00Z",
    }.items():
        tags = {
            "Project": "resilient-service",
            "resilient-service:stack": name,
            "resilient-service:deployment": "0123abcd",
        }
        cloudformation.create_stack(
            StackName=name,
            TemplateBody=json.dumps(body),
            Parameters=[{"ParameterKey": "ExpiresAt", "ParameterValue": expires_at}],
            Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
        )
        waiter = cloudformation.get_waiter("stack_create_complete")
        waiter.wait(StackName=name, WaiterConfig={"Delay": 0.1, "MaxAttempts": 300})

    planned = playbook("destroy.yml", "-e", "expired_only=true", "-e", "plan=true")
    swept = playbook("destroy.yml", "-e", "expired_only=true")

    for run in (planned, swept):
        assert run.status == 0, run.output
        assert "sweep-over is removed: its time was over at 2020-01-01T00:00:00Z" in run.output
        assert "sweep-later stays: it may stay until 2999-01-01T00:00:00Z" in run.output
    assert "will: delete each stack of this project whose time is over" in planned.output
    assert "touches:" not in planned.output
    names = {stack["StackName"] for stack in cloudformation.describe_stacks()["Stacks"]}
    assert "sweep-over" not in names
    assert "sweep-later" in names
    cloudformation.delete_stack(StackName="sweep-later")
