"""The preferences of an instance refresh: how many serve meanwhile, when it waits, what ends it."""

from __future__ import annotations

from typing import Any

import pytest
from auto_scaling_driver import (
    CreateGroup,
    boot_all,
    described,
    instances,
    later,
    new_version,
    newest_refresh,
    settle,
    zones,
)
from botocore.exceptions import ClientError
from cloudwatch_driver import alarm

from local_aws.contract.facts import Facts
from local_aws.control_plane.auto_scaling.group.healthy_percentages import HealthyPercentages

pytestmark = pytest.mark.usefixtures("no_waiting")


def start(asg: Any, name: str, **preferences: Any) -> None:
    asg.start_instance_refresh(AutoScalingGroupName=name, Preferences=preferences)


@pytest.mark.parametrize(
    ("capacity", "percentages", "expected"),
    [
        (3, (90, None), (2, 3)),
        (3, (0, None), (0, 3)),
        (10, (90, None), (9, 10)),
        (10, (75, None), (8, 10)),
        (3, (100, None), (2, 3)),
        (3, (100, 200), (3, 6)),
        (3, (100, 110), (3, 4)),
        (3, (100, 100), (3, 4)),
        (1, (90, 100), (1, 2)),
        (4, (50, 100), (2, 4)),
        (10, (90, 120), (9, 12)),
    ],
)
def test_how_many_serve_at_least_and_are_there_at_most(
    capacity: int, percentages: tuple[int, int | None], expected: tuple[int, int]
) -> None:
    """API_RefreshPreferences, MaxHealthyPercentage: given, it lets an instance be launched first
    where none could be replaced otherwise; left out, one is taken out."""
    bounds = HealthyPercentages(*percentages)
    assert (bounds.fewest(capacity), bounds.most(capacity)) == expected


def test_with_a_maximum_the_new_instance_serves_before_the_old_one_goes(
    asg: Any, group: CreateGroup, facts: Facts
) -> None:
    """API_RefreshPreferences, MinHealthyPercentage and MaxHealthyPercentage."""
    name = group()
    boot_all(asg, name, facts)
    first = set(instances(asg, name))
    start(asg, name, MinHealthyPercentage=100, MaxHealthyPercentage=110)
    for left in (3, 2, 1):
        assert len(instances(asg, name, "Pending")) == 1
        assert len(first & set(instances(asg, name))) == left
        boot_all(asg, name, facts)
        assert len(instances(asg, name)) == 3
    assert not first & set(instances(asg, name))
    assert sorted(zones(asg, name).values()) == [2, 2, 2]  # with those that leave
    settle(asg, name, facts)
    assert zones(asg, name) == {"us-east-1a": 1, "us-east-1b": 1, "us-east-1c": 1}
    assert newest_refresh(asg, name)["Status"] == "Successful"


def test_the_next_goes_when_the_new_one_has_warmed_up(
    asg: Any, group: CreateGroup, facts: Facts
) -> None:
    """API_RefreshPreferences, InstanceWarmup: the group's DefaultInstanceWarmup without it."""
    name = group(DefaultInstanceWarmup=600)
    assert described(asg, name)["DefaultInstanceWarmup"] == 600
    boot_all(asg, name, facts)
    first = set(instances(asg, name))
    start(asg, name)
    settle(asg, name, facts)
    assert len(first & set(instances(asg, name))) == 2
    later(facts, 590)
    assert len(first & set(instances(asg, name))) == 2
    later(facts, 601)
    assert len(first & set(instances(asg, name))) == 1


def test_a_refresh_waits_at_its_checkpoints(asg: Any, group: CreateGroup, facts: Facts) -> None:
    """Auto Scaling User Guide, "Add checkpoints to an instance refresh"."""
    name = group()
    boot_all(asg, name, facts)
    first = set(instances(asg, name))
    start(asg, name, CheckpointPercentages=[30, 60], CheckpointDelay=600, MinHealthyPercentage=0)
    settle(asg, name, facts)
    assert len(first & set(instances(asg, name))) == 2
    later(facts, 601)
    settle(asg, name, facts)
    assert len(first & set(instances(asg, name))) == 1
    ended = newest_refresh(asg, name)
    assert (ended["Status"], ended["PercentageComplete"]) == ("Successful", 66)


def test_a_refresh_bakes_before_it_is_over(asg: Any, group: CreateGroup, facts: Facts) -> None:
    """API_RefreshPreferences, BakeTime."""
    name = group(DesiredCapacity=1)
    boot_all(asg, name, facts)
    start(asg, name, BakeTime=600)
    settle(asg, name, facts)
    assert newest_refresh(asg, name)["Status"] == "Baking"
    later(facts, 601)
    assert newest_refresh(asg, name)["Status"] == "Successful"


@pytest.mark.parametrize(
    ("preference", "stays", "status"),
    [("Refresh", 0, "Successful"), ("Ignore", 1, "Successful"), ("Wait", 1, "InProgress")],
)
def test_who_is_protected_from_scale_in_is_refreshed_as_was_said(
    asg: Any, group: CreateGroup, facts: Facts, preference: str, stays: int, status: str
) -> None:
    """API_RefreshPreferences, ScaleInProtectedInstances."""
    name = group()
    boot_all(asg, name, facts)
    kept = instances(asg, name)[0]
    asg.set_instance_protection(
        AutoScalingGroupName=name, InstanceIds=[kept], ProtectedFromScaleIn=True
    )
    start(asg, name, ScaleInProtectedInstances=preference)
    settle(asg, name, facts)
    assert instances(asg, name).count(kept) == stays
    assert newest_refresh(asg, name)["Status"] == status


