"""What a rolling update does next: the template's policy and the choice of a batch, without I/O.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-updatepolicy.html
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from local_aws.control_plane import durations


class RollingUpdateFailed(Exception):  # noqa: N818 - named after AWS's UPDATE_FAILED event
    """The update cannot go on; the text is the resource's status reason, in AWS's words."""


@dataclass(frozen=True)
class RollingUpdatePolicy:
    """`AutoScalingRollingUpdate` with AWS's defaults."""

    max_batch_size: int = 1
    min_instances_in_service: int = 0
    min_successful_instances_percent: int = 100
    pause_time: str = "PT0S"
    wait_on_resource_signals: bool = False
    suspend_processes: tuple[str, ...] = ()

    @classmethod
    def from_template(cls, properties: Mapping[str, Any]) -> RollingUpdatePolicy:
        """Read the template's `AutoScalingRollingUpdate` mapping; its numbers may be strings.

        Raises ValueError for a PauseTime that is not an ISO 8601 time of at most one hour.
        """
        waits = str(properties.get("WaitOnResourceSignals", False)).lower() == "true"
        policy = cls(
            max_batch_size=int(properties.get("MaxBatchSize", 1)),
            min_instances_in_service=int(properties.get("MinInstancesInService", 0)),
            min_successful_instances_percent=int(
                properties.get("MinSuccessfulInstancesPercent", 100)
            ),
            pause_time=properties.get("PauseTime") or ("PT5M" if waits else "PT0S"),
            wait_on_resource_signals=waits,
            suspend_processes=tuple(properties.get("SuspendProcesses", ())),
        )
        if policy.pause_time_seconds > 3600:
            raise ValueError(f"PauseTime {policy.pause_time!r} is longer than AWS allows (PT1H)")
        return policy

    @property
    def pause_time_seconds(self) -> float:
        """PauseTime in seconds. Raises ValueError when it is no ISO 8601 time."""
        return durations.seconds(self.pause_time)


@dataclass(frozen=True)
class Batch:
    """The next step: set the desired capacity, end these instances, await their successors.

    With nothing to end and the present desired capacity it means: wait, then plan again.
    """

    terminate: tuple[str, ...]
    desired_capacity: int


def plan_batch(
    policy: RollingUpdatePolicy,
    obsolete: Sequence[str],
    in_service: int,
    desired_capacity: int,
    max_size: int,
) -> Batch | None:
    """Choose the next batch; None when nothing is obsolete.

    `obsolete`: ids of in-service instances with an older configuration. `in_service`: how many
    instances are in service, old and new. Above MinInstancesInService, old instances end first and
    their successors follow. Without such room the group grows first, but never above `max_size`.
    """
    if not obsolete:
        return None
    if policy.min_instances_in_service >= max_size:
        raise RollingUpdateFailed(
            "MinInstancesInService must be less than the autoscaling group's MaxSize"
        )
    spare = in_service - policy.min_instances_in_service
    if spare > 0:
        size = min(policy.max_batch_size, spare, len(obsolete))
        return Batch(tuple(obsolete[:size]), desired_capacity)
    grown = min(policy.min_instances_in_service + policy.max_batch_size, max_size)
    return Batch((), max(grown, desired_capacity))


def allowed_failures(policy: RollingUpdatePolicy, replaced: int) -> int:
    """Count how many of `replaced` instances may fail under MinSuccessfulInstancesPercent."""
    return replaced - math.ceil(replaced * policy.min_successful_instances_percent / 100)
