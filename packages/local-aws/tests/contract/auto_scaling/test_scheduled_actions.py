"""Scheduled actions: a group's sizes change at their time, once or again and again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from auto_scaling_driver import CreateGroup, activities, described, instances, later
from botocore.exceptions import ClientError
from stack_driver import StackDriver

from local_aws.contract.facts import Facts
from local_aws.control_plane.auto_scaling.group.schedule import next_occurrence

_PAST = datetime(2020, 1, 1, tzinfo=UTC)


def in_seconds(seconds: float) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


def put(asg: Any, group_name: str, **request: Any) -> None:
    asg.put_scheduled_update_group_action(
        AutoScalingGroupName=group_name, ScheduledActionName="evening", **request
    )


def scheduled(asg: Any, group_name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = asg.describe_scheduled_actions(AutoScalingGroupName=group_name)[
        "ScheduledUpdateGroupActions"
    ]
    return found


def test_a_scheduled_action_runs_once_at_its_time(asg: Any, group: CreateGroup) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-scheduled-scaling.html"""
    name = group(DesiredCapacity=1)
    put(asg, name, StartTime=in_seconds(300), MinSize=2, MaxSize=4, DesiredCapacity=3)

    later(Facts(), 290)
    assert len(instances(asg, name)) == 1
    assert [each["ScheduledActionName"] for each in scheduled(asg, name)] == ["evening"]

    later(Facts(), 301)
    found = described(asg, name)
    assert (found["MinSize"], found["MaxSize"], found["DesiredCapacity"]) == (2, 4, 3)
    assert len(instances(asg, name)) == 3
    assert "a scheduled action update of AutoScalingGroup" in activities(asg, name)[0]["Cause"]
    assert scheduled(asg, name) == []


def test_sizes_that_an_action_does_not_name_stay_and_bound_the_capacity(
    asg: Any, group: CreateGroup
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutScheduledUpdateGroupAction.html"""
    name = group(DesiredCapacity=3)
    put(asg, name, StartTime=in_seconds(300), MaxSize=1)

    later(Facts(), 301)

    found = described(asg, name)
    assert (found["MinSize"], found["MaxSize"], found["DesiredCapacity"]) == (0, 1, 1)


def test_a_recurring_action_runs_each_time_until_its_end(asg: Any, group: CreateGroup) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutScheduledUpdateGroupAction.html"""
    name = group(DesiredCapacity=1)
    put(asg, name, Recurrence="*/5 * * * *", EndTime=in_seconds(1500), DesiredCapacity=2)
    first = scheduled(asg, name)[0]["StartTime"]
    assert scheduled(asg, name)[0]["Time"] == first  # its former name
    assert first.minute % 5 == 0
    assert first - datetime.now(UTC) <= timedelta(minutes=5)

    later(Facts(), 310)
    assert described(asg, name)["DesiredCapacity"] == 2
    assert scheduled(asg, name)[0]["StartTime"] > first
    asg.set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=1)
    later(Facts(), 620)
    assert described(asg, name)["DesiredCapacity"] == 2

    asg.set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=1)
    later(Facts(), 1600)
    assert described(asg, name)["DesiredCapacity"] == 1
    assert scheduled(asg, name) == []


def test_a_time_zone_moves_a_recurrence() -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-scheduled-scaling.html"""
    noon = datetime(2030, 7, 1, 12, 0, tzinfo=UTC)

    assert next_occurrence("0 9 * * *", None, noon) == datetime(2030, 7, 2, 9, 0, tzinfo=UTC)
    assert next_occurrence("0 9 * * *", "America/New_York", noon) == datetime(
        2030, 7, 1, 13, 0, tzinfo=UTC
    )


def test_an_action_due_while_the_process_is_suspended_is_skipped(
    asg: Any, group: CreateGroup
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-suspend-resume-processes.html"""
    name = group(DesiredCapacity=1)
    put(asg, name, StartTime=in_seconds(300), DesiredCapacity=2)
    asg.suspend_processes(AutoScalingGroupName=name, ScalingProcesses=["ScheduledActions"])
    later(Facts(), 301)

    asg.resume_processes(AutoScalingGroupName=name, ScalingProcesses=["ScheduledActions"])
    later(Facts(), 302)

    assert described(asg, name)["DesiredCapacity"] == 1


