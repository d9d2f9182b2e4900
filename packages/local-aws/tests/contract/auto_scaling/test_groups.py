"""Auto Scaling groups: launched right, kept at their capacity, in their target groups, deleted."""

from __future__ import annotations

import re
from typing import Any

import pytest
from auto_scaling_driver import (
    CreateGroup,
    activities,
    another,
    boot_all,
    described,
    instances,
    new_version,
    targets,
    zones,
)
from botocore.exceptions import ClientError

from local_aws.contract.facts import Facts


def test_instances_show_the_template_version_they_were_launched_from(
    aws: Any, asg: Any, group: CreateGroup, launch_template: str
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_AutoScalingInstanceDetails.html"""
    name = group(DesiredCapacity=1)
    first = instances(asg, name)[0]
    new_version(aws, launch_template, InstanceType="t3.large")
    asg.set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=2)

    found = asg.describe_auto_scaling_instances(InstanceIds=instances(asg, name))
    versions = {
        each["InstanceId"]: (each["LaunchTemplate"]["Version"], each["InstanceType"])
        for each in found["AutoScalingInstances"]
    }
    assert versions.pop(first) == ("1", "t3.micro")
    assert list(versions.values()) == [("2", "t3.large")]


def test_an_exact_template_version_is_honoured(
    aws: Any, asg: Any, group: CreateGroup, launch_template: str
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_LaunchTemplateSpecification.html"""
    new_version(aws, launch_template, InstanceType="t3.large")
    name = group(
        DesiredCapacity=1, LaunchTemplate={"LaunchTemplateId": launch_template, "Version": "1"}
    )

    assert described(asg, name)["Instances"][0]["InstanceType"] == "t3.micro"


def test_instances_carry_the_template_s_profile_and_the_group_s_tags(
    aws: Any, asg: Any, group: CreateGroup, launch_template: str, unique_name: str
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-tagging.html"""
    aws("iam").create_instance_profile(InstanceProfileName=unique_name)
    own = {"ResourceType": "instance", "Tags": [{"Key": "own", "Value": "3"}]}
    new_version(
        aws,
        launch_template,
        IamInstanceProfile={"Name": unique_name},
        TagSpecifications=[own],
    )
    name = group(
        DesiredCapacity=1,
        Tags=[
            {"Key": "kept", "Value": "1", "PropagateAtLaunch": False},
            {"Key": "passed", "Value": "2", "PropagateAtLaunch": True},
        ],
    )

    found = aws("ec2").describe_instances(InstanceIds=instances(asg, name))
    instance = found["Reservations"][0]["Instances"][0]
    tags = {tag["Key"]: tag["Value"] for tag in instance["Tags"]}
    assert instance["IamInstanceProfile"]["Arn"].endswith(unique_name)
    assert (tags["passed"], tags["own"]) == ("2", "3")
    assert tags["aws:autoscaling:groupName"] == name
    assert "kept" not in tags


@pytest.mark.parametrize("named_by", ["InstanceProfileName", "Arn"])
def test_a_launch_configuration_is_honoured_too(
    aws: Any, asg: Any, group: CreateGroup, unique_name: str, named_by: str
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateLaunchConfiguration.html"""
    created = aws("iam").create_instance_profile(InstanceProfileName=unique_name)
    asg.create_launch_configuration(
        LaunchConfigurationName=unique_name,
        ImageId="ami-12c6146b",
        InstanceType="t2.nano",
        IamInstanceProfile=created["InstanceProfile"][named_by],
    )
    name = group(LaunchTemplate=None, LaunchConfigurationName=unique_name, DesiredCapacity=1)

    instance = described(asg, name)["Instances"][0]
    assert instance["InstanceType"] == "t2.nano"
    assert instance["LaunchConfigurationName"] == unique_name
    assert "LaunchTemplate" not in instance
    found = aws("ec2").describe_instances(InstanceIds=instances(asg, name))["Reservations"]
    profile = found[0]["Instances"][0]["IamInstanceProfile"]
    assert profile["Arn"] == created["InstanceProfile"]["Arn"]


def test_an_instance_is_pending_until_it_runs(asg: Any, group: CreateGroup, facts: Facts) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-lifecycle.html"""
    name = group()
    assert len(instances(asg, name, "Pending")) == 3

    boot_all(asg, name, facts)
    assert len(instances(asg, name, "InService")) == 3


def test_the_desired_capacity_is_met_upwards_and_downwards(
    asg: Any, group: CreateGroup, subnets: dict[str, str]
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_SetDesiredCapacity.html"""
    name = group()
    asg.set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=5)
    assert sorted(zones(asg, name).values()) == [1, 2, 2]

    asg.set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=3)
    assert zones(asg, name) == dict.fromkeys(subnets, 1)

    newest = activities(asg, name)[0]
    assert newest["Description"].startswith("Terminating EC2 instance: i-")
    assert "changing the desired capacity from 5 to 3" in newest["Cause"]
    assert "shrinking the capacity from 5 to 3" in newest["Cause"]


