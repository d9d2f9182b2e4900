"""Lifecycle hooks: instances wait in launching and in terminating, for an answer or a timeout."""

from __future__ import annotations

import re
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
    targets,
    turn,
)
from botocore.exceptions import ClientError
from ec2_driver import instance_state
from stack_driver import StackDriver

from local_aws.contract.facts import Facts
from local_aws.control_plane import desired
from local_aws.control_plane.auto_scaling.api import lifecycle_hooks
from local_aws.control_plane.auto_scaling.group.lifecycle_hooks import (
    LifecycleAction,
    LifecycleHook,
)
from local_aws.control_plane.lock import LOCK

LAUNCHING = "autoscaling:EC2_INSTANCE_LAUNCHING"
TERMINATING = "autoscaling:EC2_INSTANCE_TERMINATING"


def hook(name: str, transition: str, **more: Any) -> dict[str, Any]:
    return {"LifecycleHookName": name, "LifecycleTransition": transition, **more}


def complete(asg: Any, group_name: str, hook_name: str, result: str, instance_id: str) -> None:
    asg.complete_lifecycle_action(
        AutoScalingGroupName=group_name,
        LifecycleHookName=hook_name,
        LifecycleActionResult=result,
        InstanceId=instance_id,
    )


def test_a_launched_instance_waits_before_it_is_in_service(
    aws: Any, asg: Any, group: CreateGroup, target_group: str, facts: Facts
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/lifecycle-hooks-overview.html"""
    name = group(
        DesiredCapacity=1,
        TargetGroupARNs=[target_group],
        LifecycleHookSpecificationList=[hook("warm", LAUNCHING)],
    )
    boot_all(asg, name, facts)

    waiting = instances(asg, name, "Pending:Wait")
    assert len(waiting) == 1
    assert targets(aws, target_group) == {}
    assert activities(asg, name)[0]["StatusCode"] == "MidLifecycleAction"

    complete(asg, name, "warm", "CONTINUE", waiting[0])
    assert instances(asg, name, "InService") == waiting
    assert set(targets(aws, target_group)) == set(waiting)
    assert activities(asg, name)[0]["StatusCode"] == "Successful"


def test_a_waiting_instance_counts_and_no_other_is_launched(
    asg: Any, group: CreateGroup, facts: Facts
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-lifecycle.html"""
    name = group(DesiredCapacity=2, LifecycleHookSpecificationList=[hook("warm", LAUNCHING)])
    boot_all(asg, name, facts)
    turn(facts)

    assert len(described(asg, name)["Instances"]) == 2


@pytest.mark.usefixtures("no_waiting")
def test_an_abandoned_launch_is_terminated_and_replaced_after_a_while(
    asg: Any, group: CreateGroup, facts: Facts
) -> None:
    """AWS: "Considerations and limitations for lifecycle hooks" in the Auto Scaling User Guide: the
    instance is replaced, and the rate of launches is limited while hooks fail."""
    name = group(DesiredCapacity=1, LifecycleHookSpecificationList=[hook("warm", LAUNCHING)])
    boot_all(asg, name, facts)
    lost = instances(asg, name, "Pending:Wait")[0]

    complete(asg, name, "warm", "ABANDON", lost)
    assert instances(asg, name, "Terminating") == [lost]
    end(facts, lost)
    assert described(asg, name)["Instances"] == []

    later(facts, 60)
    (replacement,) = described(asg, name)["Instances"]
    assert replacement["InstanceId"] != lost


@pytest.mark.parametrize(
    ("abandons", "reason"),
    [(True, "Lifecycle Action Completed with ABANDON Result"), (False, "Heartbeat Timeout")],
)
def test_the_activity_of_an_abandoned_launch_is_cancelled(
    asg: Any, group: CreateGroup, facts: Facts, abandons: bool, reason: str
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/CHAP_Troubleshooting.html"""
    name = group(DesiredCapacity=1, LifecycleHookSpecificationList=[hook("warm", LAUNCHING)])
    boot_all(asg, name, facts)
    lost = instances(asg, name, "Pending:Wait")[0]

    if abandons:
        complete(asg, name, "warm", "ABANDON", lost)
    else:
        later(facts, 3601)

    shown = next(
        each
        for each in activities(asg, name)
        if each["Description"].startswith(f"Launching a new EC2 instance: {lost}.  Status Reason: ")
    )
    message = (
        r"Instance failed to complete user's Lifecycle Action: Lifecycle Action with token "
        rf"[0-9a-f-]{{36}} was abandoned: {reason}"
    )
    assert re.fullmatch(message, shown["StatusMessage"])
    assert shown["Description"].endswith(shown["StatusMessage"])
    assert (shown["StatusCode"], shown["Progress"]) == ("Cancelled", 100)
    assert shown["AutoScalingGroupARN"] == described(asg, name)["AutoScalingGroupARN"]


@pytest.mark.parametrize(("default", "state"), [("CONTINUE", "InService"), ("ABANDON", None)])
def test_the_default_result_counts_when_the_time_is_over(
    asg: Any, group: CreateGroup, facts: Facts, default: str, state: str | None
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutLifecycleHook.html"""
    waits = hook("warm", LAUNCHING, HeartbeatTimeout=300, DefaultResult=default)
    name = group(DesiredCapacity=1, LifecycleHookSpecificationList=[waits])
    boot_all(asg, name, facts)
    waiting = instances(asg, name, "Pending:Wait")

    later(facts, 290)
    assert instances(asg, name, "Pending:Wait") == waiting
    later(facts, 301)
    assert instances(asg, name, "InService") == (waiting if state else [])
    assert bool(instances(asg, name, "Terminating")) == (state is None)


def test_a_heartbeat_restarts_the_timeout(
    asg: Any, group: CreateGroup, facts: Facts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_RecordLifecycleActionHeartbeat.html"""
    waits = hook("warm", LAUNCHING, HeartbeatTimeout=300, DefaultResult="CONTINUE")
    name = group(DesiredCapacity=1, LifecycleHookSpecificationList=[waits])
    boot_all(asg, name, facts)
    waiting = instances(asg, name, "Pending:Wait")

    now = lifecycle_hooks.time.time()
    monkeypatch.setattr(lifecycle_hooks, "time", _Clock(now + 200))
    asg.record_lifecycle_action_heartbeat(
        AutoScalingGroupName=name, LifecycleHookName="warm", InstanceId=waiting[0]
    )

    later(facts, 490)
    assert instances(asg, name, "Pending:Wait") == waiting
    later(facts, 510)
    assert instances(asg, name, "InService") == waiting


def test_heartbeats_prolong_a_wait_to_a_hundred_timeouts_at_most() -> None:
    """AWS: "Keep instances in a wait state" in the Auto Scaling User Guide: 48 hours or 100 times
    the heartbeat timeout, whichever is smaller."""
    for timeout, longest in ((10, 1000), (7200, 48 * 3600)):
        action = LifecycleAction(LifecycleHook("group", "warm", LAUNCHING, timeout), began_at=0.0)
        action.record_heartbeat(longest - 1.0)
        assert action.result_at(longest - 1.0) is None
        assert action.result_at(longest) == "ABANDON"


@pytest.mark.usefixtures("no_waiting")
def test_a_terminating_instance_waits_out_of_its_target_group_and_runs_on(
    aws: Any, asg: Any, group: CreateGroup, target_group: str, facts: Facts
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/lifecycle-hooks-overview.html"""
    name = group(DesiredCapacity=1, TargetGroupARNs=[target_group])
    asg.put_lifecycle_hook(AutoScalingGroupName=name, **hook("drain", TERMINATING))
    boot_all(asg, name, facts)
    leaving = instances(asg, name)[0]

    asg.terminate_instance_in_auto_scaling_group(
        InstanceId=leaving, ShouldDecrementDesiredCapacity=False
    )
    turn(facts)

    assert instances(asg, name, "Terminating:Wait") == [leaving]
    assert instance_state(aws("ec2"), leaving) == "running"
    assert targets(aws, target_group)[leaving] == "draining"
    assert len(instances(asg, name, "Pending")) == 1  # its replacement does not wait for it
    terminating = [row for row in activities(asg, name) if leaving in row["Description"]]
    assert terminating[0]["StatusCode"] == "MidLifecycleAction"

    complete(asg, name, "drain", "CONTINUE", leaving)
    assert instances(asg, name, "Terminating:Proceed") == [leaving]
    end(facts, leaving)
    assert instance_state(aws("ec2"), leaving) == "terminated"
    assert leaving not in [each["InstanceId"] for each in described(asg, name)["Instances"]]


@pytest.mark.usefixtures("no_waiting")
def test_an_abandoned_hook_ends_the_wait_for_the_others(
    asg: Any, group: CreateGroup, facts: Facts
) -> None:
    """AWS: "Add lifecycle hooks" in the Auto Scaling User Guide: a terminating instance ends either
    way; ABANDON stops other hooks, CONTINUE lets them complete."""
    hooks = [hook("logs", TERMINATING), hook("drain", TERMINATING)]
    name = group(DesiredCapacity=2, LifecycleHookSpecificationList=hooks)
    boot_all(asg, name, facts)
    asg.set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=0)
    turn(facts)
    first, second = instances(asg, name, "Terminating:Wait")

    complete(asg, name, "logs", "CONTINUE", first)
    complete(asg, name, "logs", "ABANDON", second)

    assert instances(asg, name, "Terminating:Wait") == [first]
    assert instances(asg, name, "Terminating:Proceed") == [second]


@pytest.mark.usefixtures("no_waiting")
def test_an_instance_s_metadata_has_its_target_lifecycle_state(
    asg: Any, group: CreateGroup, facts: Facts
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/retrieving-target-lifecycle-state-through-imds.html"""
    hooks = [hook("warm", LAUNCHING), hook("drain", TERMINATING)]
    name = group(DesiredCapacity=1, LifecycleHookSpecificationList=hooks)
    boot_all(asg, name, facts)
    instance_id = instances(asg, name, "Pending:Wait")[0]
    assert target_state(instance_id) == "InService"

    complete(asg, name, "warm", "CONTINUE", instance_id)
    asg.enter_standby(
        AutoScalingGroupName=name, InstanceIds=[instance_id], ShouldDecrementDesiredCapacity=True
    )
    assert target_state(instance_id) == "Standby"

    asg.exit_standby(AutoScalingGroupName=name, InstanceIds=[instance_id])
    asg.set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=0)
    turn(facts)
    assert instances(asg, name, "Terminating:Wait") == [instance_id]
    assert target_state(instance_id) == "Terminated"


def target_state(instance_id: str) -> str | None:
    with LOCK:
        wanted = desired.desired_state().instances
    return next(each for each in wanted if each.instance_id == instance_id).target_lifecycle_state


def test_an_action_is_completed_once(asg: Any, group: CreateGroup, facts: Facts) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CompleteLifecycleAction.html"""
    name = group(DesiredCapacity=1, LifecycleHookSpecificationList=[hook("warm", LAUNCHING)])
    boot_all(asg, name, facts)
    waiting = instances(asg, name, "Pending:Wait")[0]
    complete(asg, name, "warm", "CONTINUE", waiting)

    with pytest.raises(ClientError, match=r"ValidationError.*No active Lifecycle Action found"):
        complete(asg, name, "warm", "CONTINUE", waiting)


def test_a_deleted_hook_lets_go_what_waits_for_it(
    asg: Any, group: CreateGroup, facts: Facts
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DeleteLifecycleHook.html"""
    name = group(DesiredCapacity=1, LifecycleHookSpecificationList=[hook("warm", LAUNCHING)])
    boot_all(asg, name, facts)
    waiting = instances(asg, name, "Pending:Wait")

    asg.delete_lifecycle_hook(AutoScalingGroupName=name, LifecycleHookName="warm")

    assert instances(asg, name, "Terminating") == waiting
    with pytest.raises(ClientError, match="No Lifecycle Hook found"):
        asg.delete_lifecycle_hook(AutoScalingGroupName=name, LifecycleHookName="warm")


def test_hooks_are_described_as_they_were_put(asg: Any, group: CreateGroup) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_LifecycleHook.html"""
    name = group(DesiredCapacity=0)
    asg.put_lifecycle_hook(
        AutoScalingGroupName=name,
        **hook("warm", LAUNCHING, HeartbeatTimeout=60, NotificationMetadata="for us"),
    )
    asg.put_lifecycle_hook(
        AutoScalingGroupName=name, LifecycleHookName="warm", DefaultResult="CONTINUE"
    )

    found = asg.describe_lifecycle_hooks(AutoScalingGroupName=name)["LifecycleHooks"]

    assert found == [
        {
            "LifecycleHookName": "warm",
            "AutoScalingGroupName": name,
            "LifecycleTransition": LAUNCHING,
            "HeartbeatTimeout": 60,
            "GlobalTimeout": 6000,
            "DefaultResult": "CONTINUE",
            "NotificationMetadata": "for us",
        }
    ]
    types = asg.describe_lifecycle_hook_types()["LifecycleHookTypes"]
    assert sorted(types) == [LAUNCHING, TERMINATING]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"LifecycleTransition": "autoscaling:EC2_INSTANCE_REBOOTING"}, "LifecycleTransition"),
        ({"HeartbeatTimeout": 7201}, "Heartbeat timeout"),
        ({"DefaultResult": "PERHAPS"}, "CONTINUE, ABANDON"),
        ({"NotificationTargetARN": "arn:aws:sqs:us-east-1:123456789012:q"}, "not emulated"),
    ],
)
def test_a_hook_that_cannot_be_is_refused(
    asg: Any, group: CreateGroup, wrong: dict[str, Any], said: str
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutLifecycleHook.html

    Notifications of SQS and SNS are not emulated."""
    name = group(DesiredCapacity=0)

    with pytest.raises(ClientError, match=f"ValidationError.*{said}"):
        asg.put_lifecycle_hook(AutoScalingGroupName=name, **{**hook("warm", LAUNCHING), **wrong})
    assert asg.describe_lifecycle_hooks(AutoScalingGroupName=name)["LifecycleHooks"] == []


def test_a_stack_s_hooks_are_there_before_its_first_instances(
    asg: Any, stacks: StackDriver, unique_name: str, launch_template: str, facts: Facts
) -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-autoscaling-lifecyclehook.html"""
    properties = {
        "MinSize": "0",
        "MaxSize": "2",
        "DesiredCapacity": "1",
        "AvailabilityZones": ["us-east-1a"],
        "LaunchTemplate": {"LaunchTemplateId": launch_template, "Version": "1"},
        "LifecycleHookSpecificationList": [hook("warm", LAUNCHING, HeartbeatTimeout=60)],
    }
    own = {
        "AutoScalingGroupName": {"Ref": "Group"},
        "LifecycleHookName": "drain",
        "LifecycleTransition": TERMINATING,
    }
    template = {
        "Group": {"Type": "AWS::AutoScaling::AutoScalingGroup", "Properties": properties},
        "Drain": {"Type": "AWS::AutoScaling::LifecycleHook", "Properties": own},
    }
    stacks.create(unique_name, template)
    name = stacks.physical_id(unique_name, "Group")
    boot_all(asg, name, facts)
    assert len(instances(asg, name, "Pending:Wait")) == 1
    assert stacks.physical_id(unique_name, "Drain") == "drain"

    own["HeartbeatTimeout"] = 90
    properties["LifecycleHookSpecificationList"] = []
    stacks.update(unique_name, template)
    hooks = asg.describe_lifecycle_hooks(AutoScalingGroupName=name)["LifecycleHooks"]
    assert [(each["LifecycleHookName"], each["HeartbeatTimeout"]) for each in hooks] == [
        ("drain", 90)
    ]

    del template["Drain"]
    stacks.update(unique_name, template)
    assert asg.describe_lifecycle_hooks(AutoScalingGroupName=name)["LifecycleHooks"] == []


class _Clock:
    """In place of the module `time`: it stands still."""

    def __init__(self, now: float) -> None:
        self._now = now

    def time(self) -> float:
        return self._now
