"""Instance refreshes: the group is replaced a few at a time, and can be rolled back."""

from __future__ import annotations

from typing import Any

import pytest
from auto_scaling_driver import (
    CreateGroup,
    boot_all,
    described,
    end,
    instances,
    later,
    new_version,
    turn,
    zones,
)
from botocore.exceptions import ClientError

from local_aws.contract.facts import Facts
from local_aws.control_plane.auto_scaling.group.healthy_percentages import HealthyPercentages
from local_aws.control_plane.ec2 import instance_states


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(instance_states, "SHUTDOWN_SECONDS", 0.0)


def refresh(asg: Any, name: str) -> dict[str, Any]:
    found = asg.describe_instance_refreshes(AutoScalingGroupName=name)
    newest: dict[str, Any] = found["InstanceRefreshes"][0]
    return newest


def settle(asg: Any, name: str, facts: Facts) -> None:
    """Let the data plane do all that is wanted, until nothing changes any more."""
    for _ in range(20):
        for leaving in instances(asg, name, "Terminating"):
            end(facts, leaving)
        boot_all(asg, name, facts)
        turn(facts)


def test_one_instance_at_a_time_is_replaced_until_all_are_new(
    asg: Any, group: CreateGroup, facts: Facts
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-overview.html"""
    name = group()
    boot_all(asg, name, facts)
    before = instances(asg, name)

    asg.start_instance_refresh(AutoScalingGroupName=name)
    turn(facts)
    assert len(instances(asg, name, "Terminating")) == 1
    assert len(instances(asg, name)) == 2
    assert refresh(asg, name)["Status"] == "InProgress"
    blocked = "already in progress and blocks the execution of this Instance Refresh."
    with pytest.raises(ClientError, match=f"InstanceRefreshInProgress.*{blocked}"):
        asg.start_instance_refresh(AutoScalingGroupName=name)

    settle(asg, name, facts)
    assert set(instances(asg, name)).isdisjoint(before)
    finished = refresh(asg, name)
    assert (finished["Status"], finished["PercentageComplete"]) == ("Successful", 100)


def test_a_refresh_waits_while_it_is_suspended(asg: Any, group: CreateGroup, facts: Facts) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-suspend-resume-processes.html"""
    name = group()
    boot_all(asg, name, facts)
    asg.suspend_processes(AutoScalingGroupName=name, ScalingProcesses=["InstanceRefresh"])

    asg.start_instance_refresh(AutoScalingGroupName=name)
    turn(facts)
    assert len(instances(asg, name)) == 3

    asg.resume_processes(AutoScalingGroupName=name, ScalingProcesses=["InstanceRefresh"])
    assert len(instances(asg, name)) == 2


def test_the_next_instance_stays_until_the_group_is_whole_again(
    asg: Any, group: CreateGroup, facts: Facts
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-overview.html"""
    name = group()
    boot_all(asg, name, facts)
    asg.suspend_processes(AutoScalingGroupName=name, ScalingProcesses=["Launch"])

    asg.start_instance_refresh(AutoScalingGroupName=name)
    for leaving in instances(asg, name, "Terminating"):
        end(facts, leaving)
    turn(facts)

    assert len(instances(asg, name)) == 2


def test_matching_instances_can_be_skipped(
    aws: Any, asg: Any, group: CreateGroup, launch_template: str, facts: Facts
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/asg-instance-refresh-skip-matching.html"""
    name = group(DesiredCapacity=1)
    new_version(aws, launch_template, InstanceType="t3.small")
    asg.set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=2)
    boot_all(asg, name, facts)
    old, new = instances(asg, name)

    asg.start_instance_refresh(AutoScalingGroupName=name, Preferences={"SkipMatching": True})
    settle(asg, name, facts)

    assert new in instances(asg, name)
    assert old not in instances(asg, name)


def test_a_desired_configuration_can_be_rolled_back(
    aws: Any, asg: Any, group: CreateGroup, launch_template: str, facts: Facts
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-rollback.html"""
    new_version(aws, launch_template, InstanceType="t3.small")
    name = group(LaunchTemplate={"LaunchTemplateId": launch_template, "Version": "1"})
    boot_all(asg, name, facts)
    asg.start_instance_refresh(
        AutoScalingGroupName=name,
        DesiredConfiguration={
            "LaunchTemplate": {"LaunchTemplateId": launch_template, "Version": "2"}
        },
    )
    boot_all(asg, name, facts)
    types = [each["InstanceType"] for each in described(asg, name)["Instances"]]
    assert "t3.small" in types

    asg.rollback_instance_refresh(AutoScalingGroupName=name)
    settle(asg, name, facts)

    types = [each["InstanceType"] for each in described(asg, name)["Instances"]]
    assert types == ["t3.micro"] * 3
    assert refresh(asg, name)["Status"] == "RollbackSuccessful"


def test_a_cancelled_refresh_replaces_no_more(asg: Any, group: CreateGroup, facts: Facts) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CancelInstanceRefresh.html"""
    name = group()
    boot_all(asg, name, facts)
    before = instances(asg, name)
    asg.start_instance_refresh(AutoScalingGroupName=name)

    asg.cancel_instance_refresh(AutoScalingGroupName=name)
    settle(asg, name, facts)

    assert len(set(instances(asg, name)) & set(before)) == 2
    assert refresh(asg, name)["Status"] == "Cancelled"
    none = "No in progress, baking, or pending Instance Refresh found for Auto Scaling group"
    with pytest.raises(ClientError, match=f"ActiveInstanceRefreshNotFound.*{none} {name}"):
        asg.cancel_instance_refresh(AutoScalingGroupName=name)


def test_what_was_begun_is_ended_before_a_refresh_is_cancelled(
    asg: Any, group: CreateGroup, facts: Facts
) -> None:
    """API_CancelInstanceRefresh, WaitForTransitioningInstances: true is the default."""
    name = group(DefaultInstanceWarmup=300)
    boot_all(asg, name, facts)
    start(asg, name)
    asg.cancel_instance_refresh(AutoScalingGroupName=name)
    assert refresh(asg, name)["Status"] == "Cancelling"
    with pytest.raises(ClientError, match="ActiveInstanceRefreshNotFound"):
        asg.cancel_instance_refresh(AutoScalingGroupName=name)
    with pytest.raises(ClientError, match="InstanceRefreshInProgress"):
        start(asg, name)
    settle(asg, name, facts)
    assert refresh(asg, name)["Status"] == "Cancelled"

    start(asg, name)
    asg.cancel_instance_refresh(AutoScalingGroupName=name, WaitForTransitioningInstances=False)
    assert refresh(asg, name)["Status"] == "Cancelled"


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


def start(asg: Any, name: str, **preferences: Any) -> None:
    asg.start_instance_refresh(AutoScalingGroupName=name, Preferences=preferences)


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
    assert refresh(asg, name)["Status"] == "Successful"


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
    ended = refresh(asg, name)
    assert (ended["Status"], ended["PercentageComplete"]) == ("Successful", 66)


def test_a_refresh_bakes_before_it_is_over(asg: Any, group: CreateGroup, facts: Facts) -> None:
    """API_RefreshPreferences, BakeTime."""
    name = group(DesiredCapacity=1)
    boot_all(asg, name, facts)
    start(asg, name, BakeTime=600)
    settle(asg, name, facts)
    assert refresh(asg, name)["Status"] == "Baking"
    later(facts, 601)
    assert refresh(asg, name)["Status"] == "Successful"


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
    assert refresh(asg, name)["Status"] == status


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
    assert refresh(asg, name)["Status"] == status
    assert ("StatusReason" in refresh(asg, name)) is (not released)


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
    assert refresh(asg, name)["Status"] == status


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
    aws("cloudwatch").put_metric_alarm(
        AlarmName=unique_name,
        Namespace="own",
        MetricName="m",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
    )
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
    ended = refresh(asg, name)
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


def test_a_template_s_latest_version_is_nothing_to_go_back_to(
    asg: Any, group: CreateGroup, launch_template: str
) -> None:
    """API_RollbackInstanceRefresh: not where the group uses $Latest or $Default."""
    name = group(LaunchTemplate={"LaunchTemplateId": launch_template, "Version": "$Latest"})
    asg.start_instance_refresh(
        AutoScalingGroupName=name,
        DesiredConfiguration={
            "LaunchTemplate": {"LaunchTemplateId": launch_template, "Version": "1"}
        },
    )
    with pytest.raises(ClientError, match="IrreversibleInstanceRefresh"):
        asg.rollback_instance_refresh(AutoScalingGroupName=name)


def test_another_strategy_is_refused_by_name(asg: Any, group: CreateGroup) -> None:
    """API_StartInstanceRefresh, Strategy."""
    name = group()
    with pytest.raises(ClientError, match="ReplaceRootVolume is not emulated"):
        asg.start_instance_refresh(AutoScalingGroupName=name, Strategy="ReplaceRootVolume")


def test_refreshes_and_activities_come_in_pages(asg: Any, group: CreateGroup, facts: Facts) -> None:
    """API_DescribeInstanceRefreshes, API_DescribeScalingActivities: MaxRecords, NextToken."""
    name = group(DesiredCapacity=2)
    for _ in range(2):
        asg.start_instance_refresh(AutoScalingGroupName=name)
        settle(asg, name, facts)
    for call, member in (
        (asg.describe_instance_refreshes, "InstanceRefreshes"),
        (asg.describe_scaling_activities, "Activities"),
    ):
        whole = call(AutoScalingGroupName=name)
        first = call(AutoScalingGroupName=name, MaxRecords=1)
        second = call(AutoScalingGroupName=name, MaxRecords=1, NextToken=first["NextToken"])
        assert first[member] + second[member] == whole[member][:2]
        assert "NextToken" not in whole
        with pytest.raises(ClientError, match="InvalidNextToken"):
            call(AutoScalingGroupName=name, NextToken="none of ours")
        with pytest.raises(ClientError, match="MaxRecords"):
            call(AutoScalingGroupName=name, MaxRecords=101)
