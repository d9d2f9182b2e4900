"""Instance refreshes: the group is replaced a few at a time, and can be rolled back."""

from __future__ import annotations

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
    new_version,
    newest_refresh,
    settle,
    turn,
)
from botocore.exceptions import ClientError

from local_aws.contract.facts import Facts

pytestmark = pytest.mark.usefixtures("no_waiting")


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
    assert newest_refresh(asg, name)["Status"] == "InProgress"
    blocked = "already in progress and blocks the execution of this Instance Refresh."
    with pytest.raises(ClientError, match=f"InstanceRefreshInProgress.*{blocked}"):
        asg.start_instance_refresh(AutoScalingGroupName=name)

    settle(asg, name, facts)
    assert set(instances(asg, name)).isdisjoint(before)
    finished = newest_refresh(asg, name)
    assert (finished["Status"], finished["PercentageComplete"]) == ("Successful", 100)


@pytest.mark.parametrize("process", ["InstanceRefresh", "Launch", "Terminate"])
def test_a_refresh_waits_while_it_is_suspended(
    asg: Any, group: CreateGroup, facts: Facts, process: str
) -> None:
    """Auto Scaling User Guide, "How suspended processes affect other processes"."""
    name = group()
    boot_all(asg, name, facts)
    asg.suspend_processes(AutoScalingGroupName=name, ScalingProcesses=[process])

    asg.start_instance_refresh(AutoScalingGroupName=name)
    turn(facts)
    assert len(instances(asg, name)) == 3

    asg.resume_processes(AutoScalingGroupName=name, ScalingProcesses=[process])
    assert len(instances(asg, name)) == 2


