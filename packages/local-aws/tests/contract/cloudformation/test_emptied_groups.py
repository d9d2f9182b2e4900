"""An Auto Scaling group is emptied by scaling in before its stack's deletion deletes it."""

from __future__ import annotations

from typing import Any

import pytest
from auto_scaling_driver import activities, boot_all, described, end, instances, turn
from group_template import group_with_template
from local_aws_command import eventually
from stack_driver import StackDriver

from local_aws.contract.facts import Facts
from local_aws.control_plane.cloudformation import engine
from local_aws.control_plane.cloudformation.resource_types.scaling import emptied_group

_HOOK = {
    "LifecycleHookName": "save",
    "LifecycleTransition": "autoscaling:EC2_INSTANCE_TERMINATING",
}


def protect(asg: Any, group: str, ids: list[str], *, protected: bool) -> None:
    asg.set_instance_protection(
        AutoScalingGroupName=group, InstanceIds=ids, ProtectedFromScaleIn=protected
    )


@pytest.fixture
def protected(
    stacks: StackDriver, asg: Any, service: dict[str, str], unique_name: str
) -> tuple[str, list[str]]:
    """The name of a stack's group, and its two instances, of which the second is protected."""
    stacks.create(unique_name, group_with_template(service))
    group = stacks.physical_id(unique_name, "Group")
    ids = instances(asg, group)
    protect(asg, group, ids[1:], protected=True)
    return group, ids


def test_a_deletion_waits_until_protection_is_removed(
    stacks: StackDriver, asg: Any, protected: tuple[str, list[str]], unique_name: str
) -> None:
    """aws/aws-cdk issue 18179, and aws-samples/aws-fault-injection-simulator-workshop issue 114,
    which has the words of the activity."""
    group, (_, kept) = protected
    stack_id = stacks.described(unique_name)["StackId"]
    stacks.client.delete_stack(StackName=unique_name)
    eventually(lambda: instances(asg, group) == [kept])

    shown = described(asg, group)
    assert (shown["MinSize"], shown["MaxSize"], shown["DesiredCapacity"]) == (0, 0, 0)
    assert "Status" not in shown
    cause = activities(asg, group)[0]["Cause"]
    assert "a user request update of AutoScalingGroup constraints to min: 0, max: 0" in cause
    assert stacks.described(stack_id)["StackStatus"] == "DELETE_IN_PROGRESS"
    protect(asg, group, [kept], protected=False)

    assert stacks.settled(stack_id)["StackStatus"] == "DELETE_COMPLETE"
    assert (
        asg.describe_auto_scaling_groups(AutoScalingGroupNames=[group])["AutoScalingGroups"] == []
    )


def test_a_group_that_its_user_deletes_by_force_is_waited_for_no_longer(
    stacks: StackDriver, asg: Any, protected: tuple[str, list[str]], unique_name: str
) -> None:
    """aws/aws-cdk issue 14732: so users end such a deletion."""
    group, (_, kept) = protected
    stack_id = stacks.described(unique_name)["StackId"]
    stacks.client.delete_stack(StackName=unique_name)
    eventually(lambda: instances(asg, group) == [kept])

    asg.delete_auto_scaling_group(AutoScalingGroupName=group, ForceDelete=True)

    assert stacks.settled(stack_id)["StackStatus"] == "DELETE_COMPLETE"


