"""InstanceMaintenancePolicy: how many serve at least, and are there at most, while some are
replaced.

Source: "Instance maintenance policies" in the Amazon EC2 Auto Scaling User Guide.
"""

from __future__ import annotations

import time
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
    report,
    turn,
    zones,
)
from botocore.exceptions import ClientError
from stack_driver import StackDriver

from local_aws.contract.facts import Facts
from local_aws.control_plane.ec2.instances import instance_states
from local_aws.control_plane.lock import LOCK

DAY = 86_400
LAUNCH_FIRST = {"MinHealthyPercentage": 100, "MaxHealthyPercentage": 110}
NONE = {"MinHealthyPercentage": -1, "MaxHealthyPercentage": -1}


pytestmark = pytest.mark.usefixtures("no_waiting")


def unhealthy(asg: Any, *instance_ids: str) -> None:
    for instance_id in instance_ids:
        asg.set_instance_health(InstanceId=instance_id, HealthStatus="Unhealthy")


def test_another_one_serves_before_an_unhealthy_one_goes(
    asg: Any, group: CreateGroup, facts: Facts
) -> None:
    """Auto Scaling User Guide, "Instance maintenance policies": launch before terminating."""
    name = group(InstanceMaintenancePolicy=LAUNCH_FIRST)
    boot_all(asg, name, facts)
    ill = instances(asg, name)[1]
    unhealthy(asg, ill)
    turn(facts)
    assert ill in instances(asg, name)
    assert len(instances(asg, name)) == 3
    assert len(instances(asg, name, "Pending")) == 1
    assert "unhealthy instance needing to be replaced" in activities(asg, name)[0]["Cause"]

    boot_all(asg, name, facts)

    assert ill not in instances(asg, name)
    assert len(instances(asg, name)) == 3
    assert "in response to a user health-check" in activities(asg, name)[0]["Cause"]
    end(facts, ill)
    for _ in range(3):
        turn(facts)
    assert zones(asg, name) == {"us-east-1a": 1, "us-east-1b": 1, "us-east-1c": 1}


def test_the_new_one_has_warmed_up_before_the_old_one_goes(
    asg: Any, group: CreateGroup, facts: Facts
) -> None:
    """Auto Scaling User Guide, "Instance maintenance policy": instance warmup."""
    name = group(
        DesiredCapacity=1, InstanceMaintenancePolicy=LAUNCH_FIRST, DefaultInstanceWarmup=300
    )
    boot_all(asg, name, facts)
    ill = instances(asg, name)[0]
    unhealthy(asg, ill)
    turn(facts)
    boot_all(asg, name, facts)
    later(facts, 290)
    assert ill in instances(asg, name)
    later(facts, 301)
    assert ill not in instances(asg, name)


def test_without_a_policy_an_unhealthy_one_goes_first(
    asg: Any, group: CreateGroup, facts: Facts
) -> None:
    """Auto Scaling User Guide, "Instance maintenance policy", default behaviors."""
    name = group()
    boot_all(asg, name, facts)
    ill = instances(asg, name)[0]
    unhealthy(asg, ill)
    turn(facts)
    assert ill not in instances(asg, name)


@pytest.mark.parametrize("is_unhealthy", [False, True])
def test_what_has_ended_is_replaced_at_once(
    aws: Any, asg: Any, group: CreateGroup, facts: Facts, is_unhealthy: bool
) -> None:
    """An instance that was terminated cannot serve until another one does."""
    name = group(InstanceMaintenancePolicy=LAUNCH_FIRST)
    boot_all(asg, name, facts)
    gone = instances(asg, name)[0]
    if is_unhealthy:
        unhealthy(asg, gone)
        turn(facts)
    aws("ec2").terminate_instances(InstanceIds=[gone])
    end(facts, gone)
    turn(facts)
    assert gone not in instances(asg, name)
    assert len(instances(asg, name, "Pending")) == 1


def test_all_of_them_unhealthy_are_replaced_one_by_one(
    asg: Any, group: CreateGroup, facts: Facts
) -> None:
    """Auto Scaling User Guide, "Instance maintenance policy": never more than the maximum."""
    name = group(InstanceMaintenancePolicy=LAUNCH_FIRST)
    boot_all(asg, name, facts)
    first = instances(asg, name)
    unhealthy(asg, *first)
    turn(facts)
    for left in (3, 2, 1):
        serving = instances(asg, name)
        assert len(serving) == 3
        assert len(set(first) & set(serving)) == left
        assert len(instances(asg, name, "Pending")) == 1
        boot_all(asg, name, facts)
    assert len(instances(asg, name)) == 3
    assert not set(first) & set(instances(asg, name))


def test_a_wide_range_replaces_several_at_once(asg: Any, group: CreateGroup, facts: Facts) -> None:
    """Auto Scaling User Guide, "Instance maintenance policies": a larger range, more at a time."""
    name = group(
        MaxSize=8,
        DesiredCapacity=4,
        InstanceMaintenancePolicy={"MinHealthyPercentage": 50, "MaxHealthyPercentage": 150},
    )
    boot_all(asg, name, facts)
    unhealthy(asg, *instances(asg, name))
    turn(facts)
    assert len(instances(asg, name)) == 2
    assert len(instances(asg, name, "Pending")) == 4


