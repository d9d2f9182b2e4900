"""target_health against a real API; how it judges is in test_awaited_targets.py."""

import contextlib
import re
import threading
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import botocore.client
import pytest
from botocore.exceptions import ClientError

RunModule = Callable[..., dict[str, Any]]
Client = Callable[[str], Any]


@pytest.fixture
def group(aws: Client) -> str:
    vpc = aws("ec2").describe_vpcs()["Vpcs"][0]["VpcId"]
    created = aws("elbv2").create_target_group(
        Name=f"tg-{uuid4().hex[:8]}", Protocol="HTTP", Port=80, VpcId=vpc
    )
    return created["TargetGroups"][0]["TargetGroupArn"]


@pytest.fixture
def instance_ids(aws: Client) -> list[str]:
    started = aws("ec2").run_instances(ImageId="ami-12c6146b", MinCount=2, MaxCount=2)
    return sorted(instance["InstanceId"] for instance in started["Instances"])


@contextlib.contextmanager
def auto_scaling_group(aws: Client, group: str, size: int) -> Iterator[None]:
    """One that registers its instances with the target group."""
    name, client = f"asg-{uuid4().hex[:8]}", aws("autoscaling")
    client.create_launch_configuration(
        LaunchConfigurationName=name, ImageId="ami-12c6146b", InstanceType="t3.micro"
    )
    client.create_auto_scaling_group(
        AutoScalingGroupName=name,
        LaunchConfigurationName=name,
        MinSize=0,
        MaxSize=1,
        DesiredCapacity=size,
        AvailabilityZones=["us-east-1a"],
        TargetGroupARNs=[group],
    )
    yield
    client.delete_auto_scaling_group(AutoScalingGroupName=name, ForceDelete=True)


def register(aws: Client, group: str, instance_ids: list[str]) -> None:
    aws("elbv2").register_targets(
        TargetGroupArn=group, Targets=[{"Id": each} for each in instance_ids]
    )


def test_returns_every_target_with_its_zone_and_the_counts(
    run_module: RunModule, aws: Client, group: str, instance_ids: list[str]
) -> None:
    register(aws, group, instance_ids)
    aws("ec2").stop_instances(InstanceIds=instance_ids[:1])
    result = run_module("target_health", target_group_arn=group)
    assert {each["id"]: (each["state"], each["reason"]) for each in result["targets"]} == {
        instance_ids[0]: ("unused", "Target.InvalidState"),
        instance_ids[1]: ("healthy", None),
    }
    assert all(each["availability_zone"].startswith("us-east-1") for each in result["targets"])
    assert {state: count for state, count in result["counts"].items() if count} == {
        "healthy": 1,
        "unused": 1,
    }


def test_waits_until_the_targets_are_as_described(
    run_module: RunModule, aws: Client, group: str, instance_ids: list[str]
) -> None:
    register(aws, group, instance_ids[:1])
    later = threading.Timer(0.5, register, (aws, group, instance_ids[1:]))
    later.start()
    result = run_module(
        "target_health",
        target_group_arn=group,
        wait_for={"healthy": 2, "targets": {instance_ids[1]: "healthy"}},
        timeout_seconds=20,
        interval_seconds=0.05,
    )
    later.join()
    assert result["counts"]["healthy"] == 2


def test_fails_readably_when_they_do_not_become_so(
    run_module: RunModule, aws: Client, group: str, instance_ids: list[str]
) -> None:
    register(aws, group, instance_ids)
    result = run_module(
        "target_health",
        target_group_arn=group,
        wait_for={"healthy": 1},
        timeout_seconds=0.1,
        interval_seconds=0.05,
    )
    assert result["failed"]
    assert re.search(r"not as awaited within \d s\. Not reached: healthy: 1\.", result["msg"])
    assert result["counts"]["healthy"] == 2


def test_the_report_of_a_failed_wait_is_not_lost_for_the_zones(
    run_module: RunModule,
    aws: Client,
    group: str,
    instance_ids: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    register(aws, group, instance_ids)
    call = botocore.client.BaseClient._make_api_call

    def denied(client: Any, operation: str, request: dict[str, Any]) -> Any:
        if operation == "DescribeInstances":
            raise ClientError({"Error": {"Code": "UnauthorizedOperation"}}, operation)
        return call(client, operation, request)

    monkeypatch.setattr(botocore.client.BaseClient, "_make_api_call", denied)
    result = run_module(
        "target_health", target_group_arn=group, wait_for={"healthy": 1}, timeout_seconds=0
    )
    assert "Not reached: healthy: 1. Seen at the end:" in result["msg"]
    assert [each["id"] for each in result["targets"]] == instance_ids
    assert f"{instance_ids[0]} (port 80): healthy" in result["msg"]


def wait_long(run_module: RunModule, group: str, **wanted: Any) -> str:
    """What is said when it ends; by itself it would not within the test's time."""
    result = run_module(
        "target_health", target_group_arn=group, wait_for=wanted, timeout_seconds=3600
    )
    assert result["failed"]
    return str(result["msg"])


def test_fails_at_once_when_nobody_is_going_to_register_a_target(
    run_module: RunModule, aws: Client, group: str
) -> None:
    assert "cannot be: no target is registered" in wait_long(run_module, group, healthy=1)
    with auto_scaling_group(aws, group, size=0):
        said = wait_long(run_module, group, healthy=1)
    assert "no Auto Scaling group is going to register one" in said


def test_waits_for_a_group_that_is_going_to_register_a_target(
    run_module: RunModule, aws: Client, group: str
) -> None:
    with auto_scaling_group(aws, group, size=1):
        registered = run_module("target_health", target_group_arn=group)["targets"]
        targets = [{"Id": each["id"]} for each in registered]
        aws("elbv2").deregister_targets(TargetGroupArn=group, Targets=targets)
        result = run_module(
            "target_health", target_group_arn=group, wait_for={"healthy": 1}, timeout_seconds=0.1
        )
    assert re.search(r"not as awaited within \d s", result["msg"])


def test_fails_at_once_when_a_named_instance_is_terminated(
    run_module: RunModule, aws: Client, group: str, instance_ids: list[str]
) -> None:
    register(aws, group, instance_ids[:1])
    aws("ec2").terminate_instances(InstanceIds=instance_ids[1:])
    said = wait_long(run_module, group, targets={instance_ids[1]: "healthy"})
    assert f"cannot be: {instance_ids[1]} is terminated." in said


def test_check_mode_does_not_wait(run_module: RunModule, group: str) -> None:
    result = run_module(
        "target_health", check=True, target_group_arn=group, wait_for={"healthy": 1}
    )
    assert (result["changed"], result["targets"]) == (False, [])


@pytest.mark.parametrize(
    ("wait_for", "message"),
    [
        ({"targets": {"i-1": "helthy"}}, "'helthy' is not a target state"),
        ({"helthy": 1}, "Unsupported parameters"),
    ],
)
def test_refuses_a_state_that_does_not_exist(
    run_module: RunModule, group: str, wait_for: dict[str, Any], message: str
) -> None:
    result = run_module("target_health", target_group_arn=group, wait_for=wait_for)
    assert result["failed"]
    assert message in result["msg"]


def test_a_missing_target_group_is_named(run_module: RunModule, group: str) -> None:
    missing = group.replace("targetgroup/", "targetgroup/no-")
    result = run_module("target_health", target_group_arn=missing)
    assert result["msg"].startswith(f"Failed to describe the target health of {missing}: ")
