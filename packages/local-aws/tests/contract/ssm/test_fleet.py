"""Systems Manager on instances: the managed ones are listed; no command is reported to have run."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError


@pytest.fixture
def managed(aws: Any, unique_name: str) -> str:
    """The id of a running instance with a profile, tagged with the test's name."""
    aws("iam").create_instance_profile(InstanceProfileName=unique_name)
    return launch(aws, unique_name, IamInstanceProfile={"Name": unique_name})


def launch(aws: Any, tag: str, **request: Any) -> str:
    launched = aws("ec2").run_instances(
        ImageId="ami-12c6146b",
        MinCount=1,
        MaxCount=1,
        TagSpecifications=[{"ResourceType": "instance", "Tags": [{"Key": "test", "Value": tag}]}],
        **request,
    )
    instance_id: str = launched["Instances"][0]["InstanceId"]
    return instance_id


def online(ssm: Any, **request: Any) -> list[str]:
    pages = ssm.get_paginator("describe_instance_information").paginate(**request)
    return [
        each["InstanceId"]
        for page in pages
        for each in page["InstanceInformationList"]
        if each["PingStatus"] == "Online"
    ]


def test_running_instances_with_a_profile_are_managed(
    aws: Any, ssm: Any, unique_name: str, managed: str
) -> None:
    """https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeInstanceInformation.html"""
    without_profile = launch(aws, unique_name)

    found = online(ssm)

    assert managed in found
    assert without_profile not in found
    assert online(ssm, Filters=[{"Key": "InstanceIds", "Values": [managed]}]) == [managed]

    aws("ec2").terminate_instances(InstanceIds=[managed])
    assert managed not in online(ssm)


def test_a_command_is_not_said_to_have_run(ssm: Any, managed: str) -> None:
    """https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetCommandInvocation.html"""
    command = ssm.send_command(
        InstanceIds=[managed],
        DocumentName="AWS-RunShellScript",
        Parameters={"commands": ["touch /tmp/never"]},
    )["Command"]

    invocation = ssm.get_command_invocation(CommandId=command["CommandId"], InstanceId=managed)

    assert command["InstanceIds"] == [managed]
    assert invocation["Status"] == "Failed"
    assert invocation["ResponseCode"] == 127
    assert "Nothing was run" in invocation["StandardErrorContent"]


def test_a_command_reaches_its_targets_only(ssm: Any, unique_name: str, managed: str) -> None:
    """https://docs.aws.amazon.com/systems-manager/latest/userguide/send-commands-multiple.html"""
    command = ssm.send_command(
        Targets=[{"Key": "tag:test", "Values": [unique_name]}],
        DocumentName="AWS-RunShellScript",
        Parameters={"commands": ["true"]},
    )["Command"]

    assert command["InstanceIds"] == [managed]


def test_a_command_to_an_instance_that_is_not_managed_is_refused(
    aws: Any, ssm: Any, unique_name: str
) -> None:
    """https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_SendCommand.html"""
    with pytest.raises(ClientError, match="InvalidInstanceId"):
        ssm.send_command(InstanceIds=[launch(aws, unique_name)], DocumentName="AWS-RunShellScript")
