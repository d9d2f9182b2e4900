"""Instances that a user moves: terminated, attached, detached, on standby, protected."""

from __future__ import annotations

from typing import Any

import pytest
from auto_scaling_driver import (
    CreateGroup,
    activities,
    described,
    instances,
    targets,
)
from botocore.exceptions import ClientError
from ec2_driver import instance_state


def test_termination_with_decrement_is_not_replaced(asg: Any, group: CreateGroup) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_TerminateInstanceInAutoScalingGroup.html"""
    name = group(MinSize=2)
    leaving, other, _ = instances(asg, name)

    answer = asg.terminate_instance_in_auto_scaling_group(
        InstanceId=leaving, ShouldDecrementDesiredCapacity=True
    )

    assert described(asg, name)["DesiredCapacity"] == 2
    assert len(instances(asg, name)) == 2
    assert "shrinking the capacity from 3 to 2" in answer["Activity"]["Cause"]
    with pytest.raises(ClientError, match="ValidationError"):
        asg.terminate_instance_in_auto_scaling_group(
            InstanceId=other, ShouldDecrementDesiredCapacity=True
        )
    assert len(instances(asg, name)) == 2


def test_an_instance_of_no_group_is_not_found(asg: Any) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_TerminateInstanceInAutoScalingGroup.html"""
    with pytest.raises(ClientError, match="No managed instance found for i-0123456789abcdef0"):
        asg.terminate_instance_in_auto_scaling_group(
            InstanceId="i-0123456789abcdef0", ShouldDecrementDesiredCapacity=False
        )


@pytest.mark.parametrize("decrement", [True, False])
def test_a_detached_instance_runs_on_outside_the_target_group(
    aws: Any, asg: Any, group: CreateGroup, target_group: str, decrement: bool
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-detach-attach-instances.html"""
    name = group(TargetGroupARNs=[target_group])
    detached = instances(asg, name)[0]

    asg.detach_instances(
        AutoScalingGroupName=name,
        InstanceIds=[detached],
        ShouldDecrementDesiredCapacity=decrement,
    )

    assert detached not in instances(asg, name)
    assert len(instances(asg, name)) == (2 if decrement else 3)
    assert instance_state(aws("ec2"), detached) == "running"
    assert targets(aws, target_group)[detached] == "draining"
    found = aws("ec2").describe_instances(InstanceIds=[detached])["Reservations"]
    tags = {tag["Key"] for tag in found[0]["Instances"][0]["Tags"]}
    assert "aws:autoscaling:groupName" not in tags


def test_an_attached_instance_counts_and_is_registered(
    aws: Any, asg: Any, group: CreateGroup, target_group: str
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-detach-attach-instances.html"""
    name = group(TargetGroupARNs=[target_group])
    launched = aws("ec2").run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1)
    attached = launched["Instances"][0]["InstanceId"]

    asg.attach_instances(AutoScalingGroupName=name, InstanceIds=[attached])

    assert described(asg, name)["DesiredCapacity"] == 4
    assert attached in instances(asg, name)
    assert attached in targets(aws, target_group)
    found = aws("ec2").describe_instances(InstanceIds=[attached])["Reservations"]
    tags = {tag["Key"]: tag["Value"] for tag in found[0]["Instances"][0]["Tags"]}
    assert tags == {"aws:autoscaling:groupName": name}
    with pytest.raises(ClientError, match="already part of"):
        asg.attach_instances(AutoScalingGroupName=name, InstanceIds=[attached])