def test_who_is_too_old_goes_when_another_one_serves(
    asg: Any, group: CreateGroup, facts: Facts
) -> None:
    """Auto Scaling User Guide, "Instance maintenance policy": maximum instance lifetime."""
    name = group(InstanceMaintenancePolicy=LAUNCH_FIRST, MaxInstanceLifetime=DAY)
    boot_all(asg, name, facts)
    first = set(instances(asg, name))
    later(facts, DAY + 1)
    assert set(instances(asg, name)) == first
    (new,) = instances(asg, name, "Pending")
    report(facts, new)
    with LOCK:  # the instance only: for the group it is a day later
        instance_states.advance(facts, time.time())
    later(facts, DAY + 2)
    later(facts, DAY + 3)
    assert len(first & set(instances(asg, name))) == 2
    assert new in instances(asg, name)


def test_a_refresh_keeps_to_the_policy(asg: Any, group: CreateGroup, facts: Facts) -> None:
    """API_RefreshPreferences, MinHealthyPercentage: by default that of the policy."""
    name = group(InstanceMaintenancePolicy=LAUNCH_FIRST)
    boot_all(asg, name, facts)
    first = instances(asg, name)
    asg.start_instance_refresh(AutoScalingGroupName=name)
    assert instances(asg, name) == first
    assert len(instances(asg, name, "Pending")) == 1


@pytest.mark.parametrize("process", ["ReplaceUnhealthy", "Terminate"])
def test_nobody_is_replaced_while_that_is_suspended(
    asg: Any, group: CreateGroup, facts: Facts, process: str
) -> None:
    """Auto Scaling User Guide, "Suspend and resume processes"."""
    name = group(InstanceMaintenancePolicy=LAUNCH_FIRST)
    boot_all(asg, name, facts)
    asg.suspend_processes(AutoScalingGroupName=name, ScalingProcesses=[process])
    unhealthy(asg, instances(asg, name)[0])
    turn(facts)
    assert len(instances(asg, name)) == 3
    assert instances(asg, name, "Pending") == []
    asg.resume_processes(AutoScalingGroupName=name, ScalingProcesses=[process])
    assert len(instances(asg, name, "Pending")) == 1


def test_a_member_that_is_healthy_again_stays(asg: Any, group: CreateGroup, facts: Facts) -> None:
    """SetInstanceHealth makes an instance Healthy again; what was launched for it is one too
    many."""
    name = group(InstanceMaintenancePolicy=LAUNCH_FIRST)
    boot_all(asg, name, facts)
    ill = instances(asg, name)[0]
    unhealthy(asg, ill)
    turn(facts)
    asg.set_instance_health(InstanceId=ill, HealthStatus="Healthy")
    for _ in range(3):
        boot_all(asg, name, facts)
    assert len(instances(asg, name)) == 3


def test_a_policy_is_shown_changed_and_cleared(asg: Any, group: CreateGroup) -> None:
    """API_InstanceMaintenancePolicy: -1 clears it; so it does a default instance warmup."""
    name = group(InstanceMaintenancePolicy=LAUNCH_FIRST, DefaultInstanceWarmup=0)
    assert described(asg, name)["InstanceMaintenancePolicy"] == LAUNCH_FIRST
    assert described(asg, name)["DefaultInstanceWarmup"] == 0
    asg.update_auto_scaling_group(AutoScalingGroupName=name, MinSize=0)
    assert described(asg, name)["InstanceMaintenancePolicy"] == LAUNCH_FIRST
    asg.update_auto_scaling_group(
        AutoScalingGroupName=name, InstanceMaintenancePolicy=NONE, DefaultInstanceWarmup=-1
    )
    assert not {"InstanceMaintenancePolicy", "DefaultInstanceWarmup"} & described(asg, name).keys()


@pytest.mark.parametrize(
    ("minimum", "maximum", "says"),
    [
        (50, 160, "must not be greater than 100"),
        (90, 99, "MaxHealthyPercentage must be between 100 and 200"),
        (-1, 110, "both be -1"),
        (90, None, "must both be given"),
    ],
)
def test_percentages_that_do_not_fit_together_are_refused(
    asg: Any, group: CreateGroup, minimum: int, maximum: int | None, says: str
) -> None:
    """API_InstanceMaintenancePolicy."""
    policy = {"MinHealthyPercentage": minimum, "MaxHealthyPercentage": maximum}
    given = {name: value for name, value in policy.items() if value is not None}
    with pytest.raises(ClientError, match=f"ValidationError.*{says}"):
        group(InstanceMaintenancePolicy=given)
    name = group()
    with pytest.raises(ClientError, match=f"ValidationError.*{says}"):
        asg.update_auto_scaling_group(AutoScalingGroupName=name, InstanceMaintenancePolicy=given)


def test_a_stack_gives_and_takes_a_group_its_policy(
    asg: Any, stacks: StackDriver, launch_template: str, unique_name: str
) -> None:
    """AWS::AutoScaling::AutoScalingGroup, InstanceMaintenancePolicy, DefaultInstanceWarmup: no
    interruption."""

    def template(**properties: Any) -> dict[str, Any]:
        group = {
            "AvailabilityZones": ["us-east-1a"],
            "LaunchTemplate": {"LaunchTemplateId": launch_template, "Version": "1"},
            "MinSize": "0",
            "MaxSize": "0",
            **properties,
        }
        return {"Group": {"Type": "AWS::AutoScaling::AutoScalingGroup", "Properties": group}}

    own = {"InstanceMaintenancePolicy": LAUNCH_FIRST, "DefaultInstanceWarmup": 30}
    stacks.create(unique_name, template(**own))
    name = stacks.physical_id(unique_name, "Group")
    shown = described(asg, name)
    assert {key: shown[key] for key in own} == own
    stacks.update(unique_name, template(DefaultInstanceWarmup=0))
    assert described(asg, name)["DefaultInstanceWarmup"] == 0
    assert "InstanceMaintenancePolicy" not in described(asg, name)
    assert stacks.physical_id(unique_name, "Group") == name
