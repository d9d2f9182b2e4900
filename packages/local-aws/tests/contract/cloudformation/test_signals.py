"""CreationPolicy, UpdatePolicy and SignalResource: a stack is complete when its instances serve."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from stack_driver import StackDriver, as_parameters, template_body

from local_aws.control_plane.cloudformation import engine

AwsClient = Any


class Signaller:
    """Signals for every instance of the group, as the instances themselves would."""

    def __init__(self, aws: AwsClient, stack_name: str) -> None:
        self._cloudformation = aws("cloudformation")
        self._auto_scaling = aws("autoscaling")
        self._stack_name = stack_name
        self._status = "SUCCESS"
        self._stopped = threading.Event()
        self._signalled: set[str] = set()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self, status: str = "SUCCESS") -> None:
        self._status = status
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    def _run(self) -> None:
        while not self._stopped.wait(0.05):
            for instance_id in self.instance_ids() - self._signalled:
                self._signal(instance_id)

    def instance_ids(self) -> set[str]:
        pages = self._auto_scaling.get_paginator("describe_auto_scaling_groups").paginate()
        return {
            instance["InstanceId"]
            for page in pages
            for group in page["AutoScalingGroups"]
            if group["AutoScalingGroupName"].startswith(f"{self._stack_name}-")
            for instance in group["Instances"]
        }

    def _signal(self, instance_id: str) -> None:
        try:
            self._cloudformation.signal_resource(
                StackName=self._stack_name,
                LogicalResourceId="Group",
                UniqueId=instance_id,
                Status=self._status,
            )
            self._signalled.add(instance_id)
        except ClientError:  # not waiting for it (yet)
            return


@pytest.fixture
def signaller(aws: AwsClient, unique_name: str) -> Iterator[Signaller]:
    found = Signaller(aws, unique_name)
    yield found
    found.stop()


def _start_creation(stacks: StackDriver, name: str, parameters: dict[str, str]) -> None:
    stacks.client.create_stack(
        StackName=name,
        TemplateBody=template_body("service.yaml"),
        Parameters=as_parameters(parameters),
        Capabilities=["CAPABILITY_IAM"],
    )


def test_a_stack_is_in_progress_until_every_signal_came(
    stacks: StackDriver, service: dict[str, str], signaller: Signaller, unique_name: str
) -> None:
    """CloudFormation Template Reference, "CreationPolicy attribute"."""
    _start_creation(stacks, unique_name, {**service, "SignalCount": "3", "SignalTimeout": "PT30S"})
    assert stacks.described(unique_name)["StackStatus"] == "CREATE_IN_PROGRESS"

    signaller.start()

    assert stacks.settled(unique_name)["StackStatus"] == "CREATE_COMPLETE"
    received = [event for event in stacks.events(unique_name) if "Received SUCCESS" in event[2]]
    assert len(received) == 3
    stacks.delete(unique_name)


def test_a_failure_signal_fails_the_creation_at_once(
    stacks: StackDriver, service: dict[str, str], signaller: Signaller, unique_name: str
) -> None:
    """CloudFormation Template Reference, "CreationPolicy attribute": failure signals."""
    signaller.start("FAILURE")
    started = time.monotonic()

    _start_creation(stacks, unique_name, {**service, "SignalCount": "3", "SignalTimeout": "PT5M"})

    assert stacks.settled(unique_name)["StackStatus"] == "ROLLBACK_COMPLETE"
    assert time.monotonic() - started < 10
    reasons = [reason for _, status, reason in stacks.events(unique_name) if "FAILED" in status]
    assert reasons[0].startswith("Received 0 SUCCESS signal(s) out of 3.")
    stacks.delete(unique_name)


def test_signals_that_do_not_come_fail_the_creation(
    stacks: StackDriver, service: dict[str, str], unique_name: str
) -> None:
    """CloudFormation Template Reference, "CreationPolicy attribute": Timeout."""
    _start_creation(stacks, unique_name, {**service, "SignalCount": "3", "SignalTimeout": "PT1S"})

    assert stacks.settled(unique_name)["StackStatus"] == "ROLLBACK_COMPLETE"
    stacks.delete(unique_name)


def test_a_creation_that_takes_too_long_is_rolled_back(
    stacks: StackDriver,
    service: dict[str, str],
    unique_name: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """CloudFormation API Reference, CreateStack: TimeoutInMinutes."""
    monkeypatch.setattr(engine, "_SECONDS_PER_MINUTE", 1.0)

    stack = stacks.create(
        unique_name,
        "service.yaml",
        {**service, "SignalCount": "3", "SignalTimeout": "PT5M"},
        TimeoutInMinutes=1,
    )

    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    assert "exceeded the specified timeout" in str(stacks.events(unique_name))


def test_a_creation_may_take_longer_than_a_thread_can_wait(
    stacks: StackDriver,
    service: dict[str, str],
    unique_name: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """CloudFormation API Reference, CreateStack: TimeoutInMinutes, "Minimum value of 1"."""
    deaths: list[threading.ExceptHookArgs] = []
    monkeypatch.setattr(threading, "excepthook", deaths.append)

    stack = stacks.create(unique_name, "service.yaml", service, TimeoutInMinutes=10**9)

    assert (stack["StackStatus"], deaths) == ("CREATE_COMPLETE", [])


def test_a_resource_that_waits_for_nothing_takes_no_signal(
    stacks: StackDriver, service: dict[str, str], unique_name: str
) -> None:
    """CloudFormation API Reference, SignalResource."""
    stacks.create(unique_name, "service.yaml", service)

    with pytest.raises(ClientError, match="can not be signaled"):
        stacks.client.signal_resource(
            StackName=unique_name, LogicalResourceId="Group", UniqueId="i-1", Status="SUCCESS"
        )


def test_a_rolling_update_replaces_every_instance(
    stacks: StackDriver,
    service: dict[str, str],
    signaller: Signaller,
    unique_name: str,
) -> None:
    """CloudFormation Template Reference, "UpdatePolicy attribute": AutoScalingRollingUpdate."""
    stacks.create(unique_name, "service.yaml", service)
    before = signaller.instance_ids()
    signaller.start()

    stack = stacks.update(unique_name, parameters={"LaunchTemplateVersion": "v2"})

    assert stack["StackStatus"] == "UPDATE_COMPLETE"
    after = signaller.instance_ids()
    assert len(after) == 3
    assert not before & after


def start_update(
    stacks: StackDriver, name: str, service: dict[str, str], signal_timeout: str
) -> None:
    """Start the rolling update of the service to another launch template version."""
    changed = {**service, "LaunchTemplateVersion": "v2", "SignalTimeout": signal_timeout}
    stacks.client.update_stack(
        StackName=name,
        UsePreviousTemplate=True,
        Parameters=as_parameters(changed),
        Capabilities=["CAPABILITY_IAM"],
    )


def test_a_rolling_update_without_signals_is_rolled_back(
    stacks: StackDriver,
    service: dict[str, str],
    signaller: Signaller,
    unique_name: str,
) -> None:
    """CloudFormation Template Reference, "UpdatePolicy attribute": WaitOnResourceSignals."""
    stacks.create(unique_name, "service.yaml", service)
    start_update(stacks, unique_name, service, signal_timeout="PT1S")
    while stacks.described(unique_name)["StackStatus"] == "UPDATE_IN_PROGRESS":
        time.sleep(0.05)

    signaller.start()  # the old configuration's instances do signal

    assert stacks.settled(unique_name)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    failed = {name for name, status, _ in stacks.events(unique_name) if status == "UPDATE_FAILED"}
    assert failed == {"Group"}


def test_an_update_can_be_cancelled(
    stacks: StackDriver, service: dict[str, str], signaller: Signaller, unique_name: str
) -> None:
    """CloudFormation API Reference, CancelUpdateStack: it rolls back."""
    stacks.create(unique_name, "service.yaml", service)
    start_update(stacks, unique_name, service, signal_timeout="PT5M")

    stacks.client.cancel_update_stack(StackName=unique_name)
    signaller.start()

    assert stacks.settled(unique_name)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
