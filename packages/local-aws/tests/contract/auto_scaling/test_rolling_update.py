"""CloudFormation's rolling update: batches, signals, capacity in service, failure and rollback."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from auto_scaling_driver import CreateGroup, described, instances, new_version, zones

from local_aws.control_plane.auto_scaling.rolling_update import rollout
from local_aws.control_plane.auto_scaling.rolling_update.rollout import (
    RollingUpdateFailed,
    SignalStatus,
)

_POLICY = {
    "MaxBatchSize": "1",
    "MinInstancesInService": "2",
    "WaitOnResourceSignals": "true",
    "PauseTime": "PT1M",
    "SuspendProcesses": ["HealthCheck", "ReplaceUnhealthy", "AZRebalance"],
}


class Instances:
    """Signals for the new instances, and what the group looked like each time one was awaited."""

    def __init__(self, asg: Any, answer: SignalStatus | None = "SUCCESS") -> None:
        self._asg = asg
        self._answer = answer
        self.name = ""
        self.awaited: list[list[str]] = []
        self.in_service: list[int] = []
        self.suspended: set[str] = set()

    def wait(self, instance_ids: Sequence[str], timeout: float) -> Mapping[str, SignalStatus]:
        assert timeout == 60
        group = described(self._asg, self.name)
        self.suspended = {each["ProcessName"] for each in group["SuspendedProcesses"]}
        self.awaited.append(list(instance_ids))
        old = set(instances(self._asg, self.name)) - set(instance_ids)
        self.in_service.append(len(old))
        return dict.fromkeys(instance_ids, self._answer) if self._answer else {}


def run(
    name: str,
    wait: Callable[[Sequence[str], float], Mapping[str, SignalStatus]],
    cancelled: threading.Event | None = None,
    **changes: Any,
) -> list[str]:
    events: list[str] = []
    rollout.run(
        name,
        "us-east-1",
        {**_POLICY, **changes},
        wait,
        cancelled or threading.Event(),
        events.append,
    )
    return events


def test_all_are_replaced_one_by_one_with_two_others_in_service(
    aws: Any, asg: Any, group: CreateGroup, launch_template: str, subnets: dict[str, str]
) -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-updatepolicy.html"""
    name = group()
    before = instances(asg, name)
    new_version(aws, launch_template, InstanceType="t3.small")
    fleet = Instances(asg)
    fleet.name = name

    events = run(name, fleet.wait)

    after = instances(asg, name)
    assert set(after).isdisjoint(before)
    assert zones(asg, name) == dict.fromkeys(subnets, 1)
    assert [len(batch) for batch in fleet.awaited] == [1, 1, 1]
    assert fleet.in_service == [2, 2, 2]
    assert fleet.suspended == {"HealthCheck", "ReplaceUnhealthy", "AZRebalance"}
    assert described(asg, name)["SuspendedProcesses"] == []
    assert events[0].startswith("Rolling update initiated. Terminating 3 obsolete instance(s)")
    assert events[-1].endswith("(Progress 100%).")


def test_an_up_to_date_group_is_left_alone(asg: Any, group: CreateGroup) -> None:
    name = group()
    before = instances(asg, name)

    assert run(name, Instances(asg).wait) == []
    assert instances(asg, name) == before


def test_without_room_the_group_grows_first_and_shrinks_after(
    aws: Any, asg: Any, group: CreateGroup, launch_template: str
) -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-updatepolicy.html"""
    name = group(MaxSize=4)
    new_version(aws, launch_template, InstanceType="t3.small")
    fleet = Instances(asg)
    fleet.name = name

    events = run(name, fleet.wait, MinInstancesInService=3)

    assert min(fleet.in_service) == 3
    assert described(asg, name)["DesiredCapacity"] == 3
    types = [each["InstanceType"] for each in described(asg, name)["Instances"]]
    assert types == ["t3.small"] * 3
    assert any("Temporarily setting autoscaling group MinSize" in event for event in events)


def test_a_missing_signal_fails_the_update_and_resumes_the_processes(
    aws: Any, asg: Any, group: CreateGroup, launch_template: str
) -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-updatepolicy.html"""
    name = group()
    asg.suspend_processes(AutoScalingGroupName=name, ScalingProcesses=["AZRebalance"])
    new_version(aws, launch_template, InstanceType="t3.small")
    fleet = Instances(asg, answer=None)
    fleet.name = name

    with pytest.raises(RollingUpdateFailed, match=r"Received 0 SUCCESS signal\(s\) out of 1"):
        run(name, fleet.wait)

    suspended = [each["ProcessName"] for each in described(asg, name)["SuspendedProcesses"]]
    assert suspended == ["AZRebalance"]
    assert len(fleet.awaited) == 1