@pytest.mark.parametrize(("released", "status"), [(True, "Successful"), (False, "Failed")])
def test_a_protected_instance_is_waited_for_an_hour(
    asg: Any, group: CreateGroup, facts: Facts, released: bool, status: str
) -> None:
    """API_RefreshPreferences, ScaleInProtectedInstances: Wait is the default."""
    name = group(DesiredCapacity=1, NewInstancesProtectedFromScaleIn=True)
    boot_all(asg, name, facts)
    kept = instances(asg, name)
    start(asg, name)
    later(facts, 3500)
    assert instances(asg, name) == kept
    if released:
        asg.set_instance_protection(
            AutoScalingGroupName=name, InstanceIds=kept, ProtectedFromScaleIn=False
        )
        settle(asg, name, facts)
    later(facts, 3601)
    assert newest_refresh(asg, name)["Status"] == status
    assert ("StatusReason" in newest_refresh(asg, name)) is (not released)


@pytest.mark.parametrize(
    ("preference", "state", "status"),
    [
        ("Terminate", [], "Successful"),
        ("Ignore", ["Standby"], "Successful"),
        ("Wait", ["Standby"], "InProgress"),
    ],
)
def test_who_is_in_standby_is_refreshed_as_was_said(
    asg: Any, group: CreateGroup, facts: Facts, preference: str, state: list[str], status: str
) -> None:
    """API_RefreshPreferences, StandbyInstances."""
    name = group()
    boot_all(asg, name, facts)
    aside = instances(asg, name)[0]
    asg.enter_standby(
        AutoScalingGroupName=name, InstanceIds=[aside], ShouldDecrementDesiredCapacity=True
    )
    start(asg, name, StandbyInstances=preference)
    settle(asg, name, facts)
    found = described(asg, name)["Instances"]
    assert [each["LifecycleState"] for each in found if each["InstanceId"] == aside] == state
    assert newest_refresh(asg, name)["Status"] == status


@pytest.mark.parametrize(
    ("rolls_back", "status"), [(False, "Failed"), (True, "RollbackSuccessful")]
)
def test_an_alarm_ends_a_refresh(
    aws: Any,
    asg: Any,
    group: CreateGroup,
    launch_template: str,
    facts: Facts,
    unique_name: str,
    rolls_back: bool,
    status: str,
) -> None:
    """API_RefreshPreferences, AlarmSpecification and AutoRollback; API_RollbackDetails."""
    alarm(aws("cloudwatch"), unique_name)
    new_version(aws, launch_template, InstanceType="t3.small")
    name = group(LaunchTemplate={"LaunchTemplateId": launch_template, "Version": "1"})
    boot_all(asg, name, facts)
    asg.start_instance_refresh(
        AutoScalingGroupName=name,
        DesiredConfiguration={
            "LaunchTemplate": {"LaunchTemplateId": launch_template, "Version": "2"}
        },
        Preferences={
            "AlarmSpecification": {"Alarms": [unique_name]},
            "AutoRollback": rolls_back,
        },
    )
    boot_all(asg, name, facts)
    aws("cloudwatch").set_alarm_state(AlarmName=unique_name, StateValue="ALARM", StateReason="r")
    settle(asg, name, facts)
    ended = newest_refresh(asg, name)
    assert ended["Status"] == status
    types = {each["InstanceType"] for each in described(asg, name)["Instances"]}
    assert types == ({"t3.micro"} if rolls_back else {"t3.micro", "t3.small"})
    reason = ended["RollbackDetails"]["RollbackReason"] if rolls_back else ended["StatusReason"]
    assert unique_name in reason


@pytest.mark.parametrize(
    ("preferences", "says"),
    [
        ({"MaxHealthyPercentage": 110}, "MaxHealthyPercentage needs MinHealthyPercentage"),
        ({"MinHealthyPercentage": 50, "MaxHealthyPercentage": 160}, "must not be greater than 100"),
        ({"CheckpointDelay": 5}, "CheckpointDelay needs CheckpointPercentages"),
        ({"CheckpointPercentages": [50, 20]}, "in ascending order"),
        ({"CheckpointPercentages": [50, 50]}, "unique"),
        ({"AutoRollback": True}, "needs a desired configuration"),
        ({"AlarmSpecification": {"Alarms": ["none"]}}, "none in AlarmSpecification does not exist"),
    ],
)
def test_preferences_that_do_not_fit_together_are_refused(
    asg: Any, group: CreateGroup, preferences: dict[str, Any], says: str
) -> None:
    """API_RefreshPreferences, each."""
    name = group()
    with pytest.raises(ClientError, match=f"ValidationError.*{says}"):
        start(asg, name, **preferences)
    assert asg.describe_instance_refreshes(AutoScalingGroupName=name)["InstanceRefreshes"] == []
