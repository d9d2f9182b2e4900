"""The scaling activities of groups, also of those that were deleted."""

from __future__ import annotations

from typing import Any

import pytest
from auto_scaling_driver import (
    CreateGroup,
    activities,
    another,
    boot_all,
    described,
    end,
    instances,
    targets,
    turn,
)
from botocore.exceptions import ClientError

from local_aws.contract.facts import Facts, TargetKey


def test_creation_is_shown_in_the_activities(asg: Any, group: CreateGroup) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-verify-scaling-activity.html"""
    name = group(DesiredCapacity=1)

    activity = activities(asg, name)[0]

    instance_id = instances(asg, name)[0]
    assert activity["Description"] == f"Launching a new EC2 instance: {instance_id}"
    assert activity["StatusCode"] == "Successful"
    assert activity["Progress"] == 100
    assert "a user request created an AutoScalingGroup" in activity["Cause"]
    assert "increasing the capacity from 0 to 1." in activity["Cause"]
    assert '"Availability Zone": "us-east-1a"' in activity["Details"]


def test_activities_come_in_pages(asg: Any, group: CreateGroup) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeScalingActivities.html"""
    name = group()

    pages = list(
        asg.get_paginator("describe_scaling_activities").paginate(
            AutoScalingGroupName=name, PaginationConfig={"PageSize": 2}
        )
    )

    assert [len(page["Activities"]) for page in pages] == [2, 1]


def test_a_deleted_group_s_activities_are_returned_on_request(asg: Any, group: CreateGroup) -> None:
    """API_DescribeScalingActivities: IncludeDeletedGroups."""
    other = group()
    name = another(asg, other)
    asg.delete_auto_scaling_group(AutoScalingGroupName=name, ForceDelete=True)
    with pytest.raises(ClientError, match=r"ValidationError.*not found"):
        asg.describe_scaling_activities(AutoScalingGroupName=name)

    found = asg.describe_scaling_activities(AutoScalingGroupName=name, IncludeDeletedGroups=True)
    assert {each["AutoScalingGroupName"] for each in found["Activities"]} == {name}
    assert {each["AutoScalingGroupState"] for each in found["Activities"]} == {"Deleted"}
    everybody = asg.describe_scaling_activities(IncludeDeletedGroups=True)["Activities"]
    assert {name, other} <= {each["AutoScalingGroupName"] for each in everybody}


def test_one_step_of_scaling_gives_its_activities_one_cause(asg: Any, group: CreateGroup) -> None:
    """CHAP_Troubleshooting: "increasing the capacity from 0 to 3"; users quoted scale-ins that name
    all instances that were selected."""
    name = group()
    launches = activities(asg, name)
    asg.set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=1)
    first, second = activities(asg, name)[:2]

    assert len(launches) == 3
    assert all("capacity from 0 to 3." in each["Cause"] for each in launches)
    assert first["Cause"] == second["Cause"]
    assert "shrinking the capacity from 3 to 1." in first["Cause"]
    for activity in (first, second):
        ended = activity["Description"].removeprefix("Terminating EC2 instance: ")
        assert f"instance {ended} was selected for termination." in first["Cause"]


def test_a_cause_has_no_more_characters_than_aws_allows(asg: Any, group: CreateGroup) -> None:
    """API_Activity: Cause, "Maximum length of 1023"."""
    name = group(MinSize=0, MaxSize=14, DesiredCapacity=14)
    asg.set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=0)

    assert len(activities(asg, name)[0]["Cause"]) == 1023


def test_an_activity_says_once_that_all_instances_are_protected(
    asg: Any, group: CreateGroup
) -> None:
    """ec2-auto-scaling-instance-protection; aws-samples/aws-fault-injection-simulator-workshop
    issue 114 quotes the status and the cause."""
    name = group(DesiredCapacity=1, NewInstancesProtectedFromScaleIn=True)
    kept = instances(asg, name)
    for _ in range(2):
        asg.set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=0)

    shown = activities(asg, name)
    assert len(shown) == 2
    assert shown[0]["StatusCode"] == "Cancelled"
    assert shown[0]["Description"] == (
        "Could not scale to desired capacity because all remaining instances are protected from "
        "scale-in."
    )
    assert "changing the desired capacity from 1 to 0.  At " in shown[0]["Cause"]
    assert shown[0]["Cause"].endswith("Z group reached equilibrium.")
    assert "StatusMessage" not in shown[0]
    assert instances(asg, name) == kept