def test_the_termination_policy_chooses_who_goes(
    asg: Any, group: CreateGroup, subnets: dict[str, str]
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-termination-policies.html"""
    zone = next(iter(subnets.values()))
    name = group(VPCZoneIdentifier=zone, DesiredCapacity=1, TerminationPolicies=["NewestInstance"])
    first = instances(asg, name)
    asg.set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=2)
    second = [each for each in instances(asg, name) if each not in first]
    asg.set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=1)
    assert instances(asg, name) == first

    asg.update_auto_scaling_group(AutoScalingGroupName=name, TerminationPolicies=["OldestInstance"])
    asg.set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=2)
    third = [each for each in instances(asg, name) if each not in first + second]
    asg.set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=1)
    assert instances(asg, name) == third

    function = "arn:aws:lambda:us-east-1:123456789012:function:choose"
    with pytest.raises(ClientError, match=r"ValidationError.*choose is not emulated"):
        asg.update_auto_scaling_group(AutoScalingGroupName=name, TerminationPolicies=[function])
    with pytest.raises(ClientError, match="Invalid termination policy Oldest"):
        asg.update_auto_scaling_group(AutoScalingGroupName=name, TerminationPolicies=["Oldest"])


@pytest.mark.parametrize("capacity", [0, 7])
def test_a_capacity_out_of_bounds_is_refused(asg: Any, group: CreateGroup, capacity: int) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_SetDesiredCapacity.html"""
    name = group(MinSize=1)

    with pytest.raises(ClientError, match="New SetDesiredCapacity value"):
        asg.set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=capacity)


def test_a_scaling_policy_stops_at_the_bounds(asg: Any, group: CreateGroup) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-simple-step.html"""
    name = group(MaxSize=4)
    asg.put_scaling_policy(
        AutoScalingGroupName=name,
        PolicyName=name,
        AdjustmentType="ChangeInCapacity",
        ScalingAdjustment=2,
    )

    asg.execute_policy(AutoScalingGroupName=name, PolicyName=name)

    assert len(instances(asg, name)) == 4


def test_new_bounds_move_the_desired_capacity(asg: Any, group: CreateGroup) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_UpdateAutoScalingGroup.html"""
    name = group()
    asg.update_auto_scaling_group(AutoScalingGroupName=name, MaxSize=2)
    assert described(asg, name)["DesiredCapacity"] == 2
    assert len(instances(asg, name)) == 2

    asg.update_auto_scaling_group(AutoScalingGroupName=name, MinSize=4, MaxSize=4)
    assert len(instances(asg, name)) == 4


def test_a_second_group_of_the_same_name_is_refused(group: CreateGroup) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateAutoScalingGroup.html"""
    group()

    with pytest.raises(ClientError, match="AlreadyExists"):
        group()


def test_a_target_group_that_does_not_exist_is_refused(asg: Any, group: CreateGroup) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_AttachLoadBalancerTargetGroups.html"""
    missing = ["arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/missing/1"]
    with pytest.raises(ClientError, match="Target Groups may not be valid"):
        group(TargetGroupARNs=missing)

    name = group()
    with pytest.raises(ClientError, match="Target Groups may not be valid"):
        asg.attach_load_balancer_target_groups(AutoScalingGroupName=name, TargetGroupARNs=missing)
    assert described(asg, name)["TargetGroupARNs"] == []


def test_an_empty_group_alone_is_deleted_without_force(
    aws: Any, asg: Any, group: CreateGroup
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DeleteAutoScalingGroup.html"""
    name = group()
    ids = instances(asg, name)
    with pytest.raises(ClientError, match="ResourceInUse"):
        asg.delete_auto_scaling_group(AutoScalingGroupName=name)

    asg.delete_auto_scaling_group(AutoScalingGroupName=name, ForceDelete=True)

    assert asg.describe_auto_scaling_groups(AutoScalingGroupNames=[name])["AutoScalingGroups"] == []
    found = aws("ec2").describe_instances(InstanceIds=ids)["Reservations"]
    assert {each["Instances"][0]["State"]["Name"] for each in found} == {"terminated"}


def test_a_deleted_group_s_instances_leave_its_target_groups(
    aws: Any, asg: Any, group: CreateGroup, target_group: str
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DeleteAutoScalingGroup.html"""
    name = group(TargetGroupARNs=[target_group])

    asg.delete_auto_scaling_group(AutoScalingGroupName=name, ForceDelete=True)

    assert list(targets(aws, target_group).values()) == ["draining"] * 3


def test_a_group_without_instances_is_deleted(asg: Any, group: CreateGroup) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DeleteAutoScalingGroup.html"""
    name = group()
    asg.update_auto_scaling_group(AutoScalingGroupName=name, DesiredCapacity=0)

    asg.delete_auto_scaling_group(AutoScalingGroupName=name)

    found = asg.describe_auto_scaling_groups(AutoScalingGroupNames=[name])
    assert found["AutoScalingGroups"] == []


def test_suspended_processes_wait_until_they_are_resumed(asg: Any, group: CreateGroup) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-suspend-resume-processes.html"""
    name = group()
    asg.suspend_processes(AutoScalingGroupName=name, ScalingProcesses=["Launch", "Terminate"])
    asg.set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=4)
    assert len(instances(asg, name)) == 3
    asg.set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=2)
    assert len(instances(asg, name)) == 3

    asg.resume_processes(AutoScalingGroupName=name, ScalingProcesses=["Terminate"])
    assert len(instances(asg, name)) == 2


