"""Instances of a group in its target groups: registered in service, drained on leaving."""

from __future__ import annotations

from typing import Any

import pytest
from auto_scaling_driver import (
    CreateGroup,
    activities,
    boot_all,
    described,
    end,
    instances,
    later,
    targets,
    turn,
)
from ec2_driver import instance_state

from local_aws.contract.facts import Facts, TargetKey


def booted(asg: Any, group: CreateGroup, target_group: str, facts: Facts) -> tuple[str, str]:
    """Create a group behind the target group and boot it; return its name and one member's id."""
    name = group(TargetGroupARNs=[target_group])
    boot_all(asg, name, facts)
    return name, instances(asg, name)[0]


def test_members_are_not_registered_while_that_is_suspended(
    aws: Any, asg: Any, group: CreateGroup, target_group: str
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-suspend-resume-processes.html"""
    name = group(TargetGroupARNs=[target_group], DesiredCapacity=0)
    asg.suspend_processes(AutoScalingGroupName=name, ScalingProcesses=["AddToLoadBalancer"])

    asg.set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=1)

    assert len(instances(asg, name)) == 1
    assert targets(aws, target_group) == {}


def test_members_launched_while_that_was_suspended_are_left_to_the_user(
    aws: Any, asg: Any, group: CreateGroup, target_group: str, facts: Facts
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-suspend-resume-processes.html"""
    name = group(TargetGroupARNs=[target_group], DesiredCapacity=0)
    asg.suspend_processes(AutoScalingGroupName=name, ScalingProcesses=["AddToLoadBalancer"])
    asg.set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=1)
    boot_all(asg, name, facts)
    (left_out,) = instances(asg, name)

    asg.resume_processes(AutoScalingGroupName=name, ScalingProcesses=["AddToLoadBalancer"])
    asg.set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=2)
    boot_all(asg, name, facts)

    (registered,) = set(instances(asg, name)) - {left_out}
    assert set(targets(aws, target_group)) == {registered}


