"""User data that signals is not run: the stack says so, and sends the signal when asked to."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from stack_driver import StackDriver, template_body

from local_aws.control_plane.cloudformation import user_data_signals

_SCRIPT = """#!/bin/bash -xe
# cfn-signal comes last
/opt/aws/bin/cfn-init --stack ${AWS::StackName} --resource Group
/opt/aws/bin/cfn-signal -e $? --stack ${AWS::StackName} --resource Group
"""


def _template(zone: str, instance_type: str = "t3.micro", timeout: str = "PT20S") -> dict[str, Any]:
    data = {
        "ImageId": "ami-12c6146b",
        "InstanceType": instance_type,
        "UserData": {"Fn::Base64": {"Fn::Sub": _SCRIPT}},
    }
    version = {"Fn::GetAtt": ["Template", "LatestVersionNumber"]}
    group = {
        "MinSize": "2",
        "MaxSize": "3",
        "AvailabilityZones": [zone],
        "LaunchTemplate": {"LaunchTemplateId": {"Ref": "Template"}, "Version": version},
    }
    rolling = {"WaitOnResourceSignals": True, "PauseTime": timeout, "MinInstancesInService": 1}
    return {
        "Template": {
            "Type": "AWS::EC2::LaunchTemplate",
            "Properties": {"LaunchTemplateData": data},
        },
        "Group": {
            "Type": "AWS::AutoScaling::AutoScalingGroup",
            "CreationPolicy": {"ResourceSignal": {"Count": 2, "Timeout": timeout}},
            "UpdatePolicy": {"AutoScalingRollingUpdate": rolling},
            "Properties": group,
        },
    }


@pytest.fixture
def _signals_are_sent() -> Iterator[None]:
    user_data_signals.configure(are_sent=True, image_has_program=False)
    yield
    user_data_signals.configure(are_sent=False, image_has_program=False)


def test_an_awaited_signal_that_will_not_come_is_named_at_once(
    stacks: StackDriver, unique_name: str
) -> None:
    """Not AWS's: nothing here runs a script, so the line is named instead of a silent wait."""
    template = _template("us-east-1a", timeout="PT5M")
    stacks.client.create_stack(StackName=unique_name, TemplateBody=template_body(template))

    def notes() -> list[str]:
        return [reason for _, _, reason in stacks.events(unique_name) if "user data" in reason]

    deadline = time.monotonic() + 20
    while not notes():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    [note] = notes()
    stacks.client.delete_stack(StackName=unique_name)  # which does not wait for it either

    line = f"/opt/aws/bin/cfn-signal -e $? --stack {unique_name} --resource Group"
    assert f"line 4 of the user data is not run here ({line})" in note
    assert "No signal will come from it" in note
    assert "--signal-for-user-data" in note


@pytest.mark.usefixtures("_signals_are_sent")
def test_the_signal_is_sent_in_its_place(stacks: StackDriver, unique_name: str) -> None:
    """`local-aws start --signal-for-user-data`: for every instance of a creation and of a rolling
    update."""
    created = stacks.create(unique_name, _template("us-east-1a"))
    assert created["StackStatus"] == "CREATE_COMPLETE", stacks.failures(unique_name)
    updated = stacks.update(unique_name, _template("us-east-1a", "t3.small"))
    assert updated["StackStatus"] == "UPDATE_COMPLETE", stacks.failures(unique_name)

    events = stacks.events(unique_name)
    received = [reason for _, _, reason in events if reason.startswith("Received SUCCESS")]
    assert len(set(received)) == len(received) == 4
    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_COMPLETE"
