"""In which zones and subnets a group launches, and how it balances them."""

from __future__ import annotations

from typing import Any

from auto_scaling_driver import CreateGroup, boot_all, described, instances, turn, zones

from local_aws.contract.facts import Facts


def test_each_zone_gets_its_share_in_the_group_s_subnets(
    aws: Any, asg: Any, group: CreateGroup, subnets: dict[str, str]
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-availability-zone-balanced.html"""
    name = group(DesiredCapacity=6)

    assert zones(asg, name) == dict.fromkeys(subnets, 2)
    found = aws("ec2").describe_instances(InstanceIds=instances(asg, name))["Reservations"]
    placed = {each["Instances"][0]["SubnetId"] for each in found}
    assert placed == set(subnets.values())


def test_a_group_by_zones_uses_their_default_subnets(
    aws: Any, asg: Any, group: CreateGroup, subnets: dict[str, str]
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateAutoScalingGroup.html"""
    name = group(VPCZoneIdentifier=None, AvailabilityZones=list(subnets))

    assert zones(asg, name) == dict.fromkeys(subnets, 1)
    found = aws("ec2").describe_instances(InstanceIds=instances(asg, name))["Reservations"]
    assert {each["Instances"][0]["SubnetId"] for each in found} == set(subnets.values())


def test_of_two_subnets_in_a_zone_the_emptier_one_is_filled(
    aws: Any, asg: Any, group: CreateGroup, subnets: dict[str, str], default_vpc: str
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/asg-in-vpc.html"""
    ec2 = aws("ec2")
    ec2.associate_vpc_cidr_block(VpcId=default_vpc, CidrBlock="172.30.0.0/20")
    second = ec2.create_subnet(
        VpcId=default_vpc, CidrBlock="172.30.0.0/24", AvailabilityZone="us-east-1a"
    )["Subnet"]["SubnetId"]
    both = [subnets["us-east-1a"], second]
    name = group(VPCZoneIdentifier=",".join(both), DesiredCapacity=4)

    found = ec2.describe_instances(InstanceIds=instances(asg, name))["Reservations"]
    placed = sorted(each["Instances"][0]["SubnetId"] for each in found)
    assert placed == sorted(both * 2)


def test_a_new_zone_is_filled_before_an_old_instance_goes(
    asg: Any, group: CreateGroup, subnets: dict[str, str], facts: Facts
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-availability-zone-balanced.html"""
    name = group(VPCZoneIdentifier=subnets["us-east-1a"], DesiredCapacity=2)
    boot_all(asg, name, facts)
    assert zones(asg, name) == {"us-east-1a": 2}

    asg.update_auto_scaling_group(
        AutoScalingGroupName=name,
        VPCZoneIdentifier=f"{subnets['us-east-1a']},{subnets['us-east-1b']}",
    )
    turn(facts)
    assert len(instances(asg, name, "InService")) == 2
    assert len(instances(asg, name, "Pending")) == 1

    boot_all(asg, name, facts)
    turn(facts)
    serving = [
        each["AvailabilityZone"]
        for each in described(asg, name)["Instances"]
        if each["LifecycleState"] == "InService"
    ]
    assert sorted(serving) == ["us-east-1a", "us-east-1b"]


def test_zones_are_not_balanced_while_that_is_suspended(
    asg: Any, group: CreateGroup, subnets: dict[str, str], facts: Facts
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-suspend-resume-processes.html"""
    name = group(VPCZoneIdentifier=subnets["us-east-1a"], DesiredCapacity=2)
    boot_all(asg, name, facts)
    asg.suspend_processes(AutoScalingGroupName=name, ScalingProcesses=["AZRebalance"])
    both = f"{subnets['us-east-1a']},{subnets['us-east-1b']}"
    asg.update_auto_scaling_group(AutoScalingGroupName=name, VPCZoneIdentifier=both)
    turn(facts)
    assert zones(asg, name) == {"us-east-1a": 2}

    asg.resume_processes(AutoScalingGroupName=name, ScalingProcesses=["AZRebalance"])
    assert zones(asg, name) == {"us-east-1a": 2, "us-east-1b": 1}
