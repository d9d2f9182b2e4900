"""Instances of a group with its Classic Load Balancers: registered in service, and not after."""

from __future__ import annotations

from typing import Any

import pytest
from auto_scaling_driver import CreateGroup, boot_all, instances, turn
from refusals import error_of
from stack_driver import StackDriver

from local_aws.contract.facts import Facts

_INVALID = (
    "ValidationError",
    "Provided Load Balancers may not be valid. Please ensure they exist and try again.",
)


def test_members_are_registered_with_a_classic_load_balancer_once_they_are_in_service(
    aws: Any, asg: Any, group: CreateGroup, classic: str, facts: Facts
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/autoscaling-load-balancer.html"""
    name = group(LoadBalancerNames=[classic])
    assert registered(aws, classic) == set()

    boot_all(asg, name, facts)

    assert registered(aws, classic) == set(instances(asg, name))


def test_a_leaving_member_leaves_the_classic_load_balancer(
    aws: Any, asg: Any, group: CreateGroup, classic: str
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/autoscaling-load-balancer.html"""
    name = group(LoadBalancerNames=[classic])
    ended, detached, resting = instances(asg, name)

    asg.terminate_instance_in_auto_scaling_group(
        InstanceId=ended, ShouldDecrementDesiredCapacity=True
    )
    assert registered(aws, classic) == {detached, resting}
    one = {"AutoScalingGroupName": name, "ShouldDecrementDesiredCapacity": True}
    asg.detach_instances(InstanceIds=[detached], **one)
    assert registered(aws, classic) == {resting}
    asg.enter_standby(InstanceIds=[resting], **one)
    assert registered(aws, classic) == set()
    asg.exit_standby(InstanceIds=[resting], AutoScalingGroupName=name)
    assert registered(aws, classic) == {resting}

    asg.delete_auto_scaling_group(AutoScalingGroupName=name, ForceDelete=True)
    assert registered(aws, classic) == set()


def test_classic_load_balancers_can_be_attached_and_detached_later(
    aws: Any, asg: Any, group: CreateGroup, classic: str
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_AttachLoadBalancers.html"""
    name = group()
    of_it = {"AutoScalingGroupName": name, "LoadBalancerNames": [classic]}

    asg.attach_load_balancers(**of_it)
    shown = asg.describe_load_balancers(AutoScalingGroupName=name)["LoadBalancers"]
    assert shown == [{"LoadBalancerName": classic, "State": "Added"}]
    assert registered(aws, classic) == set(instances(asg, name))

    asg.detach_load_balancers(**of_it)
    assert asg.describe_load_balancers(AutoScalingGroupName=name)["LoadBalancers"] == []
    assert registered(aws, classic) == set()


def test_a_classic_load_balancer_that_does_not_exist_is_refused(
    asg: Any, group: CreateGroup
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_AttachLoadBalancers.html"""
    assert error_of(lambda: group(LoadBalancerNames=["missing"])) == _INVALID
    name = group(DesiredCapacity=0)
    attach = asg.attach_load_balancers
    assert error_of(attach, AutoScalingGroupName=name, LoadBalancerNames=["missing"]) == _INVALID


def test_a_member_deregistered_by_hand_stays_deregistered(
    aws: Any, asg: Any, group: CreateGroup, classic: str, facts: Facts
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/autoscaling-load-balancer.html"""
    name = group(LoadBalancerNames=[classic])
    boot_all(asg, name, facts)
    chosen, *others = instances(asg, name)

    aws("elb").deregister_instances_from_load_balancer(
        LoadBalancerName=classic, Instances=[{"InstanceId": chosen}]
    )
    turn(facts)

    assert registered(aws, classic) == set(others)


@pytest.mark.usefixtures("no_waiting")
def test_a_stack_changes_the_classic_load_balancers_of_its_group(
    aws: Any, asg: Any, classic: str, stacks: StackDriver, unique_name: str, launch_template: str
) -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-autoscaling-autoscalinggroup.html"""

    def template(**properties: Any) -> dict[str, Any]:
        return {
            "Group": {
                "Type": "AWS::AutoScaling::AutoScalingGroup",
                "Properties": {
                    "MinSize": "2",
                    "MaxSize": "2",
                    "AvailabilityZones": ["us-east-1a", "us-east-1b"],
                    "LaunchTemplate": {"LaunchTemplateId": launch_template, "Version": "1"},
                    **properties,
                },
            }
        }

    stacks.create(unique_name, template())
    group = stacks.physical_id(unique_name, "Group")
    stacks.update(unique_name, template(LoadBalancerNames=[classic]))
    assert registered(aws, classic) == set(instances(asg, group))
    stacks.update(unique_name, template())
    assert registered(aws, classic) == set()


def registered(aws: Any, name: str) -> set[str]:
    """The ids of the instances that the load balancer shows."""
    found = aws("elb").describe_load_balancers(LoadBalancerNames=[name])
    return {each["InstanceId"] for each in found["LoadBalancerDescriptions"][0]["Instances"]}