def test_activities_say_how_zones_are_balanced(
    asg: Any, group: CreateGroup, subnets: dict[str, str], facts: Facts
) -> None:
    """awslabs/benchmark-ai issue 71 quotes the cause of the termination; others that of the
    launch."""
    name = group(VPCZoneIdentifier=subnets["us-east-1a"], DesiredCapacity=2)
    boot_all(asg, name, facts)
    both = f"{subnets['us-east-1a']},{subnets['us-east-1b']}"
    asg.update_auto_scaling_group(AutoScalingGroupName=name, VPCZoneIdentifier=both)
    turn(facts)
    launch = activities(asg, name)[0]["Cause"]
    boot_all(asg, name, facts)
    turn(facts)
    termination = activities(asg, name)[0]["Cause"]

    assert launch.endswith(
        "Z availability zones us-east-1a us-east-1b had 2 0 instances respectively. An instance "
        "was launched to aid in balancing the group's zones."
    )
    assert (
        "instances were launched to balance instances in zones us-east-1a us-east-1b with other "
        "zones resulting in more than desired number of instances in the group.  At " in termination
    )
    assert "shrinking the capacity from 3 to 2." in termination


@pytest.mark.usefixtures("no_waiting")
def test_an_activity_says_that_connections_drain(
    aws: Any, asg: Any, group: CreateGroup, target_group: str, facts: Facts
) -> None:
    """API_Activity: WaitingForELBConnectionDraining. Users quoted the description."""
    name = group(DesiredCapacity=1, TargetGroupARNs=[target_group])
    boot_all(asg, name, facts)
    [leaving] = instances(asg, name)
    [port] = {
        each["Target"]["Port"]
        for each in aws("elbv2").describe_target_health(TargetGroupArn=target_group)[
            "TargetHealthDescriptions"
        ]
    }
    facts.targets_in_use = frozenset({TargetKey(target_group, leaving, port)})
    asg.set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=0)

    waiting = activities(asg, name)[0]
    assert targets(aws, target_group) == {leaving: "draining"}
    assert waiting["StatusCode"] == "WaitingForELBConnectionDraining"
    assert waiting["Description"] == (
        f"Terminating EC2 instance: {leaving} - Waiting For ELB Connection Draining."
    )

    facts.targets_in_use = frozenset()
    turn(facts)
    assert activities(asg, name)[0]["StatusCode"] == "InProgress"
    end(facts, leaving)
    done = activities(asg, name)[0]
    assert done["Description"] == f"Terminating EC2 instance: {leaving}"
    assert done["StatusCode"] == "Successful"


def test_health_is_in_capitals_where_instances_are_described(asg: Any, group: CreateGroup) -> None:
    """The AWS CLI's examples of describe-auto-scaling-instances: "HealthStatus": "HEALTHY"."""
    name = group(DesiredCapacity=1)
    [of_group] = described(asg, name)["Instances"]
    [alone] = asg.describe_auto_scaling_instances(InstanceIds=instances(asg, name))[
        "AutoScalingInstances"
    ]

    assert (of_group["HealthStatus"], alone["HealthStatus"]) == ("Healthy", "HEALTHY")
    assert (of_group["LifecycleState"], alone["LifecycleState"]) == ("InService", "InService")


def test_activities_are_filtered_by_status_and_time(asg: Any, group: CreateGroup) -> None:
    """API_DescribeScalingActivities: Filters."""
    name = group(DesiredCapacity=1)
    asg.set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=2)

    def found(name_of_filter: str, *values: str, **of: str) -> int:
        filters = [{"Name": name_of_filter, "Values": list(values)}]
        return len(asg.describe_scaling_activities(Filters=filters, **of)["Activities"])

    of = {"AutoScalingGroupName": name}
    assert found("Status", "Successful", **of) == 2
    assert found("Status", "Failed", "Cancelled", **of) == 0
    second = activities(asg, name)[0]["StartTime"].isoformat()
    assert found("StartTimeLowerBound", second, **of) == 1
    assert found("StartTimeUpperBound", "2000-01-18T16:15:00+08:00", **of) == 0
    assert found("StartTimeUpperBound", "2999-01-18T16:15:00", **of) == 2
    for wrong in (("Status", "Successful"), ("Color", "red"), ("StartTimeLowerBound", "noon")):
        with pytest.raises(ClientError, match="ValidationError"):
            found(*wrong)