def test_fewer_successes_are_enough_when_the_policy_says_so(
    aws: Any, asg: Any, group: CreateGroup, launch_template: str
) -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-updatepolicy.html"""
    name = group()
    new_version(aws, launch_template, InstanceType="t3.small")
    fleet = Instances(asg, answer="FAILURE")
    fleet.name = name

    run(name, fleet.wait, MinSuccessfulInstancesPercent=0)

    assert len(fleet.awaited) == 3


def test_rolling_back_is_the_same_update_to_the_old_version(
    aws: Any, asg: Any, group: CreateGroup, launch_template: str
) -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-rollback.html"""
    name = group()
    kept = instances(asg, name)[1:]
    new_version(aws, launch_template, InstanceType="t3.small")
    failing = Instances(asg, answer="FAILURE")
    failing.name = name
    with pytest.raises(RollingUpdateFailed):
        run(name, failing.wait)

    asg.update_auto_scaling_group(
        AutoScalingGroupName=name,
        LaunchTemplate={"LaunchTemplateId": launch_template, "Version": "1"},
    )
    fleet = Instances(asg)
    fleet.name = name
    run(name, fleet.wait)

    assert set(kept) < set(instances(asg, name))
    types = {each["InstanceType"] for each in described(asg, name)["Instances"]}
    assert types == {"t3.micro"}
    assert len(fleet.awaited) == 1


def test_a_cancelled_update_stops(aws: Any, group: CreateGroup, launch_template: str) -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CancelUpdateStack.html"""
    name = group()
    new_version(aws, launch_template, InstanceType="t3.small")
    cancelled = threading.Event()

    def cancel(instance_ids: Sequence[str], _: float) -> Mapping[str, SignalStatus]:
        cancelled.set()
        return dict.fromkeys(instance_ids, "SUCCESS")

    with pytest.raises(RollingUpdateFailed, match="cancelled"):
        run(name, cancel, cancelled)


def test_an_update_ends_with_its_group(
    aws: Any, asg: Any, group: CreateGroup, launch_template: str
) -> None:
    """API_DeleteAutoScalingGroup, ForceDelete: the group goes with all its instances."""
    name = group()
    new_version(aws, launch_template, InstanceType="t3.small")

    def delete(instance_ids: Sequence[str], _: float) -> Mapping[str, SignalStatus]:
        asg.delete_auto_scaling_group(AutoScalingGroupName=name, ForceDelete=True)
        return dict.fromkeys(instance_ids, "SUCCESS")

    with pytest.raises(RollingUpdateFailed, match=f"AutoScalingGroup {name} was deleted"):
        run(name, delete)

    mine = [{"Name": "tag:aws:autoscaling:groupName", "Values": [name]}]
    found = aws("ec2").describe_instances(Filters=mine)["Reservations"]
    assert {one["State"]["Name"] for each in found for one in each["Instances"]} <= {
        "shutting-down",
        "terminated",
    }


def test_without_signals_each_batch_is_followed_by_the_pause(
    aws: Any, asg: Any, group: CreateGroup, launch_template: str
) -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-updatepolicy.html"""
    name = group()
    before = instances(asg, name)
    new_version(aws, launch_template, InstanceType="t3.small")

    events = run(
        name,
        Instances(asg).wait,
        WaitOnResourceSignals="false",
        PauseTime="PT0S",
        MinInstancesInService=0,
        MaxBatchSize=3,
    )

    assert set(instances(asg, name)).isdisjoint(before)
    assert len([event for event in events if event.startswith("Terminating")]) == 1


def test_instances_outside_the_group_s_new_subnets_are_obsolete(
    asg: Any, group: CreateGroup, subnets: dict[str, str]
) -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-updatepolicy.html"""
    name = group()
    asg.suspend_processes(AutoScalingGroupName=name, ScalingProcesses=["AZRebalance"])
    kept = [subnets["us-east-1a"], subnets["us-east-1b"]]
    asg.update_auto_scaling_group(AutoScalingGroupName=name, VPCZoneIdentifier=",".join(kept))
    fleet = Instances(asg)
    fleet.name = name

    run(name, fleet.wait)

    assert len(fleet.awaited) == 1
    assert "us-east-1c" not in zones(asg, name)
