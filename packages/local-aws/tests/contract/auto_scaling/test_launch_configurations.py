"""Launch configurations: what they are made of, what they launch, when they go."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from auto_scaling_driver import CreateGroup, instances
from refusals import refusal_of
from stack_driver import StackDriver

IMAGE = {"ImageId": "ami-12c6146b", "InstanceType": "t3.micro"}
SETTINGS = {
    "BlockDeviceMappings": [{"DeviceName": "/dev/sdb", "Ebs": {"VolumeSize": 3}}],
    "EbsOptimized": True,
    "MetadataOptions": {"HttpTokens": "required"},
    "PlacementTenancy": "dedicated",
    "SpotPrice": "0.1",
}


def _described(asg: Any, name: str) -> dict[str, Any]:
    [found] = asg.describe_launch_configurations(LaunchConfigurationNames=[name])[
        "LaunchConfigurations"
    ]
    return dict(found)


def test_properties_left_out_are_empty(asg: Any, unique_name: str) -> None:
    """API_LaunchConfiguration: these texts and lists are never left out."""
    asg.create_launch_configuration(LaunchConfigurationName=unique_name, **IMAGE)
    found = _described(asg, unique_name)
    empty = {name for name, value in found.items() if value == ""}
    assert empty >= {"KernelId", "KeyName", "RamdiskId", "UserData"}
    for name in ("BlockDeviceMappings", "ClassicLinkVPCSecurityGroups", "SecurityGroups"):
        assert found[name] == []


@pytest.mark.parametrize(("given", "enabled"), [({}, True), ({"Enabled": False}, False)])
def test_monitoring_is_enabled_unless_it_is_not_wanted(
    asg: Any, unique_name: str, given: dict[str, bool], enabled: bool
) -> None:
    """API_CreateLaunchConfiguration, InstanceMonitoring: the default value is true."""
    monitoring = {"InstanceMonitoring": given} if given else {}
    asg.create_launch_configuration(LaunchConfigurationName=unique_name, **IMAGE, **monitoring)
    assert _described(asg, unique_name)["InstanceMonitoring"] == {"Enabled": enabled}


def test_its_instances_have_its_settings(
    aws: Any, asg: Any, group: CreateGroup, unique_name: str
) -> None:
    """API_CreateLaunchConfiguration; API_Ebs: volumes are deleted on termination by default."""
    asg.create_launch_configuration(LaunchConfigurationName=unique_name, **IMAGE, **SETTINGS)
    name = group(LaunchTemplate=None, LaunchConfigurationName=unique_name, DesiredCapacity=1)

    found = aws("ec2").describe_instances(InstanceIds=instances(asg, name))["Reservations"]
    [instance] = found[0]["Instances"]
    assert instance["EbsOptimized"]
    assert instance["InstanceLifecycle"] == "spot"
    assert instance["MetadataOptions"]["HttpTokens"] == "required"
    assert instance["Monitoring"] == {"State": "enabled"}
    assert instance["Placement"]["Tenancy"] == "dedicated"
    volumes = {each["DeviceName"]: each["Ebs"] for each in instance["BlockDeviceMappings"]}
    assert volumes["/dev/sdb"]["DeleteOnTermination"]


def test_one_created_from_an_instance_has_all_but_its_volumes(
    aws: Any, asg: Any, unique_name: str
) -> None:
    """API_CreateLaunchConfiguration, InstanceId; what is given beside it counts."""
    ec2 = aws("ec2")
    ran = ec2.run_instances(**IMAGE, UserData="#cloud-config", MinCount=1, MaxCount=1)
    [instance] = ran["Instances"]
    asg.create_launch_configuration(
        LaunchConfigurationName=unique_name,
        InstanceId=instance["InstanceId"],
        InstanceType="t3.nano",
    )

    found = _described(asg, unique_name)
    assert found["ImageId"] == instance["ImageId"]
    assert found["InstanceType"] == "t3.nano"
    assert found["SecurityGroups"] == [each["GroupId"] for each in instance["SecurityGroups"]]
    assert base64.b64decode(found["UserData"]) == b"#cloud-config"
    assert found["BlockDeviceMappings"] == []
    ec2.terminate_instances(InstanceIds=[instance["InstanceId"]])


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"ImageId": "none"}, "AMI none is invalid: "),
        ({"InstanceType": "m7a.none"}, "The specified instance type m7a.none is not valid"),
        ({"KeyName": "none"}, "The key pair 'none' does not exist"),
        ({"InstanceId": "i-00000000"}, "Instance [i-00000000] is invalid."),
    ],
)
def test_what_cannot_be_launched_is_refused(
    asg: Any, unique_name: str, asked: dict[str, str], message: str
) -> None:
    """The words are those that users reported of AWS."""
    refusal = refusal_of(
        asg.create_launch_configuration,
        **{"LaunchConfigurationName": unique_name, **IMAGE, **asked},
    )
    assert refusal[:2] == (400, "ValidationError")
    assert refusal[2].startswith(message)


def test_a_name_is_taken_once(asg: Any, unique_name: str) -> None:
    """API_CreateLaunchConfiguration, AlreadyExists."""
    asg.create_launch_configuration(LaunchConfigurationName=unique_name, **IMAGE)
    again = refusal_of(
        asg.create_launch_configuration, LaunchConfigurationName=unique_name, **IMAGE
    )
    assert again[:2] == (400, "AlreadyExists")


def test_one_that_a_group_uses_is_not_deleted(
    asg: Any, group: CreateGroup, unique_name: str
) -> None:
    """API_DeleteLaunchConfiguration, ResourceInUse."""
    asg.create_launch_configuration(LaunchConfigurationName=unique_name, **IMAGE)
    name = group(LaunchTemplate=None, LaunchConfigurationName=unique_name)
    named = {"LaunchConfigurationName": unique_name}

    kept = refusal_of(asg.delete_launch_configuration, **named)
    asg.delete_auto_scaling_group(AutoScalingGroupName=name, ForceDelete=True)
    asg.delete_launch_configuration(**named)
    gone = refusal_of(asg.delete_launch_configuration, **named)

    assert kept[:2] == (400, "ResourceInUse")
    assert name in kept[2]
    assert gone[:2] == (400, "ValidationError")


def test_they_come_in_pages(asg: Any, unique_name: str) -> None:
    """API_DescribeLaunchConfigurations: MaxRecords, NextToken."""
    names = [f"{unique_name}-{letter}" for letter in "ab"]
    for name in names:
        asg.create_launch_configuration(LaunchConfigurationName=name, **IMAGE)
    request = {"LaunchConfigurationNames": names, "MaxRecords": 1}

    first = asg.describe_launch_configurations(**request)
    second = asg.describe_launch_configurations(**request, NextToken=first["NextToken"])
    found = first["LaunchConfigurations"] + second["LaunchConfigurations"]

    assert [each["LaunchConfigurationName"] for each in found] == names
    assert "NextToken" not in second
    refused = refusal_of(asg.describe_launch_configurations, **{**request, "MaxRecords": -1})
    assert refused[:2] == (400, "ValidationError")


def test_one_of_a_stack_has_all_properties_of_its_template(
    asg: Any, stacks: StackDriver, unique_name: str
) -> None:
    """AWS::AutoScaling::LaunchConfiguration in the CloudFormation Template Reference."""
    user_data = base64.b64encode(b"#cloud-config").decode()
    properties = {**IMAGE, **SETTINGS, "InstanceMonitoring": "false", "UserData": user_data}
    kind = "AWS::AutoScaling::LaunchConfiguration"
    stacks.create(unique_name, {"One": {"Type": kind, "Properties": properties}})

    found = _described(asg, stacks.physical_id(unique_name, "One"))
    for name, value in {**SETTINGS, "UserData": user_data}.items():
        if name != "BlockDeviceMappings":
            assert found[name] == value
    assert found["BlockDeviceMappings"][0]["Ebs"] == {"VolumeSize": 3}
    assert found["InstanceMonitoring"] == {"Enabled": False}
    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_COMPLETE"