def test_groups_come_in_pages_and_without_instances_on_request(
    asg: Any, group: CreateGroup
) -> None:
    """API_DescribeAutoScalingGroups: IncludeInstances, MaxRecords, NextToken."""
    name = group()
    names = [name, another(asg, name)]
    first = asg.describe_auto_scaling_groups(AutoScalingGroupNames=names, MaxRecords=1)
    assert len(first["AutoScalingGroups"]) == 1
    second = asg.describe_auto_scaling_groups(
        AutoScalingGroupNames=names, MaxRecords=1, NextToken=first["NextToken"]
    )
    found = first["AutoScalingGroups"] + second["AutoScalingGroups"]
    assert [each["AutoScalingGroupName"] for each in found] == names
    assert all(each["Instances"] for each in found)
    with pytest.raises(ClientError, match=r"ValidationError.*MaxRecords"):
        asg.describe_auto_scaling_groups(MaxRecords=101)

    bare = asg.describe_auto_scaling_groups(AutoScalingGroupNames=names, IncludeInstances=False)
    assert [each["Instances"] for each in bare["AutoScalingGroups"]] == [[], []]
    assert described(asg, name)["Instances"]


def test_a_suspended_process_says_since_when(asg: Any, group: CreateGroup) -> None:
    """API_SuspendedProcess: SuspensionReason; the words are those that users kept of AWS."""
    name = group()
    asg.suspend_processes(AutoScalingGroupName=name, ScalingProcesses=["Launch", "Terminate"])

    shown = described(asg, name)["SuspendedProcesses"]

    assert [each["ProcessName"] for each in shown] == ["Launch", "Terminate"]
    for each in shown:
        assert re.fullmatch(
            r"User suspended at \d{4}-\d\d-\d\dT[\d:]{8}Z", each["SuspensionReason"]
        )


@pytest.mark.parametrize("call", ["suspend_processes", "resume_processes"])
def test_a_process_that_there_is_not(asg: Any, group: CreateGroup, call: str) -> None:
    """API_SuspendProcesses: ScalingProcesses; no recording of the words is known."""
    with pytest.raises(ClientError, match="Invalid scaling process Launches"):
        getattr(asg, call)(AutoScalingGroupName=group(), ScalingProcesses=["Launches"])


def test_an_update_changes_the_cooldown_and_the_placement_group(
    asg: Any, group: CreateGroup
) -> None:
    """API_UpdateAutoScalingGroup: DefaultCooldown; PlacementGroup, which an empty one removes."""
    name = group(DesiredCapacity=0, PlacementGroup="near")

    asg.update_auto_scaling_group(
        AutoScalingGroupName=name, DefaultCooldown=0, PlacementGroup="nearer"
    )
    shown = described(asg, name)
    assert (shown["DefaultCooldown"], shown["PlacementGroup"]) == (0, "nearer")
    asg.update_auto_scaling_group(AutoScalingGroupName=name, PlacementGroup="")
    assert "PlacementGroup" not in described(asg, name)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"LaunchTemplate": {"LaunchTemplateId": "lt-0123456789abcdef0"}}, "fully-formed"),
        ({"LaunchTemplate": {"LaunchTemplateName": "nowhere"}}, "fully-formed launch template"),
        (
            {"LaunchTemplate": None, "LaunchConfigurationName": "nowhere"},
            "Launch configuration name not found - A launch configuration with the name: nowhere",
        ),
        ({"VPCZoneIdentifier": "subnet-0123456789abcdef0"}, "The subnet ID 'subnet-0123456789abcd"),
        ({"VPCZoneIdentifier": None, "AvailabilityZones": ["us-east-1q"]}, "us-east-1q"),
    ],
    ids=["template", "template's name", "configuration", "subnet", "zone"],
)
def test_what_a_group_refers_to_is_there(
    asg: Any, group: CreateGroup, unique_name: str, changes: dict[str, Any], words: str
) -> None:
    """API_CreateAutoScalingGroup; the words are those that users reported, but the zone's."""
    with pytest.raises(ClientError, match=f"ValidationError.*{words}"):
        group(**changes)
    found = asg.describe_auto_scaling_groups(AutoScalingGroupNames=[unique_name])
    assert found["AutoScalingGroups"] == []


def test_a_name_has_no_colon(asg: Any, launch_template: str) -> None:
    """API_CreateAutoScalingGroup: "You cannot use a colon (:) in the name"."""
    with pytest.raises(ClientError, match="ValidationError"):
        asg.create_auto_scaling_group(
            AutoScalingGroupName="a:b",
            MinSize=0,
            MaxSize=0,
            AvailabilityZones=["us-east-1a"],
            LaunchTemplate={"LaunchTemplateId": launch_template},
        )
