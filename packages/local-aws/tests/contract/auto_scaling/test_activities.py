"""The scaling activities of groups, also of those that were deleted."""

from __future__ import annotations

from typing import Any

import pytest
from auto_scaling_driver import CreateGroup, activities, another, instances
from botocore.exceptions import ClientError


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
