"""A stack of an older version, without our tags, is taken over by its ARN, and by no other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from account import difference, holdings

NAME = "older"
NAMED = ("-e", f"service_stack_name={NAME}")
OURS = {"resilient-service:stack", "resilient-service:deployment"}


@dataclass(frozen=True)
class Older:
    """As versions made it that knew no deployment: one tag, and a key pair without its id."""

    aws: Callable[[str], Any]

    def create(self, like: str) -> str:
        """From the template and the parameters of a stack of this version; returns its ARN."""
        client = self.aws("cloudformation")
        template = client.get_template(StackName=like)["TemplateBody"]
        assert template.count("-key-${DeploymentId}") == 1
        arn: str = client.create_stack(
            StackName=NAME,
            TemplateBody=template.replace("-key-${DeploymentId}", "-key"),
            Parameters=client.describe_stacks(StackName=like)["Stacks"][0]["Parameters"],
            Capabilities=["CAPABILITY_IAM"],
            Tags=[{"Key": "Project", "Value": "resilient-service"}],
        )["StackId"]
        client.get_waiter("stack_create_complete").wait(
            StackName=NAME, WaiterConfig={"Delay": 1, "MaxAttempts": 120}
        )
        return arn

    def tags(self) -> dict[str, str]:
        stack = self.aws("cloudformation").describe_stacks(StackName=NAME)["Stacks"][0]
        return {each["Key"]: each["Value"] for each in stack["Tags"]}


@pytest.mark.usefixtures("deployed")
def test_an_older_stack_is_taken_over_by_its_arn_alone(playbook, aws) -> None:
    before, older = holdings(aws), Older(aws)
    arn = older.create(like="resilience-demo")
    made = holdings(aws)

    for wrong in ("", f"{arn[:-36]}01234567-89ab-cdef-0123-456789abcdef"):
        refused = playbook("deploy.yml", *NAMED, "-e", f"service_stack_adopt={wrong}")
        assert refused.status != 0
        assert "was created by an older version of this project" in refused.said
        assert f"service_stack_adopt={arn}" in "".join(refused.output.split())
        assert difference(made, holdings(aws)) == {}

    adoption = playbook("deploy.yml", *NAMED, "-e", f"service_stack_adopt={arn}")
    assert adoption.status == 0, adoption.output
    assert older.tags().keys() >= OURS
    assert aws("cloudformation").describe_stacks(StackName=NAME)["Stacks"][0]["StackId"] == arn

    again = playbook("deploy.yml", *NAMED)
    assert again.status == 0, again.output
    assert again.changed == 0

    removal = playbook("destroy.yml", *NAMED)
    assert removal.status == 0, removal.output
    assert difference(before, holdings(aws)) == {}
