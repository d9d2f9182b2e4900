"""Read an Auto Scaling group through its API, and play the data plane for it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from local_aws.contract.facts import Facts, InstanceFact
from local_aws.control_plane.auto_scaling import reconciler as auto_scaling
from local_aws.control_plane.lock import LOCK
from local_aws.control_plane.reconciler import reconcile

CreateGroup = Callable[..., str]
"""`group()`, `group(DesiredCapacity=1)`: create a group of 3 in three zones, return its name."""


def described(asg: Any, name: str) -> dict[str, Any]:
    found = asg.describe_auto_scaling_groups(AutoScalingGroupNames=[name])
    result: dict[str, Any] = found["AutoScalingGroups"][0]
    return result


def instances(asg: Any, name: str, state: str = "InService") -> list[str]:
    """Return the ids of the group's instances in a lifecycle state."""
    return [
        instance["InstanceId"]
        for instance in described(asg, name)["Instances"]
        if instance["LifecycleState"] == state
    ]


def zones(asg: Any, name: str) -> dict[str, int]:
    return dict(Counter(each["AvailabilityZone"] for each in described(asg, name)["Instances"]))


def activities(asg: Any, name: str) -> list[dict[str, Any]]:
    """Return the group's scaling activities, newest first."""
    found: list[dict[str, Any]] = asg.describe_scaling_activities(AutoScalingGroupName=name)[
        "Activities"
    ]
    return found


def targets(aws: Any, target_group: str) -> dict[str, str]:
    """Return each target's state of health by instance id."""
    rows = aws("elbv2").describe_target_health(TargetGroupArn=target_group)
    return {
        row["Target"]["Id"]: row["TargetHealth"]["State"]
        for row in rows["TargetHealthDescriptions"]
    }


def new_version(aws: Any, launch_template: str, **data: Any) -> None:
    aws("ec2").create_launch_template_version(
        LaunchTemplateId=launch_template,
        LaunchTemplateData={"ImageId": "ami-12c6146b", "InstanceType": "t3.micro", **data},
    )


def turn(facts: Facts) -> None:
    with LOCK:
        reconcile(facts)


def later(facts: Facts, seconds: float) -> None:
    """Take Auto Scaling's turn of `seconds` from now."""
    with LOCK:
        auto_scaling.reconcile(facts, time.time() + seconds)


def report(facts: Facts, instance_id: str, alive: bool = True) -> None:
    """Report an instance as booted, its main process alive or not."""
    fact = InstanceFact(instance_id, 1, alive, 1 if alive else None, 8000, "")
    facts.instances = {**facts.instances, instance_id: fact}


def boot_all(asg: Any, name: str, facts: Facts) -> None:
    """Report each pending instance as booted, and take a turn."""
    for instance_id in instances(asg, name, "Pending"):
        report(facts, instance_id)
    turn(facts)


def end(facts: Facts, instance_id: str) -> None:
    """Report that nothing of an instance runs any more, and take a turn."""
    facts.instances = {key: fact for key, fact in facts.instances.items() if key != instance_id}
    turn(facts)


def newest_refresh(asg: Any, name: str) -> dict[str, Any]:
    """Return the group's instance refresh that was started last."""
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


def another(asg: Any, name: str) -> str:
    """Create a group from the first instance of this one."""
    asg.create_auto_scaling_group(
        AutoScalingGroupName=f"{name}-2",
        InstanceId=described(asg, name)["Instances"][0]["InstanceId"],
        AvailabilityZones=["us-east-1a"],
        MinSize=1,
        MaxSize=1,
    )
    return f"{name}-2"
