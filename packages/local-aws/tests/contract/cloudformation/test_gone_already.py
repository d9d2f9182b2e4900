"""Deletions of stacks whose resources somebody has deleted already by their own API."""

from __future__ import annotations

from typing import Any

import pytest
from stack_driver import StackDriver
from type_lives import ref, resource

AwsClient = Any

_RESOURCES = {
    "Template": resource("EC2::LaunchTemplate", LaunchTemplateData={"ImageId": "ami-12c6146b"}),
    "Configuration": resource(
        "AutoScaling::LaunchConfiguration", ImageId="ami-12c6146b", InstanceType="t3.micro"
    ),
    "Group": resource(
        "AutoScaling::AutoScalingGroup",
        MinSize="0",
        MaxSize="0",
        AvailabilityZones=["us-east-1a"],
        LaunchConfigurationName=ref("Configuration"),
    ),
    "Hook": resource(
        "AutoScaling::LifecycleHook",
        AutoScalingGroupName=ref("Group"),
        LifecycleTransition="autoscaling:EC2_INSTANCE_LAUNCHING",
    ),
    "Action": resource(
        "AutoScaling::ScheduledAction",
        AutoScalingGroupName=ref("Group"),
        MinSize=0,
        Recurrence="0 0 1 1 *",
    ),
    "Policy": resource(
        "AutoScaling::ScalingPolicy",
        AutoScalingGroupName=ref("Group"),
        AdjustmentType="ChangeInCapacity",
        ScalingAdjustment=1,
    ),
}


def _delete(aws: AwsClient, name: str, ids: dict[str, str]) -> None:
    asg = aws("autoscaling")
    if name == "Template":
        aws("ec2").delete_launch_template(LaunchTemplateId=ids[name])
    elif name == "Hook":
        asg.delete_lifecycle_hook(AutoScalingGroupName=ids["Group"], LifecycleHookName=ids[name])
    elif name == "Group":
        asg.delete_auto_scaling_group(AutoScalingGroupName=ids[name], ForceDelete=True)
    else:
        asg.delete_launch_configuration(LaunchConfigurationName=ids[name])


@pytest.mark.parametrize(
    "gone", [["Template"], ["Hook"], ["Group"], ["Group", "Configuration"]], ids="-".join
)
def test_what_answers_validation_error_once_it_is_gone_does_not_fail_a_deletion(
    stacks: StackDriver, aws: AwsClient, unique_name: str, gone: list[str]
) -> None:
    """CloudFormation CLI User Guide, "Resource type handler contract": NotFound is a success. The
    hooks, actions and policies of a group went with it."""
    created = stacks.create(unique_name, _RESOURCES)
    ids = {name: stacks.physical_id(unique_name, name) for name in _RESOURCES}
    for name in gone:
        _delete(aws, name, ids)

    deleted = stacks.delete(unique_name)

    assert deleted["StackStatus"] == "DELETE_COMPLETE", stacks.failures(created["StackId"])