def test_an_instance_that_does_not_run_or_is_one_too_many_cannot_be_attached(
    aws: Any, asg: Any, group: CreateGroup
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_AttachInstances.html"""
    name = group(MaxSize=4)
    ec2 = aws("ec2")
    launched = ec2.run_instances(ImageId="ami-12c6146b", MinCount=2, MaxCount=2)["Instances"]
    first, second = (each["InstanceId"] for each in launched)

    with pytest.raises(ClientError, match="please update the AutoScalingGroup sizes"):
        asg.attach_instances(AutoScalingGroupName=name, InstanceIds=[first, second])
    ec2.stop_instances(InstanceIds=[second])
    with pytest.raises(ClientError, match="must be running"):
        asg.attach_instances(AutoScalingGroupName=name, InstanceIds=[second])
    assert described(asg, name)["DesiredCapacity"] == 3


def test_an_attachment_is_an_activity(aws: Any, asg: Any, group: CreateGroup) -> None:
    """API_DescribeScalingActivities; the words are those of a notification that a user kept."""
    name = group()
    launched = aws("ec2").run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1)
    attached = launched["Instances"][0]["InstanceId"]

    asg.attach_instances(AutoScalingGroupName=name, InstanceIds=[attached])

    activity = activities(asg, name)[0]
    assert activity["Description"] == f"Attaching an existing EC2 instance: {attached}"
    assert activity["Cause"].endswith(
        "an instance was added in response to user request. Keeping the capacity at the new 4."
    )
    assert activity["StatusCode"] == "Successful"


def test_an_instance_of_another_zone_or_while_launches_are_suspended_is_not_attached(
    aws: Any, asg: Any, group: CreateGroup, subnets: dict[str, str]
) -> None:
    """The same page: "launched into one of the Availability Zones defined in your Auto Scaling
    group"; "How suspended processes affect other processes": Launch must be resumed first. No
    recording of the words is known."""
    zones = sorted(subnets)
    name = group(VPCZoneIdentifier=subnets[zones[0]])
    stranger, candidate = (
        aws("ec2").run_instances(
            ImageId="ami-12c6146b", MinCount=1, MaxCount=1, SubnetId=subnets[zone]
        )["Instances"][0]["InstanceId"]
        for zone in (zones[1], zones[0])
    )

    with pytest.raises(ClientError, match="is none of the Availability Zones"):
        asg.attach_instances(AutoScalingGroupName=name, InstanceIds=[stranger])
    with pytest.raises(ClientError, match="ValidationError"):
        asg.attach_instances(AutoScalingGroupName=name, InstanceIds=["i-0123456789abcdef0"])
    asg.suspend_processes(AutoScalingGroupName=name, ScalingProcesses=["Launch"])
    with pytest.raises(ClientError, match="process Launch, which is suspended"):
        asg.attach_instances(AutoScalingGroupName=name, InstanceIds=[candidate])
    assert described(asg, name)["DesiredCapacity"] == 3


def test_a_member_in_standby_gets_no_traffic_until_it_returns(
    aws: Any, asg: Any, group: CreateGroup, target_group: str
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-enter-exit-standby.html"""
    name = group(TargetGroupARNs=[target_group])
    chosen = instances(asg, name)[0]

    asg.enter_standby(
        AutoScalingGroupName=name, InstanceIds=[chosen], ShouldDecrementDesiredCapacity=True
    )
    assert instances(asg, name, "Standby") == [chosen]
    assert len(instances(asg, name)) == 2
    assert targets(aws, target_group)[chosen] == "draining"

    asg.exit_standby(AutoScalingGroupName=name, InstanceIds=[chosen])
    assert chosen in instances(asg, name)
    assert targets(aws, target_group)[chosen] == "initial"


def test_a_protected_instance_is_not_scaled_in(asg: Any, group: CreateGroup) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-instance-protection.html"""
    name = group()
    kept = instances(asg, name)[0]
    asg.set_instance_protection(
        AutoScalingGroupName=name, InstanceIds=[kept], ProtectedFromScaleIn=True
    )

    asg.set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=1)

    assert instances(asg, name) == [kept]


def test_an_instance_of_no_group_cannot_be_protected(asg: Any, group: CreateGroup) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_SetInstanceProtection.html"""
    name = group()

    with pytest.raises(ClientError, match="i-0123456789abcdef0 is not part of Auto Scaling group"):
        asg.set_instance_protection(
            AutoScalingGroupName=name,
            InstanceIds=["i-0123456789abcdef0"],
            ProtectedFromScaleIn=True,
        )


def test_several_instances_are_terminated_in_one_request(asg: Any, group: CreateGroup) -> None:
    """API_TerminateInstanceInAutoScalingGroup: InstanceIds, and Activities in the answer."""
    name = group(MinSize=1)
    first, second, third = instances(asg, name)
    terminate = asg.terminate_instance_in_auto_scaling_group
    of = {"AutoScalingGroupName": name, "ShouldDecrementDesiredCapacity": True}

    for wrong, why in (
        ([first, "i-0123456789abcdef0"], "i-0123456789abcdef0 is not part of"),
        ([first, second, third], "desiredSize equals minSize"),
    ):
        with pytest.raises(ClientError, match=f"ValidationError.*{why}"):
            terminate(InstanceIds=wrong, **of)
    with pytest.raises(ClientError, match="Either InstanceId or InstanceIds"):
        terminate(**of)
    assert len(instances(asg, name)) == 3
    answer = terminate(InstanceIds=[first, second], **of)

    assert "Activity" not in answer
    assert [each["Description"] for each in answer["Activities"]] == [
        f"Terminating EC2 instance: {each}" for each in (first, second)
    ]
    assert instances(asg, name) == [third]


def test_a_request_names_only_so_many(asg: Any, group: CreateGroup) -> None:
    """Auto Scaling User Guide, "Quotas". hashicorp/terraform-provider-aws issue 11301 and
    aws-solutions/instance-scheduler-on-aws issue 549 have the words."""
    name = group(DesiredCapacity=0)
    ids = [f"i-{number:017x}" for number in range(51)]
    eleven = [f"balancer-{number}" for number in range(11)]

    with pytest.raises(ClientError, match=r"ValidationError.*at most 20 InstanceIds"):
        asg.exit_standby(AutoScalingGroupName=name, InstanceIds=ids[:21])
    with pytest.raises(ClientError, match="LimitExceeded"):
        asg.set_instance_protection(
            AutoScalingGroupName=name, InstanceIds=ids, ProtectedFromScaleIn=True
        )
    with pytest.raises(
        ClientError, match=r"too many Load Balancers/Target Groups at once\. The limit is 10"
    ):
        asg.attach_load_balancers(AutoScalingGroupName=name, LoadBalancerNames=eleven)
    with pytest.raises(ClientError, match="tag:team filter type exceeds the maximum of 5 tag:team"):
        asg.describe_auto_scaling_groups(Filters=[{"Name": "tag:team", "Values": eleven[:6]}])
