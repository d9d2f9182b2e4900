"""A group that is deleted with its instances stays until they have ended."""

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
    turn,
)
from botocore.exceptions import ClientError
from ec2_driver import instance_state

from local_aws.contract.facts import Facts, TargetKey

pytestmark = pytest.mark.usefixtures("no_waiting")


def delete(asg: Any, name: str) -> None:
    asg.delete_auto_scaling_group(AutoScalingGroupName=name, ForceDelete=True)


def all_named(asg: Any, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = asg.describe_auto_scaling_groups(AutoScalingGroupNames=[name])[
        "AutoScalingGroups"
    ]
    return found


def test_a_group_is_deleted_once_its_instances_have_ended(
    asg: Any, group: CreateGroup, facts: Facts
) -> None:
    """API_AutoScalingGroup: Status, "when the DeleteAutoScalingGroup operation is in progress"."""
    name = group(MinSize=1)
    boot_all(asg, name, facts)
    assert "Status" not in described(asg, name)
    ids = instances(asg, name)

    delete(asg, name)
    delete(asg, name)  # as clients do that wait

    shown = described(asg, name)
    assert shown["Status"] == "Delete in progress"
    assert (shown["MinSize"], shown["MaxSize"], shown["DesiredCapacity"]) == (0, 0, 0)
    assert sorted(instances(asg, name, "Terminating")) == sorted(ids)
    newest = activities(asg, name)[0]
    assert newest["StatusCode"] == "InProgress"
    assert "shrinking the capacity from 3 to 0." in newest["Cause"]

    for instance_id in ids:
        assert all_named(asg, name)
        end(facts, instance_id)
    turn(facts)
    assert all_named(asg, name) == []


def test_a_group_cannot_be_changed_while_it_is_deleted(
    asg: Any, group: CreateGroup, facts: Facts
) -> None:
    """https://github.com/kubernetes/kops/issues/844 has the words."""
    name = group()
    boot_all(asg, name, facts)
    delete(asg, name)
    named = {"AutoScalingGroupName": name}

    for change, members in (
        (asg.update_auto_scaling_group, {"MaxSize": 5}),
        (asg.set_desired_capacity, {"DesiredCapacity": 0}),
        (asg.suspend_processes, {}),
        (asg.start_instance_refresh, {}),
        (asg.put_scheduled_update_group_action, {"ScheduledActionName": "one", "MinSize": 1}),
    ):
        with pytest.raises(
            ClientError,
            match=r"ValidationError.* group may not be modified while it is pending delete",
        ):
            change(**named, **members)
    assert asg.describe_policies(**named)["ScalingPolicies"] == []


def test_the_name_of_a_group_is_taken_until_it_is_deleted(
    asg: Any, group: CreateGroup, facts: Facts
) -> None:
    """https://github.com/hashicorp/terraform/issues/1105 has the words."""
    name = group(DesiredCapacity=1)
    boot_all(asg, name, facts)
    [last] = instances(asg, name)
    with pytest.raises(ClientError, match=f"the name {name} already exists$"):
        group()

    delete(asg, name)
    with pytest.raises(
        ClientError, match=r"AlreadyExists.*already exists and is pending delete\.  Please wait"
    ):
        group()

    end(facts, last)
    turn(facts)
    assert group(DesiredCapacity=1) == name


def test_a_deletion_waits_for_no_lifecycle_hook_and_no_request(
    aws: Any, asg: Any, group: CreateGroup, target_group: str, facts: Facts
) -> None:
    """API_DeleteAutoScalingGroup: "also deletes any outstanding lifecycle actions"."""
    hook = {
        "LifecycleHookName": "save",
        "LifecycleTransition": "autoscaling:EC2_INSTANCE_TERMINATING",
    }
    name = group(
        DesiredCapacity=2, TargetGroupARNs=[target_group], LifecycleHookSpecificationList=[hook]
    )
    boot_all(asg, name, facts)
    busy, waiting = instances(asg, name)
    asg.terminate_instance_in_auto_scaling_group(
        InstanceId=waiting, ShouldDecrementDesiredCapacity=True
    )
    assert instances(asg, name, "Terminating:Wait") == [waiting]
    facts.targets_in_use = frozenset({TargetKey(target_group, busy, 80)})

    delete(asg, name)

    for instance_id in (busy, waiting):
        assert instance_state(aws("ec2"), instance_id) == "shutting-down"
        end(facts, instance_id)
    turn(facts)
    assert all_named(asg, name) == []