def test_the_next_instance_stays_until_the_group_is_whole_again(
    asg: Any, group: CreateGroup, facts: Facts
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-overview.html"""
    name = group()
    boot_all(asg, name, facts)

    asg.start_instance_refresh(AutoScalingGroupName=name)
    for leaving in instances(asg, name, "Terminating"):
        end(facts, leaving)
    turn(facts)

    assert len(instances(asg, name, "Pending")) == 1
    assert len(instances(asg, name)) == 2
    shown = newest_refresh(asg, name)
    assert shown["Strategy"] == "Rolling"
    assert shown["Preferences"] == {
        "SkipMatching": False,
        "AutoRollback": False,
        "AlarmSpecification": {},
    }


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
    assert newest_refresh(asg, name)["Status"] == "RollbackSuccessful"


def test_a_cancelled_refresh_replaces_no_more(asg: Any, group: CreateGroup, facts: Facts) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CancelInstanceRefresh.html"""
    name = group()
    boot_all(asg, name, facts)
    before = instances(asg, name)
    asg.start_instance_refresh(AutoScalingGroupName=name)

    asg.cancel_instance_refresh(AutoScalingGroupName=name)
    settle(asg, name, facts)

    assert len(set(instances(asg, name)) & set(before)) == 2
    assert newest_refresh(asg, name)["Status"] == "Cancelled"
    none = "No in progress, baking, or pending Instance Refresh found for Auto Scaling group"
    with pytest.raises(ClientError, match=f"ActiveInstanceRefreshNotFound.*{none} {name}"):
        asg.cancel_instance_refresh(AutoScalingGroupName=name)


def test_what_was_begun_is_ended_before_a_refresh_is_cancelled(
    asg: Any, group: CreateGroup, facts: Facts
) -> None:
    """API_CancelInstanceRefresh, WaitForTransitioningInstances: true is the default."""
    name = group(DefaultInstanceWarmup=300)
    boot_all(asg, name, facts)
    asg.start_instance_refresh(AutoScalingGroupName=name)
    asg.cancel_instance_refresh(AutoScalingGroupName=name)
    assert newest_refresh(asg, name)["Status"] == "Cancelling"
    with pytest.raises(ClientError, match="ActiveInstanceRefreshNotFound"):
        asg.cancel_instance_refresh(AutoScalingGroupName=name)
    with pytest.raises(ClientError, match="InstanceRefreshInProgress"):
        asg.start_instance_refresh(AutoScalingGroupName=name)
    settle(asg, name, facts)
    assert newest_refresh(asg, name)["Status"] == "Cancelled"

    asg.start_instance_refresh(AutoScalingGroupName=name)
    asg.cancel_instance_refresh(AutoScalingGroupName=name, WaitForTransitioningInstances=False)
    assert newest_refresh(asg, name)["Status"] == "Cancelled"


def test_the_template_cannot_be_updated_while_a_refresh_changes_it(
    asg: Any, group: CreateGroup, launch_template: str
) -> None:
    """instance-refresh-overview, "Limitations": the update restriction and its words."""
    first = {"LaunchTemplateId": launch_template, "Version": "1"}
    name = group(LaunchTemplate={"LaunchTemplateId": launch_template, "Version": "$Default"})
    asg.start_instance_refresh(
        AutoScalingGroupName=name, DesiredConfiguration={"LaunchTemplate": first}
    )

    with pytest.raises(
        ClientError,
        match="An active instance refresh with a desired configuration exists",
    ):
        asg.update_auto_scaling_group(
            AutoScalingGroupName=name,
            LaunchTemplate={"LaunchTemplateId": launch_template, "Version": "$Latest"},
        )
    own = described(asg, name)["LaunchTemplate"]
    assert own["Version"] == "$Default"  # until the refresh has succeeded
    own.pop("LaunchTemplateName")
    asg.update_auto_scaling_group(AutoScalingGroupName=name, MaxSize=5, LaunchTemplate=own)
    asg.cancel_instance_refresh(AutoScalingGroupName=name, WaitForTransitioningInstances=False)
    asg.update_auto_scaling_group(
        AutoScalingGroupName=name,
        LaunchTemplate={"LaunchTemplateId": launch_template, "Version": "$Latest"},
    )


def desires(launch_template: str, version: str) -> dict[str, Any]:
    """A desired configuration."""
    return {"LaunchTemplate": {"LaunchTemplateId": launch_template, "Version": version}}


def test_a_group_has_the_desired_configuration_once_the_refresh_has_succeeded(
    aws: Any, asg: Any, group: CreateGroup, launch_template: str, facts: Facts
) -> None:
    """API_StartInstanceRefresh: "Once the instance refresh succeeds". What scales out meanwhile has
    the desired one ("Core concepts" of instance-refresh-overview)."""
    new_version(aws, launch_template, InstanceType="t3.small")
    name = group(LaunchTemplate={"LaunchTemplateId": launch_template, "Version": "1"})
    boot_all(asg, name, facts)
    asg.start_instance_refresh(
        AutoScalingGroupName=name,
        DesiredConfiguration=desires(launch_template, "2"),
        Preferences={"SkipMatching": True},
    )
    asg.set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=4)

    pending = [
        each["LaunchTemplate"]["Version"]
        for each in described(asg, name)["Instances"]
        if each["LifecycleState"] == "Pending"
    ]
    assert set(pending) == {"2"}
    assert described(asg, name)["LaunchTemplate"]["Version"] == "1"

    settle(asg, name, facts)
    assert newest_refresh(asg, name)["Status"] == "Successful"
    assert described(asg, name)["LaunchTemplate"]["Version"] == "2"


def test_a_cancelled_refresh_leaves_the_group_its_configuration(
    aws: Any, asg: Any, group: CreateGroup, launch_template: str, facts: Facts
) -> None:
    """API_CancelInstanceRefresh: "this does not roll back any changes that it made"."""
    new_version(aws, launch_template, InstanceType="t3.small")
    name = group(LaunchTemplate={"LaunchTemplateId": launch_template, "Version": "1"})
    boot_all(asg, name, facts)
    asg.start_instance_refresh(
        AutoScalingGroupName=name, DesiredConfiguration=desires(launch_template, "2")
    )
    asg.cancel_instance_refresh(AutoScalingGroupName=name)
    settle(asg, name, facts)

    shown = described(asg, name)
    assert shown["LaunchTemplate"]["Version"] == "1"
    versions = sorted(each["LaunchTemplate"]["Version"] for each in shown["Instances"])
    assert versions == ["1", "1", "2"]
    ended = newest_refresh(asg, name)
    assert ended["StatusReason"] == "Cancelled due to user request."


