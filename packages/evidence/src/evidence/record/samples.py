"""AWS's view at one moment, and how busy the observer's machine was: lines of samples.jsonl.

One clock: every time of a record is seconds since the epoch on this machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

LOAD_BALANCER_ERROR = "Elb.InternalError"
"""A target's reason code: "Health check reason codes" in the Application Load Balancer guide."""

GROUP_NOT_FOUND = "AutoScalingGroupNotFound"
"""Not AWS's code: DescribeAutoScalingGroups answers with no group, and without an error."""


@dataclass(frozen=True, slots=True)
class TargetState:
    """One row of DescribeTargetHealth."""

    instance: str
    port: int
    availability_zone: str | None
    state: str
    reason: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class TargetHealthSample:
    at: float
    targets: tuple[TargetState, ...]

    def count(self, state: str) -> int:
        return sum(target.state == state for target in self.targets)

    def of(self, instance: str) -> TargetState | None:
        return next((target for target in self.targets if target.instance == instance), None)

    @property
    def load_balancer_error(self) -> str | None:
        """What AWS says when the load balancer itself failed, and no target's health is known."""
        return next(
            (
                target.description or LOAD_BALANCER_ERROR
                for target in self.targets
                if target.reason == LOAD_BALANCER_ERROR
            ),
            None,
        )


@dataclass(frozen=True, slots=True)
class GroupInstance:
    """An instance as its Auto Scaling group lists it."""

    instance: str
    availability_zone: str
    lifecycle_state: str
    launch_template_version: str | None = None


@dataclass(frozen=True, slots=True)
class GroupSample:
    at: float
    instances: tuple[GroupInstance, ...]

    @property
    def present(self) -> frozenset[str]:
        """Instances that belong to the group and are not on their way out."""
        return frozenset(
            instance.instance
            for instance in self.instances
            if not instance.lifecycle_state.startswith("Terminat")
        )

    @property
    def in_service(self) -> int:
        return sum(instance.lifecycle_state == "InService" for instance in self.instances)


@dataclass(frozen=True, slots=True)
class StackSample:
    """`updated_at` is LastUpdatedTime as text: whoever updates the stack changes it."""

    at: float
    status: str
    stack_id: str | None = None
    updated_at: str | None = None


@dataclass(frozen=True, slots=True)
class Activity:
    """A scaling activity, recorded when it is first seen and when its status changes."""

    at: float
    activity_id: str
    started_at: float
    status: str
    description: str


@dataclass(frozen=True, slots=True)
class SamplingError:
    """A sample that could not be taken. The observation goes on without it.

    `code` is AWS's error code, GROUP_NOT_FOUND, or None when nothing answered.
    """

    at: float
    sampler: str
    error: str
    code: str | None = None


@dataclass(frozen=True, slots=True)
class HealthCheckSettings:
    """The target group's health check, read once when the observation begins."""

    at: float
    interval_seconds: int
    timeout_seconds: int
    healthy_threshold: int
    unhealthy_threshold: int

    @property
    def eviction_seconds(self) -> float:
        """The longest time, in seconds, from a fault to the target's being unhealthy.

        The fault comes right after a check that passed; then `unhealthy_threshold` checks must
        fail, one each interval, and the last may take its whole timeout.
        """
        return self.unhealthy_threshold * self.interval_seconds + self.timeout_seconds

    @property
    def recovery_seconds(self) -> float:
        """The longest time, in seconds, from a repair to the target's being healthy again.

        The repair comes right after a check that failed; then `healthy_threshold` checks must pass.
        """
        return self.healthy_threshold * self.interval_seconds + self.timeout_seconds


@dataclass(frozen=True, slots=True)
class MachineSample:
    """How busy the observer's machine was in the `seconds` before `at`.

    `stall_ms` is the longest time that a thread woke up late. `pressure` is the share of the time
    in which some process waited for a processor, `stolen` the share of the processors that went to
    other machines; None where the machine does not report it.
    """

    at: float
    seconds: float
    stall_ms: float
    pressure: float | None = None
    stolen: float | None = None


Sample = (
    TargetHealthSample
    | GroupSample
    | StackSample
    | Activity
    | SamplingError
    | HealthCheckSettings
    | MachineSample
)

_SAMPLE_TYPES: dict[str, type[Sample]] = {
    "target_health": TargetHealthSample,
    "group": GroupSample,
    "stack": StackSample,
    "activity": Activity,
    "error": SamplingError,
    "health_check": HealthCheckSettings,
    "machine": MachineSample,
}
SAMPLE_NAMES = tuple(_SAMPLE_TYPES)
_NAMES = {sample_type: name for name, sample_type in _SAMPLE_TYPES.items()}


def sample_to_json(sample: Sample, scenario: str) -> dict[str, Any]:
    return {"scenario": scenario, "sample": _NAMES[type(sample)], **asdict(sample)}


def sample_from_json(line: Mapping[str, Any]) -> Sample:
    """Raises KeyError or TypeError for a line that is damaged, or of another version."""
    values = {key: value for key, value in line.items() if key not in {"scenario", "sample"}}
    if "targets" in values:
        values["targets"] = tuple(TargetState(**target) for target in values["targets"])
    if "instances" in values:
        values["instances"] = tuple(GroupInstance(**instance) for instance in values["instances"])
    return _SAMPLE_TYPES[line["sample"]](**values)
