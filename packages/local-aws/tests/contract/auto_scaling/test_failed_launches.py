"""A launch that fails is a failed activity: nothing is left of it, and other groups go on."""

from __future__ import annotations

from typing import Any

import pytest
from auto_scaling_driver import (
    CreateGroup,
    activities,
    described,
    instances,
    later,
    new_version,
    report,
    turn,
    zones,
)

from local_aws.contract.facts import Facts
from local_aws.control_plane.auto_scaling.group import schedule


def test_a_launch_that_fails_is_a_failed_activity_and_is_not_repeated_at_once(
    aws: Any, asg: Any, group: CreateGroup, launch_template: str, facts: Facts
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/CHAP_Troubleshooting.html"""
    new_version(aws, launch_template, SecurityGroupIds=["sg-0123456789abcdef0"])
    name = group(DesiredCapacity=1)
    turn(facts)

    found = activities(asg, name)

    assert [each["StatusCode"] for each in found] == ["Failed"]
    assert "sg-0123456789abcdef0" in found[0]["StatusMessage"]


def test_without_its_subnet_a_group_s_launches_fail(
    aws: Any, asg: Any, group: CreateGroup, subnets: dict[str, str], facts: Facts
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/ts-as-instancelaunchfailure.html"""
    ec2 = aws("ec2")
    vpc = ec2.describe_vpcs()["Vpcs"][0]
    made = ec2.create_subnet(
        VpcId=vpc["VpcId"], CidrBlock="172.31.250.0/24", AvailabilityZone=min(subnets)
    )
    subnet_id = made["Subnet"]["SubnetId"]
    name = group(VPCZoneIdentifier=subnet_id, DesiredCapacity=0)
    ec2.delete_subnet(SubnetId=subnet_id)

    asg.set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=1)
    turn(facts)

    [failed] = activities(asg, name)
    assert failed["StatusCode"] == "Failed"
    assert f"The subnet ID '{subnet_id}' does not exist" in failed["StatusMessage"]
    assert subnet_id in failed["Details"]


@pytest.fixture
def own_subnets(aws: Any, subnets: dict[str, str]) -> dict[str, str]:
    """Three subnets that a test may fill or delete: the id by Availability Zone."""
    ec2 = aws("ec2")
    vpc_id = ec2.create_vpc(CidrBlock="10.88.0.0/16")["Vpc"]["VpcId"]
    made = {}
    for number, zone in enumerate(subnets):
        range_of_11 = f"10.88.{number}.0/28"
        made[zone] = ec2.create_subnet(VpcId=vpc_id, CidrBlock=range_of_11, AvailabilityZone=zone)[
            "Subnet"
        ]["SubnetId"]
    return made


def fill(aws: Any, subnet_id: str) -> list[str]:
    """Launch instances until the subnet has no address left; their ids."""
    launched = aws("ec2").run_instances(
        ImageId="ami-12c6146b", SubnetId=subnet_id, MinCount=11, MaxCount=11
    )
    return [each["InstanceId"] for each in launched["Instances"]]


def test_a_zone_that_lost_its_subnet_leaves_its_share_to_the_others(
    aws: Any, asg: Any, group: CreateGroup, own_subnets: dict[str, str], facts: Facts
) -> None:
    """API_AvailabilityZoneDistribution: balanced-best-effort, the default; "Add an Availability
    Zone" in the Amazon EC2 Auto Scaling User Guide: "If the attempt fails, however, Amazon EC2 Auto
    Scaling attempts to launch in other Availability Zones until it succeeds"."""
    name = group(VPCZoneIdentifier=",".join(own_subnets.values()), DesiredCapacity=0)
    lost, *others = own_subnets
    aws("ec2").delete_subnet(SubnetId=own_subnets[lost])

    asg.set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=4)
    turn(facts)

    assert zones(asg, name) == dict.fromkeys(others, 2)
    [failed] = [each for each in activities(asg, name) if each["StatusCode"] == "Failed"]
    assert f"The subnet ID '{own_subnets[lost]}' does not exist" in failed["StatusMessage"]
    assert lost in failed["Details"]


def test_a_zone_whose_subnet_is_full_leaves_its_share_to_the_others(
    aws: Any, asg: Any, group: CreateGroup, own_subnets: dict[str, str], facts: Facts
) -> None:
    """As above; EC2's error codes: InsufficientFreeAddressesInSubnet."""
    full, *others = own_subnets
    fill(aws, own_subnets[full])

    name = group(VPCZoneIdentifier=",".join(own_subnets.values()), DesiredCapacity=2)
    turn(facts)

    assert zones(asg, name) == dict.fromkeys(others, 1)