def test_an_action_whose_sizes_do_not_fit_by_then_is_a_failed_activity(
    asg: Any, group: CreateGroup
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-verify-scaling-activity.html"""
    name = group(DesiredCapacity=1)
    put(asg, name, StartTime=in_seconds(300), DesiredCapacity=5)
    asg.update_auto_scaling_group(AutoScalingGroupName=name, MaxSize=2)

    later(Facts(), 301)

    newest = activities(asg, name)[0]
    assert newest["StatusCode"] == "Failed"
    assert "Desired capacity:5" in newest["StatusMessage"]
    assert described(asg, name)["DesiredCapacity"] == 1


def test_an_action_may_name_sizes_that_the_group_does_not_have_yet(
    asg: Any, group: CreateGroup
) -> None:
    """What amazon.aws's tests do on AWS; the group may have other sizes by then:
    https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutScheduledUpdateGroupAction.html"""
    name = group(DesiredCapacity=1, MaxSize=2)
    put(asg, name, StartTime=in_seconds(300), MinSize=3, DesiredCapacity=3)
    asg.update_auto_scaling_group(AutoScalingGroupName=name, MaxSize=4)

    later(Facts(), 301)

    found = described(asg, name)
    assert (found["MinSize"], found["MaxSize"], found["DesiredCapacity"]) == (3, 4, 3)


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        ({"StartTime": _PAST, "MinSize": 1}, "in the past"),
        ({"Recurrence": "every day", "MinSize": 1}, "recurrence"),
        ({"Recurrence": "0 0 9 * * *", "MinSize": 1}, "recurrence"),
        ({"Recurrence": "0 9 * * *", "TimeZone": "Mars/North", "MinSize": 1}, "time zone"),
        ({"Recurrence": "0 9 * * *"}, "At least one of"),
        ({"MinSize": 1}, "start time or a recurrence"),
        ({"Recurrence": "0 9 * * *", "MinSize": 1, "EndTime": _PAST}, "End time"),
        ({"Recurrence": "0 9 * * *", "MinSize": 3, "MaxSize": 2}, "Max bound"),
        ({"Recurrence": "0 9 * * *", "MinSize": 2, "DesiredCapacity": 1}, "Desired capacity"),
        ({"Recurrence": "0 9 * * *", "MaxSize": 2, "DesiredCapacity": 3}, "Desired capacity"),
        ({"Recurrence": "0 9 * * *", "MinSize": -1}, "negative"),
    ],
)
def test_an_action_that_can_never_run_is_refused(
    asg: Any, group: CreateGroup, request_: dict[str, Any], said: str
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutScheduledUpdateGroupAction.html"""
    name = group(DesiredCapacity=0)

    with pytest.raises(ClientError, match=f"ValidationError.*{said}"):
        put(asg, name, **request_)
    assert scheduled(asg, name) == []


def test_one_action_of_a_batch_fails_alone(asg: Any, group: CreateGroup) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_BatchPutScheduledUpdateGroupAction.html"""
    name = group(DesiredCapacity=0)

    failed = asg.batch_put_scheduled_update_group_action(
        AutoScalingGroupName=name,
        ScheduledUpdateGroupActions=[
            {"ScheduledActionName": "good", "StartTime": in_seconds(300), "MinSize": 1},
            {"ScheduledActionName": "bad", "Recurrence": "never", "MinSize": 1},
        ],
    )["FailedScheduledUpdateGroupActions"]
    assert [(each["ScheduledActionName"], each["ErrorCode"]) for each in failed] == [
        ("bad", "ValidationError")
    ]

    left = asg.batch_delete_scheduled_action(
        AutoScalingGroupName=name, ScheduledActionNames=["good", "bad"]
    )["FailedScheduledActions"]
    assert [each["ScheduledActionName"] for each in left] == ["bad"]
    assert scheduled(asg, name) == []


def test_a_stack_s_scheduled_action_is_changed_in_place(
    asg: Any, stacks: StackDriver, unique_name: str, group: CreateGroup
) -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-autoscaling-scheduledaction.html"""
    name = group(DesiredCapacity=0)
    properties = {"AutoScalingGroupName": name, "Recurrence": "0 9 * * *", "DesiredCapacity": 2}
    template = {"Day": {"Type": "AWS::AutoScaling::ScheduledAction", "Properties": properties}}
    stacks.create(unique_name, template)
    before = scheduled(asg, name)[0]
    assert before["ScheduledActionName"] == stacks.physical_id(unique_name, "Day")

    properties["DesiredCapacity"] = 3
    stacks.update(unique_name, template)
    after = scheduled(asg, name)
    assert [each["DesiredCapacity"] for each in after] == [3]
    assert after[0]["ScheduledActionName"] == before["ScheduledActionName"]

    stacks.delete(unique_name)
    assert scheduled(asg, name) == []


def test_two_actions_have_not_one_time(asg: Any, group: CreateGroup) -> None:
    """ec2-auto-scaling-scheduled-scaling, "Limitations": a scheduled action must have a unique time
    value; the words are those that users reported."""
    name = group(DesiredCapacity=0)
    when = {"StartTime": datetime(2100, 1, 1, tzinfo=UTC)}
    put(asg, name, DesiredCapacity=1, **when)
    put(asg, name, DesiredCapacity=2, **when)  # the same one, changed

    with pytest.raises(
        ClientError,
        match=r"AlreadyExists.* Scheduled action with this scheduled start time already exists",
    ):
        asg.put_scheduled_update_group_action(
            AutoScalingGroupName=name, ScheduledActionName="other", DesiredCapacity=1, **when
        )
    batch = [{"ScheduledActionName": "third", "DesiredCapacity": 1, **when}]
    (failed,) = asg.batch_put_scheduled_update_group_action(
        AutoScalingGroupName=name, ScheduledUpdateGroupActions=batch
    )["FailedScheduledUpdateGroupActions"]
    assert (failed["ScheduledActionName"], failed["ErrorCode"]) == ("third", "AlreadyExists")
    assert [each["ScheduledActionName"] for each in scheduled(asg, name)] == ["evening"]