def test_members_are_registered_once_they_are_in_service(
    aws: Any, asg: Any, group: CreateGroup, target_group: str, facts: Facts
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/autoscaling-load-balancer.html"""
    name = group(TargetGroupARNs=[target_group])
    assert targets(aws, target_group) == {}

    boot_all(asg, name, facts)

    assert targets(aws, target_group) == dict.fromkeys(instances(asg, name), "initial")


def test_a_leaving_instance_ends_when_its_requests_in_flight_are_answered(
    aws: Any, asg: Any, group: CreateGroup, target_group: str, facts: Facts
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-add-elb-healthcheck.html"""
    name, leaving = booted(asg, group, target_group, facts)
    facts.targets_in_use = frozenset({TargetKey(target_group, leaving, 80)})

    asg.terminate_instance_in_auto_scaling_group(
        InstanceId=leaving, ShouldDecrementDesiredCapacity=False
    )
    later(facts, 299)

    assert targets(aws, target_group)[leaving] == "draining"
    assert instance_state(aws("ec2"), leaving) == "running"
    assert instances(asg, name, "Terminating") == [leaving]
    assert len(instances(asg, name, "Pending")) == 1

    facts.targets_in_use = frozenset()
    turn(facts)

    assert instance_state(aws("ec2"), leaving) == "shutting-down"


def test_a_leaving_instance_ends_when_the_longest_deregistration_delay_is_over(
    aws: Any, asg: Any, group: CreateGroup, target_group: str, unique_name: str, facts: Facts
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-add-elb-healthcheck.html"""
    quick = another_target_group(aws, target_group, f"{unique_name}-quick", delay_seconds=5)
    name = group(TargetGroupARNs=[target_group, quick], DesiredCapacity=1)
    boot_all(asg, name, facts)
    (leaving,) = instances(asg, name)
    both = {arn: TargetKey(arn, leaving, 80) for arn in (target_group, quick)}
    facts.targets_in_use = frozenset(both.values())
    asg.set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=0)

    later(facts, 6)
    assert instance_state(aws("ec2"), leaving) == "running"

    facts.targets_in_use = frozenset({both[quick]})
    later(facts, 4)
    assert instance_state(aws("ec2"), leaving) == "running"
    later(facts, 6)
    assert instance_state(aws("ec2"), leaving) == "shutting-down"


def test_an_instance_that_does_not_run_is_not_waited_for(
    aws: Any, asg: Any, group: CreateGroup, target_group: str, facts: Facts
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-add-elb-healthcheck.html"""
    _, stopped = booted(asg, group, target_group, facts)
    facts.targets_in_use = frozenset({TargetKey(target_group, stopped, 80)})

    aws("ec2").stop_instances(InstanceIds=[stopped])
    turn(facts)

    assert instance_state(aws("ec2"), stopped) == "shutting-down"


def another_target_group(aws: Any, beside: str, name: str, delay_seconds: int) -> str:
    """Create a target group behind the listener of another one; return its ARN."""
    elbv2 = aws("elbv2")
    (first,) = elbv2.describe_target_groups(TargetGroupArns=[beside])["TargetGroups"]
    arn: str = elbv2.create_target_group(Name=name, Protocol="HTTP", Port=80, VpcId=first["VpcId"])[
        "TargetGroups"
    ][0]["TargetGroupArn"]
    (balancer,) = first["LoadBalancerArns"]
    (listener,) = elbv2.describe_listeners(LoadBalancerArn=balancer)["Listeners"]
    elbv2.create_rule(
        ListenerArn=listener["ListenerArn"],
        Priority=1,
        Conditions=[{"Field": "path-pattern", "Values": ["/quick"]}],
        Actions=[{"Type": "forward", "TargetGroupArn": arn}],
    )
    elbv2.modify_target_group_attributes(
        TargetGroupArn=arn,
        Attributes=[{"Key": "deregistration_delay.timeout_seconds", "Value": str(delay_seconds)}],
    )
    return arn


@pytest.mark.usefixtures("no_waiting")
def test_a_drained_instance_ends_and_leaves_the_group(
    aws: Any, asg: Any, group: CreateGroup, target_group: str, facts: Facts
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-lifecycle.html"""
    name, leaving = booted(asg, group, target_group, facts)

    asg.terminate_instance_in_auto_scaling_group(
        InstanceId=leaving, ShouldDecrementDesiredCapacity=False
    )
    assert instance_state(aws("ec2"), leaving) == "shutting-down"
    end(facts, leaving)

    assert instance_state(aws("ec2"), leaving) == "terminated"
    assert leaving not in [each["InstanceId"] for each in described(asg, name)["Instances"]]
    activity = activities(asg, name)[-4]
    assert activity["StatusCode"] == "Successful"


def test_target_groups_can_be_attached_and_detached_later(
    aws: Any, asg: Any, group: CreateGroup, target_group: str
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_AttachLoadBalancerTargetGroups.html"""
    name = group()
    asg.attach_load_balancer_target_groups(
        AutoScalingGroupName=name, TargetGroupARNs=[target_group]
    )
    assert set(targets(aws, target_group)) == set(instances(asg, name))

    asg.detach_load_balancer_target_groups(
        AutoScalingGroupName=name, TargetGroupARNs=[target_group]
    )
    assert set(targets(aws, target_group).values()) == {"draining"}


def test_a_target_deregistered_by_hand_stays_deregistered(
    aws: Any, asg: Any, group: CreateGroup, target_group: str, facts: Facts
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/autoscaling-load-balancer.html"""
    _, chosen = booted(asg, group, target_group, facts)

    aws("elbv2").deregister_targets(TargetGroupArn=target_group, Targets=[{"Id": chosen}])
    turn(facts)

    assert targets(aws, target_group)[chosen] == "draining"


def test_an_ended_instance_leaves_a_target_group_that_is_not_its_group_s(
    aws: Any, asg: Any, group: CreateGroup, target_group: str
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-register-targets.html"""
    name = group(DesiredCapacity=1)
    chosen = instances(asg, name)[0]
    aws("elbv2").register_targets(TargetGroupArn=target_group, Targets=[{"Id": chosen}])

    asg.set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=0)
    turn(Facts())

    assert targets(aws, target_group)[chosen] == "draining"
