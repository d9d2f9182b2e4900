"""AutoScalingInstanceRefresh: a stack's update replaces a group's instances by a refresh.

Source: "UpdatePolicy attribute" in the CloudFormation Template Reference.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import pytest
from auto_scaling_driver import described
from botocore.exceptions import ClientError
from cloudwatch_driver import alarm
from group_template import group_with_template
from stack_driver import StackDriver, template_body

ROLLING = {"Strategy": "Rolling"}


def template(
    service: Mapping[str, str], kind: str, refresh: Mapping[str, Any], **policies: Any
) -> dict[str, Any]:
    """A group of two whose launch template has this instance type."""
    policy = {"AutoScalingInstanceRefresh": refresh, **policies}
    return group_with_template(service, {"InstanceType": kind}, update_policy=policy)


def serving(asg: Any, group: str) -> dict[str, str]:
    """Instance types in service, by instance id."""
    return {
        each["InstanceId"]: each["InstanceType"]
        for each in described(asg, group)["Instances"]
        if each["LifecycleState"] == "InService"
    }


def test_a_new_template_version_refreshes_the_group(
    stacks: StackDriver, asg: Any, service: dict[str, str], unique_name: str
) -> None:
    """CfnAutoScalingInstanceRefresh, CDK API reference: properties that trigger a refresh."""
    preferences = {"MinHealthyPercentage": "100", "MaxHealthyPercentage": 150}
    refresh = {**ROLLING, "Preferences": preferences}
    stacks.create(unique_name, template(service, "t3.micro", refresh))
    group = stacks.physical_id(unique_name, "Group")
    first = serving(asg, group)

    updated = stacks.update(unique_name, template(service, "t3.small", refresh))

    assert updated["StackStatus"] == "UPDATE_COMPLETE", stacks.failures(unique_name)
    after = serving(asg, group)
    assert sorted(after.values()) == ["t3.small", "t3.small"]
    assert not first.keys() & after.keys()
    (found,) = asg.describe_instance_refreshes(AutoScalingGroupName=group)["InstanceRefreshes"]
    assert found["Status"] == "Successful"
    assert found["Preferences"]["MaxHealthyPercentage"] == 150
    reasons = [reason for name, _, reason in stacks.events(unique_name) if name == "Group"]
    assert any(found["InstanceRefreshId"] in reason for reason in reasons)


def test_another_change_refreshes_nothing(
    stacks: StackDriver, asg: Any, service: dict[str, str], unique_name: str
) -> None:
    """CloudFormation Template Reference, "UpdatePolicy attribute": what its policies look at."""
    resources = template(service, "t3.micro", ROLLING)
    stacks.create(unique_name, resources)
    group = stacks.physical_id(unique_name, "Group")
    first = serving(asg, group)
    resources["Group"]["Properties"]["MaxSize"] = "5"
    stacks.update(unique_name, resources)
    assert serving(asg, group) == first
    assert not asg.describe_instance_refreshes(AutoScalingGroupName=group)["InstanceRefreshes"]


def test_a_refresh_that_an_alarm_ends_is_rolled_back(
    aws: Any, stacks: StackDriver, asg: Any, service: dict[str, str], unique_name: str
) -> None:
    """CfnAutoScalingInstanceRefresh, Preferences: AlarmSpecification."""
    cloudwatch = aws("cloudwatch")
    alarm(cloudwatch, unique_name)
    cloudwatch.set_alarm_state(AlarmName=unique_name, StateValue="ALARM", StateReason="r")
    watched = {**ROLLING, "Preferences": {"AlarmSpecification": {"Alarms": [unique_name]}}}
    stacks.create(unique_name, template(service, "t3.micro", ROLLING))

    updated = stacks.update(unique_name, template(service, "t3.small", watched))

    assert updated["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert unique_name in stacks.failures(unique_name)["Group"]
    group = stacks.physical_id(unique_name, "Group")
    assert sorted(serving(asg, group).values()) == ["t3.micro", "t3.micro"]


@pytest.mark.parametrize(
    ("refresh", "others", "says"),
    [
        ({}, {}, "Strategy of AutoScalingInstanceRefresh must be Rolling"),
        ({"Strategy": "ReplaceRootVolume"}, {}, "must be Rolling; the local AWS emulates no other"),
        (ROLLING, {"AutoScalingRollingUpdate": {}}, "must not have both"),
        (ROLLING, {"AutoScalingRolingUpdate": {}}, "unsupported property AutoScalingRolingUpdate"),
        (
            {**ROLLING, "Preferences": {"MaxHealthyPercentage": 120}},
            {},
            "MaxHealthyPercentage needs MinHealthyPercentage",
        ),
    ],
)
def test_a_policy_without_effect_is_refused_before_anything_is_created(
    stacks: StackDriver,
    service: dict[str, str],
    unique_name: str,
    refresh: dict[str, Any],
    others: dict[str, Any],
    says: str,
) -> None:
    """CloudFormation Template Reference, "UpdatePolicy attribute"."""
    with pytest.raises(ClientError, match=f"ValidationError.*Resource Group: .*{says}"):
        stacks.create(unique_name, template(service, "t3.micro", refresh, **others))
    with pytest.raises(ClientError, match="does not exist"):
        stacks.described(unique_name)


@pytest.mark.parametrize(
    "policy",
    [
        {"AutoScalingInstanceRefresh": {**ROLLING, "Preferences": {"InstanceWarmup": 3600}}},
        {"AutoScalingRollingUpdate": {"PauseTime": "PT1H"}},
    ],
)
def test_a_stack_whose_group_is_deleted_meanwhile_can_be_deleted(
    stacks: StackDriver,
    aws: Any,
    asg: Any,
    service: dict[str, str],
    unique_name: str,
    policy: Mapping[str, Any],
) -> None:
    """CloudFormation User Guide, "Troubleshooting": resources that were changed outside of it."""

    def resources(kind: str) -> dict[str, Any]:
        return {
            name: {**each, **({"UpdatePolicy": policy} if name == "Group" else {})}
            for name, each in template(service, kind, ROLLING).items()
        }

    stacks.create(unique_name, resources("t3.micro"))
    group = stacks.physical_id(unique_name, "Group")
    stacks.client.update_stack(
        StackName=unique_name, TemplateBody=template_body(resources("t3.small"))
    )
    while "t3.small" not in serving(asg, group).values():
        time.sleep(0.05)
    asg.delete_auto_scaling_group(AutoScalingGroupName=group, ForceDelete=True)
    if "AutoScalingRollingUpdate" in policy:
        stacks.client.cancel_update_stack(StackName=unique_name)

    assert stacks.settled(unique_name)["StackStatus"] == "UPDATE_ROLLBACK_FAILED"
    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_COMPLETE"
    mine = [{"Name": "tag:aws:autoscaling:groupName", "Values": [group]}]
    found = aws("ec2").describe_instances(Filters=mine)["Reservations"]
    states = {one["State"]["Name"] for each in found for one in each["Instances"]}
    assert states <= {"shutting-down", "terminated"}
