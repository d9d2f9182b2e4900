"""Simple scaling policies, and what groups are refused."""

from __future__ import annotations

from typing import Any

import pytest
from auto_scaling_driver import CreateGroup, boot_all, described, instances
from botocore.exceptions import ClientError

from local_aws.contract.facts import Facts
from local_aws.control_plane.auto_scaling.scaling.adjustments import adjusted


@pytest.mark.parametrize(
    ("capacity", "kind", "adjustment", "magnitude", "expected"),
    [
        (2, "ExactCapacity", 5, 0, 5),
        (2, "ChangeInCapacity", -1, 0, 1),
        (10, "PercentChangeInCapacity", 25, 0, 12),
        (10, "PercentChangeInCapacity", -25, 0, 8),
        (1, "PercentChangeInCapacity", 10, 0, 2),
        (4, "PercentChangeInCapacity", -10, 0, 3),
        (1, "PercentChangeInCapacity", 50, 2, 3),
        (9, "PercentChangeInCapacity", -10, 4, 5),
        (3, "PercentChangeInCapacity", 0, 2, 3),
        (0, "PercentChangeInCapacity", 50, 2, 0),
    ],
)
def test_a_policy_adjusts_the_capacity(
    capacity: int, kind: str, adjustment: int, magnitude: int, expected: int
) -> None:
    """EC2 Auto Scaling User Guide, "Step and simple scaling policies": scaling adjustment types."""
    assert adjusted(capacity, kind, adjustment, magnitude) == expected


@pytest.mark.parametrize("member", ["MinAdjustmentMagnitude", "MinAdjustmentStep"])
def test_a_policy_changes_so_much_at_least(asg: Any, group: CreateGroup, member: str) -> None:
    """API_PutScalingPolicy: MinAdjustmentStep is the former name of MinAdjustmentMagnitude."""
    name = group(DesiredCapacity=1)
    asg.put_scaling_policy(
        AutoScalingGroupName=name,
        PolicyName=name,
        AdjustmentType="PercentChangeInCapacity",
        ScalingAdjustment=10,
        **{member: 3},
    )
    asg.execute_policy(AutoScalingGroupName=name, PolicyName=name)
    assert described(asg, name)["DesiredCapacity"] == 4


def test_a_cooldown_holds_up_only_who_honors_it(asg: Any, group: CreateGroup) -> None:
    """API_ExecutePolicy and API_SetDesiredCapacity: HonorCooldown."""
    name = group(MinSize=1, MaxSize=9, DesiredCapacity=1)
    policy = {"AutoScalingGroupName": name, "PolicyName": f"{name}-up"}
    asg.put_scaling_policy(
        **policy, AdjustmentType="ChangeInCapacity", ScalingAdjustment=1, Cooldown=300
    )
    asg.execute_policy(PolicyName=policy["PolicyName"], HonorCooldown=True)
    assert described(asg, name)["DesiredCapacity"] == 2
    with pytest.raises(ClientError, match="ScalingActivityInProgress"):
        asg.execute_policy(PolicyName=policy["PolicyName"], HonorCooldown=True)
    capacity = {"AutoScalingGroupName": name, "DesiredCapacity": 1}
    with pytest.raises(ClientError, match="ScalingActivityInProgress"):
        asg.set_desired_capacity(**capacity, HonorCooldown=True)
    asg.execute_policy(PolicyName=policy["PolicyName"])
    assert described(asg, name)["DesiredCapacity"] == 3
    asg.set_desired_capacity(**capacity)
    assert described(asg, name)["DesiredCapacity"] == 1


@pytest.mark.parametrize("by", ["name", "id"])
def test_a_group_needs_an_existing_version_and_health_check_type(
    aws: Any, asg: Any, group: CreateGroup, launch_template: str, by: str
) -> None:
    """API_CreateAutoScalingGroup, API_UpdateAutoScalingGroup: LaunchTemplate, HealthCheckType."""
    found = aws("ec2").describe_launch_templates(LaunchTemplateIds=[launch_template])
    key = {"id": "LaunchTemplateId", "name": "LaunchTemplateName"}[by]
    missing = {key: found["LaunchTemplates"][0][key], "Version": "77"}
    for wrong in ({"LaunchTemplate": missing}, {"HealthCheckType": "NOPE"}):
        with pytest.raises(ClientError, match=r"fully-formed launch template|HealthCheckType"):
            group(**wrong)
    name = group()
    for wrong in ({"LaunchTemplate": missing}, {"HealthCheckType": "EC2,NOPE"}):
        with pytest.raises(ClientError, match=r"fully-formed launch template|HealthCheckType"):
            asg.update_auto_scaling_group(AutoScalingGroupName=name, **wrong)


def test_standby_keeps_to_the_minimum_size(asg: Any, group: CreateGroup, facts: Facts) -> None:
    """API_EnterStandby: ShouldDecrementDesiredCapacity."""
    name = group(MinSize=1, MaxSize=2, DesiredCapacity=1)
    boot_all(asg, name, facts)
    call = {"AutoScalingGroupName": name, "InstanceIds": instances(asg, name, "InService")}
    with pytest.raises(ClientError, match="min-size=1"):
        asg.enter_standby(**call, ShouldDecrementDesiredCapacity=True)
    asg.enter_standby(**call, ShouldDecrementDesiredCapacity=False)
    assert instances(asg, name, "Standby") == call["InstanceIds"]
