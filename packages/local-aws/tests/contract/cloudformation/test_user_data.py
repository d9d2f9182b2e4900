"""User data that signals is not run: the stack says so, and sends the signal where configured."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from stack_driver import StackDriver, template_body
from wired import wired

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


def _server(command: str, **attributes: Any) -> dict[str, Any]:
    """An instance whose user data has this command in its second line."""
    return {
        "Type": "AWS::EC2::Instance",
        "Properties": {
            "ImageId": "ami-12c6146b",
            "UserData": {"Fn::Base64": {"Fn::Sub": f"#!/bin/bash\n{command}\n"}},
        },
        **attributes,
    }


def _waiting_for_url(
    command: str, *, by_cfn_init: Any = None, timeout: int = 300
) -> dict[str, Any]:
    """A wait condition with a handle; its URL is in the user data, or in what cfn-init runs."""
    commands = {"signal": {"command": by_cfn_init}}
    metadata = {"AWS::CloudFormation::Init": {"config": {"commands": commands}}}
    return {
        "Handle": {"Type": "AWS::CloudFormation::WaitConditionHandle"},
        "Server": _server(command, **({"Metadata": metadata} if by_cfn_init else {})),
        "Condition": {
            "Type": "AWS::CloudFormation::WaitCondition",
            "DependsOn": "Server",
            "Properties": {"Handle": {"Ref": "Handle"}, "Timeout": str(timeout)},
        },
    }


def _waiting_for_resource(command: str) -> dict[str, Any]:
    """A wait condition that takes signals by its own name."""
    return {
        "Server": _server(command),
        "Condition": {
            "Type": "AWS::CloudFormation::WaitCondition",
            "CreationPolicy": {"ResourceSignal": {"Timeout": "PT5M", "Count": 1}},
        },
    }


def _awaited(read: Callable[[], list[Any]]) -> list[Any]:
    """What `read` returns, once that is something."""
    deadline = time.monotonic() + 20
    while not (found := read()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return found


@pytest.fixture
def _signals_are_sent() -> Iterator[None]:
    with wired(signals_for_user_data=True):
        yield


def test_an_awaited_signal_that_will_not_come_is_named_at_once(
    stacks: StackDriver, unique_name: str
) -> None:
    """Not AWS's: nothing here runs a script, so the line is named instead of a silent wait."""
    template = _template("us-east-1a", timeout="PT5M")
    stacks.client.create_stack(StackName=unique_name, TemplateBody=template_body(template))

    def notes() -> list[str]:
        return [reason for _, _, reason in stacks.events(unique_name) if "user data" in reason]

    [note] = _awaited(notes)
    stacks.client.delete_stack(StackName=unique_name)  # which does not wait for it either

    line = f"/opt/aws/bin/cfn-signal -e $? --stack {unique_name} --resource Group"
    assert f"line 4 of the user data is not run here ({line})" in note
    assert "No signal will come from it" in note
    assert "--signal-for-user-data" in note


@pytest.mark.parametrize(
    ("resources", "line", "by_hand"),
    [
        (_waiting_for_url("curl -T /tmp/signal '${Handle}'"), "curl -T /tmp/signal", "its URL"),
        (_waiting_for_url("cfn-signal -e 0 '${Handle}'"), "cfn-signal -e 0", "its URL"),
        (
            _waiting_for_url(
                "cfn-init -s ${AWS::StackName} -r Server",
                by_cfn_init={"Fn::Sub": "cfn-signal -e 0 '${Handle}'"},
            ),
            "cfn-init -s",
            "its URL",
        ),
        (
            _waiting_for_url(
                "cfn-init.exe -s ${AWS::StackId} -r Server",
                by_cfn_init={
                    "Fn::Join": ["", ["cfn-signal.exe -e 0 ", {"Fn::Base64": {"Ref": "Handle"}}]]
                },
            ),
            "cfn-init.exe -s",
            "its URL",
        ),
        (
            _waiting_for_resource("cfn-signal --stack ${AWS::StackName} --resource Condition"),
            "cfn-signal --stack",
            "SignalResource",
        ),
    ],
    ids=["curl", "cfn-signal", "cfn-init", "Windows", "CreationPolicy"],
)
def test_a_wait_condition_names_the_signal_that_will_not_come(
    stacks: StackDriver, unique_name: str, resources: dict[str, Any], line: str, by_hand: str
) -> None:
    """Not AWS's: a wait condition is not silent until its timeout either."""
    stacks.start(unique_name, resources)

    [(logical_id, note)] = _awaited(
        lambda: [
            (logical_id, reason)
            for logical_id, _, reason in stacks.events(unique_name)
            if "user data" in reason
        ]
    )

    assert logical_id == "Condition"
    assert f"line 2 of the user data is not run here ({line}" in note
    assert "No signal will come from it" in note
    assert by_hand in note
    stacks.delete(unique_name)


def test_a_wait_condition_says_nothing_of_user_data_that_does_not_signal_to_it(
    stacks: StackDriver, unique_name: str
) -> None:
    """Not AWS's: another condition's URL, or another resource's name, is none of its own."""
    resources = _waiting_for_url("cfn-signal -e 0 '${Other}'", timeout=1)
    resources["Other"] = {"Type": "AWS::CloudFormation::WaitConditionHandle"}

    stacks.create(unique_name, resources)

    assert not [reason for *_, reason in stacks.events(unique_name) if "user data" in reason]
    assert "timed out" in stacks.failures(unique_name)["Condition"]


@pytest.mark.usefixtures("_signals_are_sent")
@pytest.mark.parametrize(
    "resources",
    [
        _waiting_for_url("cfn-signal -e 0 '${Handle}'"),
        _waiting_for_resource("cfn-signal --stack ${AWS::StackName} --resource Condition"),
    ],
    ids=["URL", "CreationPolicy"],
)
def test_a_wait_conditions_signal_is_sent_too(
    stacks: StackDriver, unique_name: str, resources: dict[str, Any]
) -> None:
    """`local-aws start --signal-for-user-data`: with the instance's id as UniqueId."""
    created = stacks.create(unique_name, resources)

    assert created["StackStatus"] == "CREATE_COMPLETE", stacks.failures(unique_name)
    server = stacks.physical_id(unique_name, "Server")
    received = f"Received SUCCESS signal with UniqueId {server}"
    assert received in [reason for *_, reason in stacks.events(unique_name)]


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