def test_a_deletion_fails_when_the_hour_is_over_and_can_be_repeated(
    stacks: StackDriver,
    asg: Any,
    protected: tuple[str, list[str]],
    unique_name: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """buildkite/elastic-ci-stack-for-aws issues 927 and 977; no recording of the words is known."""
    group, (_, kept) = protected
    monkeypatch.setattr(emptied_group, "_LONGEST_SECONDS", 0.0)

    deleted = stacks.delete(unique_name)

    assert deleted["StackStatus"] == "DELETE_FAILED"
    reason = stacks.failures(deleted["StackId"])["Group"]
    assert reason == "Group did not stabilize. {current/minSize/maxSize} group size = {1/0/0}."
    assert instances(asg, group) == [kept]
    monkeypatch.undo()
    protect(asg, group, [kept], protected=False)
    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_COMPLETE"


def test_a_deletion_fails_while_terminate_is_suspended(
    stacks: StackDriver, asg: Any, service: dict[str, str], unique_name: str
) -> None:
    """The words are AWS's, as many users quote them."""
    stacks.create(unique_name, group_with_template(service))
    group = stacks.physical_id(unique_name, "Group")
    asg.suspend_processes(AutoScalingGroupName=group, ScalingProcesses=["Terminate"])

    deleted = stacks.delete(unique_name)

    assert deleted["StackStatus"] == "DELETE_FAILED"
    assert stacks.failures(deleted["StackId"])["Group"] == (
        "AutoscalingGroup deletion cannot be performed because the Terminate process has been "
        "suspended; please resume this process and then retry stack deletion."
    )
    assert described(asg, group)["MinSize"] == 2
    asg.resume_processes(AutoScalingGroupName=group)
    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_COMPLETE"


@pytest.mark.usefixtures("no_waiting")
def test_a_deletion_waits_for_lifecycle_hooks(
    stacks: StackDriver, asg: Any, service: dict[str, str], unique_name: str, facts: Facts
) -> None:
    """Amazon EC2 Auto Scaling User Guide, "Amazon EC2 Auto Scaling lifecycle hooks": scaling in."""
    stacks.create(
        unique_name,
        group_with_template(service, MinSize="1", LifecycleHookSpecificationList=[_HOOK]),
    )
    stack_id = stacks.described(unique_name)["StackId"]
    group = stacks.physical_id(unique_name, "Group")
    boot_all(asg, group, facts)
    [last] = instances(asg, group)

    stacks.client.delete_stack(StackName=unique_name)
    eventually(lambda: instances(asg, group, "Terminating:Wait") == [last])
    turn(facts)
    assert stacks.described(stack_id)["StackStatus"] == "DELETE_IN_PROGRESS"
    asg.complete_lifecycle_action(
        AutoScalingGroupName=group,
        LifecycleHookName=_HOOK["LifecycleHookName"],
        InstanceId=last,
        LifecycleActionResult="CONTINUE",
    )
    end(facts, last)

    assert stacks.settled(stack_id)["StackStatus"] == "DELETE_COMPLETE"


def test_standby_ends_with_the_group_for_which_the_stack_waits(
    stacks: StackDriver, asg: Any, service: dict[str, str], unique_name: str, facts: Facts
) -> None:
    stacks.create(unique_name, group_with_template(service, MinSize="0", DesiredCapacity="1"))
    stack_id = stacks.described(unique_name)["StackId"]
    group = stacks.physical_id(unique_name, "Group")
    boot_all(asg, group, facts)
    [resting] = instances(asg, group)
    asg.enter_standby(
        AutoScalingGroupName=group, InstanceIds=[resting], ShouldDecrementDesiredCapacity=True
    )
    stacks.client.delete_stack(StackName=unique_name)
    eventually(lambda: described(asg, group).get("Status") == "Delete in progress")
    turn(facts)
    assert stacks.described(stack_id)["StackStatus"] == "DELETE_IN_PROGRESS"
    end(facts, resting)

    assert stacks.settled(stack_id)["StackStatus"] == "DELETE_COMPLETE"
    named = asg.describe_auto_scaling_groups(AutoScalingGroupNames=[group])
    assert named["AutoScalingGroups"] == []


def failing(service: dict[str, str]) -> dict[str, Any]:
    """A group of one, and afterwards a queue that cannot be."""
    queue = {
        "Type": "AWS::SQS::Queue",
        "DependsOn": "Group",
        "Properties": {"QueueName": "not a name"},
    }
    return {**group_with_template(service, MinSize="1"), "Queue": queue}


@pytest.mark.usefixtures("no_waiting")
def test_a_deletion_in_the_middle_of_a_rollback_leaves_no_group(
    stacks: StackDriver, asg: Any, service: dict[str, str], unique_name: str, facts: Facts
) -> None:
    """The stack was gone before its group: the deletion cancelled the rollback, which had begun to
    delete the group."""
    stacks.start(unique_name, failing(service))
    stack_id = stacks.described(unique_name)["StackId"]
    eventually(lambda: "ROLLBACK_IN_PROGRESS" in stacks.described(stack_id)["StackStatus"])
    group = stacks.physical_id(unique_name, "Group")
    [last] = [each["InstanceId"] for each in described(asg, group)["Instances"]]

    stacks.client.delete_stack(StackName=unique_name)
    eventually(lambda: described(asg, group)["MaxSize"] == 0)
    assert stacks.described(stack_id)["StackStatus"] == "DELETE_IN_PROGRESS"
    end(facts, last)

    assert stacks.settled(stack_id)["StackStatus"] == "DELETE_COMPLETE"
    named = asg.describe_auto_scaling_groups(AutoScalingGroupNames=[group])
    assert named["AutoScalingGroups"] == []


@pytest.mark.usefixtures("no_waiting")
def test_a_rollback_takes_its_time_when_the_creation_took_too_long(
    stacks: StackDriver,
    asg: Any,
    service: dict[str, str],
    unique_name: str,
    facts: Facts,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """CloudFormation API Reference, CreateStack: TimeoutInMinutes is of the creation."""
    monkeypatch.setattr(engine, "_SECONDS_PER_MINUTE", 1.0)
    never = {
        "Handle": {"Type": "AWS::CloudFormation::WaitConditionHandle"},
        "Never": {
            "Type": "AWS::CloudFormation::WaitCondition",
            "DependsOn": "Group",
            "Properties": {"Handle": {"Ref": "Handle"}, "Timeout": "60"},
        },
    }
    stacks.start(
        unique_name, {**group_with_template(service, MinSize="1"), **never}, TimeoutInMinutes=1
    )
    eventually(lambda: stacks.described(unique_name)["StackStatus"] == "ROLLBACK_IN_PROGRESS")
    group = stacks.physical_id(unique_name, "Group")
    eventually(lambda: described(asg, group)["MaxSize"] == 0)
    [last] = [each["InstanceId"] for each in described(asg, group)["Instances"]]
    end(facts, last)

    assert stacks.settled(unique_name)["StackStatus"] == "ROLLBACK_COMPLETE"
