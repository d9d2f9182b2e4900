"""Standby: an instance that stays in its group, out of service, for a user to look after.

Source: https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-enter-exit-standby.html
"""

from __future__ import annotations

from typing import Any

import pytest
from auto_scaling_driver import (
    CreateGroup,
    activities,
    boot_all,
    described,
    instances,
    settle,
    turn,
)
from botocore.exceptions import ClientError

from local_aws.contract.facts import Facts


def enter(asg: Any, name: str, *instance_ids: str, decrement: bool = True) -> Any:
    return asg.enter_standby(
        AutoScalingGroupName=name,
        InstanceIds=instance_ids,
        ShouldDecrementDesiredCapacity=decrement,
    )["Activities"]


def leave(asg: Any, name: str, *instance_ids: str) -> Any:
    return asg.exit_standby(AutoScalingGroupName=name, InstanceIds=instance_ids)["Activities"]


def test_standby_is_an_activity_in_aws_s_words(asg: Any, group: CreateGroup, facts: Facts) -> None:
    """as-enter-exit-standby, "Temporarily remove an instance by setting it to standby"."""
    name = group()
    boot_all(asg, name, facts)
    chosen = instances(asg, name)[0]

    (entering,) = enter(asg, name, chosen)
    assert entering["Description"] == f"Moving EC2 instance to Standby: {chosen}"
    assert entering["Cause"].endswith(
        f"Z instance {chosen} was moved to standby in response to a user request, shrinking the "
        "capacity from 3 to 2."
    )
    assert (entering["StatusCode"], entering["Progress"]) == ("InProgress", 50)
    assert "EndTime" not in entering
    (leaving,) = leave(asg, name, chosen)
    assert leaving["Description"] == f"Moving EC2 instance out of Standby: {chosen}"
    assert leaving["Cause"].endswith("user request, increasing the capacity from 2 to 3.")
    assert (leaving["StatusCode"], leaving["Progress"]) == ("PreInService", 30)

    shown = activities(asg, name)[:2]
    assert [each["ActivityId"] for each in shown] == [leaving["ActivityId"], entering["ActivityId"]]
    assert {each["StatusCode"] for each in shown} == {"Successful"}


@pytest.mark.parametrize("status", ["stopped", "terminated"])
def test_no_health_is_checked_in_standby(
    aws: Any, asg: Any, group: CreateGroup, facts: Facts, status: str
) -> None:
    """as-enter-exit-standby, "Health status of an instance in a standby state": it stays as it was;
    back in service, an instance that does not run is replaced."""
    name = group()
    boot_all(asg, name, facts)
    chosen = instances(asg, name)[0]
    enter(asg, name, chosen)

    change = {"stopped": aws("ec2").stop_instances, "terminated": aws("ec2").terminate_instances}
    change[status](InstanceIds=[chosen])
    settle(asg, name, facts)
    assert instances(asg, name, "Standby") == [chosen]
    shown = {each["InstanceId"]: each["HealthStatus"] for each in described(asg, name)["Instances"]}
    assert shown[chosen] == "Healthy"

    leave(asg, name, chosen)
    settle(asg, name, facts)
    assert chosen not in instances(asg, name)
    assert len(instances(asg, name)) == 3


def test_only_who_is_in_service_enters_and_only_who_is_in_standby_leaves(
    asg: Any, group: CreateGroup, facts: Facts
) -> None:
    """as-enter-exit-standby: from InService, and back. No recording of the words is known."""
    name = group()
    boot_all(asg, name, facts)
    chosen, other = instances(asg, name)[:2]
    enter(asg, name, chosen)

    with pytest.raises(ClientError, match="is not in InService"):
        enter(asg, name, chosen)
    with pytest.raises(ClientError, match="is not in Standby"):
        leave(asg, name, other)
    with pytest.raises(ClientError, match="is not part of Auto Scaling group"):
        leave(asg, name, "i-0123456789abcdef0")
    assert described(asg, name)["DesiredCapacity"] == 2


def test_the_new_capacity_is_within_the_group_s_bounds(
    asg: Any, group: CreateGroup, facts: Facts
) -> None:
    """as-enter-exit-standby, "Considerations": otherwise the operation fails."""
    name = group(MinSize=3, MaxSize=3)
    boot_all(asg, name, facts)
    chosen = instances(asg, name)[0]

    with pytest.raises(ClientError, match="min-size=3, max-size=3, and desired-size=3"):
        enter(asg, name, chosen)
    enter(asg, name, chosen, decrement=False)
    boot_all(asg, name, facts)
    assert len(instances(asg, name)) == 3
    with pytest.raises(ClientError, match="please update the AutoScalingGroup sizes"):
        leave(asg, name, chosen)


def test_nobody_leaves_standby_while_launches_are_suspended(
    asg: Any, group: CreateGroup, facts: Facts
) -> None:
    """ "How suspended processes affect other processes" in the User Guide, "Additional
    considerations": Launch must be resumed first. No recording of the words is known."""
    name = group()
    boot_all(asg, name, facts)
    chosen = instances(asg, name)[0]
    enter(asg, name, chosen)
    asg.suspend_processes(AutoScalingGroupName=name, ScalingProcesses=["Launch"])

    with pytest.raises(ClientError, match="process Launch, which is suspended"):
        leave(asg, name, chosen)
    asg.resume_processes(AutoScalingGroupName=name, ScalingProcesses=["Launch"])
    leave(asg, name, chosen)
    turn(facts)
    assert chosen in instances(asg, name)


def test_an_instance_in_standby_keeps_the_health_it_had(
    asg: Any, group: CreateGroup, facts: Facts
) -> None:
    """as-enter-exit-standby, "Health status of an instance in a standby state"."""
    name = group()
    boot_all(asg, name, facts)
    chosen = instances(asg, name)[0]
    enter(asg, name, chosen)
    asg.set_instance_health(InstanceId=chosen, HealthStatus="Unhealthy")
    [shown] = asg.describe_auto_scaling_instances(InstanceIds=[chosen])["AutoScalingInstances"]
    assert (shown["LifecycleState"], shown["HealthStatus"]) == ("Standby", "HEALTHY")

    leave(asg, name, chosen)
    assert chosen in instances(asg, name)
    asg.set_instance_health(InstanceId=chosen, HealthStatus="Unhealthy")
    [shown] = asg.describe_auto_scaling_instances(InstanceIds=[chosen])["AutoScalingInstances"]
    assert shown["HealthStatus"] == "UNHEALTHY"
