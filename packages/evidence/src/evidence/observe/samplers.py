"""AWS's view of the service and the machine's state, sampled on the prober's clock.

A sample that cannot be taken is recorded as an error; the observation goes on.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from evidence.observe.configuration import Subject
from evidence.observe.machine import Machine
from evidence.record.samples import (
    GROUP_NOT_FOUND,
    Activity,
    GroupInstance,
    GroupSample,
    HealthCheckSettings,
    Sample,
    SamplingError,
    StackSample,
    TargetHealthSample,
    TargetState,
)

_SLOW_FACTOR = 4
_SLOW_SECONDS = 4.0
"""Stack status and scaling activities change slowly and cost more to ask for."""

_MACHINE_SECONDS = 0.2


@dataclass(frozen=True)
class Sampler:
    """Takes samples of one thing, with `interval_seconds` of rest between two (None: only one)."""

    name: str
    interval_seconds: float | None
    take: Callable[[], Iterable[Sample]]

    def run(self, record: Callable[[Sample], None], stop: threading.Event) -> None:
        """Go on sampling, after a first `take_once`, until `stop` is set."""
        while not stop.wait(self.interval_seconds):
            self.take_once(record)

    def take_once(self, record: Callable[[Sample], None]) -> None:
        at = time.time()
        try:
            for sample in self.take():
                record(sample)
        except ClientError as error:
            record(SamplingError(at, self.name, str(error), error.response["Error"]["Code"]))
        except (BotoCoreError, ResponseParserError) as error:
            record(SamplingError(at, self.name, str(error)))


def samplers(subject: Subject, interval_seconds: float) -> list[Sampler]:
    """The samplers of one stack. Credentials and endpoint come from the environment, as usual."""
    # Botocore's own session: boto3 would load S3's machinery before the first request.
    session = botocore.session.get_session()
    config = Config(
        connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 2}
    )
    load_balancing = session.create_client("elbv2", subject.region, config=config)
    auto_scaling = session.create_client("autoscaling", subject.region, config=config)
    cloudformation = session.create_client("cloudformation", subject.region, config=config)
    arn, group = subject.target_group_arn, subject.auto_scaling_group_name
    slow_seconds = max(interval_seconds, min(interval_seconds * _SLOW_FACTOR, _SLOW_SECONDS))
    activities = _Activities(auto_scaling, group)
    machine = Machine(max(interval_seconds, _MACHINE_SECONDS))
    return [
        Sampler("health_check", None, lambda: _health_check(load_balancing, arn)),
        Sampler("target_health", interval_seconds, lambda: _target_health(load_balancing, arn)),
        Sampler("group", interval_seconds, lambda: _group(auto_scaling, group)),
        Sampler("activity", slow_seconds, activities.take),
        Sampler("stack", slow_seconds, lambda: _stack(cloudformation, subject.stack_name)),
        Sampler("machine", 0, machine.take),  # it is its sampling that takes time
    ]


def _health_check(client: Any, arn: str) -> list[Sample]:
    at = time.time()
    group = client.describe_target_groups(TargetGroupArns=[arn])["TargetGroups"][0]
    return [
        HealthCheckSettings(
            at,
            interval_seconds=group["HealthCheckIntervalSeconds"],
            timeout_seconds=group["HealthCheckTimeoutSeconds"],
            healthy_threshold=group["HealthyThresholdCount"],
            unhealthy_threshold=group["UnhealthyThresholdCount"],
        )
    ]


def _target_health(client: Any, arn: str) -> list[Sample]:
    at = time.time()
    rows = client.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
    targets = (
        TargetState(
            instance=row["Target"]["Id"],
            port=row["Target"]["Port"],
            availability_zone=row["Target"].get("AvailabilityZone"),
            state=row["TargetHealth"]["State"],
            reason=row["TargetHealth"].get("Reason"),
            description=row["TargetHealth"].get("Description"),
        )
        for row in rows
    )
    return [TargetHealthSample(at, tuple(sorted(targets, key=lambda target: target.instance)))]


def _group(client: Any, name: str) -> list[Sample]:
    at = time.time()
    answer = client.describe_auto_scaling_groups(AutoScalingGroupNames=[name])
    if not answer["AutoScalingGroups"]:
        return [SamplingError(at, "group", f"no group {name}", GROUP_NOT_FOUND)]
    instances = (
        GroupInstance(
            instance=instance["InstanceId"],
            availability_zone=instance["AvailabilityZone"],
            lifecycle_state=instance["LifecycleState"],
            launch_template_version=instance.get("LaunchTemplate", {}).get("Version"),
        )
        for group in answer["AutoScalingGroups"]
        for instance in group["Instances"]
    )
    return [GroupSample(at, tuple(sorted(instances, key=lambda instance: instance.instance)))]


def _stack(client: Any, name: str) -> list[Sample]:
    at = time.time()
    stack = client.describe_stacks(StackName=name)["Stacks"][0]
    updated_at = stack.get("LastUpdatedTime")
    return [
        StackSample(
            at,
            stack["StackStatus"],
            stack_id=stack["StackId"],
            updated_at=updated_at and updated_at.isoformat(),
        )
    ]


class _Activities:
    """Scaling activities since the observation began, each once and again when it changes."""

    def __init__(self, client: Any, group: str) -> None:
        self._client = client
        self._group = group
        self._seen: dict[str, str] = {}
        self._since = time.time()

    def take(self) -> list[Sample]:
        at = time.time()
        answer = self._client.describe_scaling_activities(AutoScalingGroupName=self._group)
        new: list[Sample] = []
        for row in answer["Activities"]:
            identifier, status = row["ActivityId"], row["StatusCode"]
            started_at = row["StartTime"].timestamp()
            if started_at < self._since - 1 or self._seen.get(identifier) == status:
                continue  # AWS rounds StartTime down to the second
            self._seen[identifier] = status
            new.append(Activity(at, identifier, started_at, status, row["Description"]))
        return new