def test_an_instance_is_complete_once_it_is_warm(
    asg: Any, group: CreateGroup, facts: Facts
) -> None:
    """API_InstanceRefresh: PercentageComplete. The AWS CLI's example of describe-instance-refreshes
    has the status reason."""
    name = group(DesiredCapacity=4, DefaultInstanceWarmup=600)
    boot_all(asg, name, facts)
    before = set(instances(asg, name))
    asg.start_instance_refresh(AutoScalingGroupName=name)
    [pending] = instances(asg, name, "Pending")
    turn(facts)
    starting = newest_refresh(asg, name)
    boot_all(asg, name, facts)
    turn(facts)
    warming = newest_refresh(asg, name)
    later(facts, 601)
    warm = newest_refresh(asg, name)

    assert pending not in before
    assert starting["StatusReason"] == (
        f"Waiting for remaining instances to be available. For example: {pending} has insufficient "
        "data to evaluate its health with Amazon EC2."
    )
    assert warming["StatusReason"] == (
        f"Waiting for instances to warm up before continuing. For example: {pending} is warming up."
    )
    assert (starting["PercentageComplete"], starting["InstancesToUpdate"]) == (0, 3)
    assert (warming["PercentageComplete"], warming["InstancesToUpdate"]) == (0, 3)
    assert warm["PercentageComplete"] == 25
    cause = "an instance was taken out of service in response to an instance refresh.  At "
    assert any(
        cause in each["Cause"] and each["Cause"].endswith("was selected for termination.")
        for each in activities(asg, name)
    )


def test_a_rollback_goes_back_to_zero(
    aws: Any, asg: Any, group: CreateGroup, launch_template: str, facts: Facts
) -> None:
    """API_InstanceRefresh: PercentageComplete "gradually goes back down to zero", InstancesToUpdate
    is what the refresh had not updated."""
    new_version(aws, launch_template, InstanceType="t3.small")
    name = group(LaunchTemplate={"LaunchTemplateId": launch_template, "Version": "1"})
    boot_all(asg, name, facts)
    asg.start_instance_refresh(
        AutoScalingGroupName=name,
        DesiredConfiguration=desires(launch_template, "2"),
        Preferences={"CheckpointPercentages": [30, 100], "CheckpointDelay": 3600},
    )
    settle(asg, name, facts)
    at_checkpoint = newest_refresh(asg, name)
    asg.rollback_instance_refresh(AutoScalingGroupName=name)
    settle(asg, name, facts)
    ended = newest_refresh(asg, name)

    assert (at_checkpoint["PercentageComplete"], at_checkpoint["InstancesToUpdate"]) == (33, 2)
    assert ended["RollbackDetails"]["PercentageCompleteOnRollback"] == 33
    assert (ended["PercentageComplete"], ended["InstancesToUpdate"]) == (0, 2)
    assert described(asg, name)["LaunchTemplate"]["Version"] == "1"


def test_a_desired_template_is_there(asg: Any, group: CreateGroup, launch_template: str) -> None:
    """API_StartInstanceRefresh: DesiredConfiguration."""
    name = group()
    for wanted in (
        {"LaunchTemplateId": launch_template, "Version": "99"},
        {"LaunchTemplateId": "lt-0123456789abcdef0", "Version": "1"},
    ):
        with pytest.raises(ClientError, match=r"ValidationError.*fully-formed launch template"):
            asg.start_instance_refresh(
                AutoScalingGroupName=name, DesiredConfiguration={"LaunchTemplate": wanted}
            )
    found = asg.describe_instance_refreshes(AutoScalingGroupName=name)
    assert found["InstanceRefreshes"] == []


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