@pytest.mark.usefixtures("no_waiting")
def test_a_zone_that_takes_launches_again_gets_its_share(
    aws: Any, asg: Any, group: CreateGroup, own_subnets: dict[str, str], facts: Facts
) -> None:
    """ "Rebalancing activities" in the Amazon EC2 Auto Scaling User Guide: after "an Availability
    Zone that previously had insufficient capacity recovers"."""
    full, *others = own_subnets
    taking = fill(aws, own_subnets[full])
    name = group(VPCZoneIdentifier=",".join(own_subnets.values()), DesiredCapacity=4)
    for instance_id in instances(asg, name, "Pending"):
        report(facts, instance_id)
    turn(facts)
    assert zones(asg, name) == dict.fromkeys(others, 2)

    later(facts, 30)
    assert zones(asg, name) == dict.fromkeys(others, 2)
    assert len([each for each in activities(asg, name) if each["StatusCode"] == "Failed"]) == 1

    aws("ec2").terminate_instances(InstanceIds=taking)
    turn(facts)
    later(facts, 100)
    assert zones(asg, name)[full] == 1


def test_without_its_template_s_version_a_group_s_launches_fail(
    aws: Any, asg: Any, group: CreateGroup, launch_template: str, unique_name: str
) -> None:
    """API_DeleteLaunchTemplateVersions: whoever uses one is not asked."""
    new_version(aws, launch_template, InstanceType="t3.small")
    chosen = {"LaunchTemplateId": launch_template, "Version": "2"}
    name = group(LaunchTemplate=chosen, DesiredCapacity=2)
    aws("ec2").delete_launch_template_versions(LaunchTemplateId=launch_template, Versions=["2"])

    asg.set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=1)
    asg.set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=2)
    asg.create_launch_configuration(
        LaunchConfigurationName=unique_name, ImageId="ami-12c6146b", InstanceType="t3.micro"
    )
    asg.delete_launch_configuration(LaunchConfigurationName=unique_name)

    assert len(instances(asg, name)) == 1
    failed = activities(asg, name)[0]
    assert failed["StatusCode"] == "Failed"
    assert "version 2" in failed["StatusMessage"]


@pytest.mark.parametrize("source", ["LaunchConfigurationName", "LaunchTemplate"])
@pytest.mark.parametrize("is_arn", [False, True])
def test_without_its_instance_profile_nothing_is_launched(
    aws: Any,
    asg: Any,
    group: CreateGroup,
    launch_template: str,
    unique_name: str,
    source: str,
    is_arn: bool,
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/ts-as-instancelaunchfailure.html

    The words are those that users reported of AWS.
    """
    ec2 = aws("ec2")
    missing = f"arn:aws:iam::123456789012:instance-profile/{unique_name}" if is_arn else unique_name
    new_version(aws, launch_template, IamInstanceProfile={"Arn" if is_arn else "Name": missing})
    asg.create_launch_configuration(
        LaunchConfigurationName=unique_name,
        ImageId="ami-12c6146b",
        InstanceType="t3.micro",
        IamInstanceProfile=missing,
    )
    before = len(ec2.describe_instances()["Reservations"])
    changes: dict[str, Any] = {"DesiredCapacity": 1}
    if source == "LaunchConfigurationName":
        changes |= {"LaunchConfigurationName": unique_name, "LaunchTemplate": None}
    name = group(**changes)

    [failed] = activities(asg, name)
    assert failed["StatusCode"] == "Failed"
    said = {
        "LaunchConfigurationName": f"Invalid IamInstanceProfile: {missing}",
        "LaunchTemplate": f"Invalid IAM Instance Profile {'ARN' if is_arn else 'name'}",
    }
    assert said[source] in failed["StatusMessage"]
    assert len(ec2.describe_instances()["Reservations"]) == before


def test_a_group_that_cannot_be_read_stops_no_other(
    asg: Any,
    group: CreateGroup,
    launch_template: str,
    facts: Facts,
    monkeypatch: pytest.MonkeyPatch,
    unique_name: str,
) -> None:
    """Groups on AWS know nothing of each other."""
    other = f"{unique_name}-other"
    name = group(DesiredCapacity=1)
    asg.create_auto_scaling_group(
        AutoScalingGroupName=other,
        MinSize=0,
        MaxSize=1,
        DesiredCapacity=0,
        LaunchTemplate={"LaunchTemplateId": launch_template},
        AvailabilityZones=["us-east-1a"],
    )
    advance = schedule.advance

    def failing(of: Any, now: float) -> None:
        if of.name == name:
            raise RuntimeError("whatever moto raises")
        if of.name == other:
            of.desired_capacity = 1
        advance(of, now)

    monkeypatch.setattr(schedule, "advance", failing)
    turn(facts)
    monkeypatch.undo()

    assert len(described(asg, other)["Instances"]) == 1
