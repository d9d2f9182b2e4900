"""Instance refresh: a group's instances are replaced, a few at a time.

Source: https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-overview.html
"""

from __future__ import annotations

import datetime
import math
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from moto.autoscaling.models import FakeAutoScalingGroup

from local_aws.control_plane import moto_seams
from local_aws.control_plane.auto_scaling.group.scaling_activities import at
from local_aws.control_plane.auto_scaling.instances import members, terminating

_CAUSE = "an instance was taken out of service in response to an instance refresh."


@dataclass
class InstanceRefresh:
    """One row of DescribeInstanceRefreshes; the names are the API's, in moto's spelling."""

    auto_scaling_group_name: str
    preferences: Mapping[str, Any]
    desired_configuration: Mapping[str, Any] | None
    previous_launch_template: Mapping[str, Any] | None
    instance_ids: list[str]  # to be replaced
    instances_to_update: int
    status: str = "InProgress"
    percentage_complete: int = 0
    status_reason: str | None = None
    start_time: datetime.datetime = field(default_factory=lambda: _now())
    end_time: datetime.datetime | None = None
    instance_refresh_id: str = field(default_factory=lambda: str(uuid.uuid4()))

    @property
    def is_active(self) -> bool:
        return self.status in ("InProgress", "RollbackInProgress")

    def finish(self, status: str) -> None:
        self.status = status
        self.end_time = _now()


@dataclass
class _History:
    refreshes: list[InstanceRefresh] = field(default_factory=list)


def refreshes_of(group: FakeAutoScalingGroup) -> list[InstanceRefresh]:
    """Return the group's own list of refreshes, newest first."""
    return moto_seams.notes(group, _History).refreshes


def active_refresh(group: FakeAutoScalingGroup) -> InstanceRefresh | None:
    return next((refresh for refresh in refreshes_of(group) if refresh.is_active), None)


def begin(
    group: FakeAutoScalingGroup,
    preferences: Mapping[str, Any],
    desired_configuration: Mapping[str, Any] | None,
) -> InstanceRefresh:
    """Choose what to replace: all members, or with SkipMatching those that are out of date."""
    previous = None
    if not group.mixed_instances_policy and group.launch_template:
        previous = dict(group.launch_template)
    if desired_configuration and desired_configuration.get("LaunchTemplate"):
        use_launch_template(group, desired_configuration["LaunchTemplate"])
    chosen = [
        member.instance_id
        for member in members.counted(group)
        if not (preferences.get("SkipMatching") and members.is_current(group, member))
    ]
    return InstanceRefresh(
        auto_scaling_group_name=group.name,
        preferences=preferences,
        desired_configuration=desired_configuration,
        previous_launch_template=previous,
        instance_ids=chosen,
        instances_to_update=len(chosen),
    )


def use_launch_template(group: FakeAutoScalingGroup, specification: Mapping[str, Any]) -> None:
    """Let the group launch from this template; it may be named by id and by name."""
    wanted = {name: value for name, value in specification.items() if value is not None}
    if "LaunchTemplateId" in wanted:
        wanted.pop("LaunchTemplateName", None)
    group._set_launch_configuration("", wanted, None)


def advance(group: FakeAutoScalingGroup, refresh: InstanceRefresh, now: float) -> None:
    """Do the refresh's next step: wait until the group is whole, then take the next few out."""
    counted = members.counted(group)
    remaining = [member for member in counted if member.instance_id in refresh.instance_ids]
    _note_progress(refresh, len(remaining))
    if any(not _has_warmed_up(group, refresh, member, now) for member in counted):
        return
    if len(counted) < (group.desired_capacity or 0):
        return
    if not remaining:
        refresh.percentage_complete = 100
        rolled_back = refresh.status == "RollbackInProgress"
        refresh.finish("RollbackSuccessful" if rolled_back else "Successful")
        return
    for member in remaining[: batch_size(len(counted), refresh.preferences)]:
        terminating.begin(group, member, at(_CAUSE))


def batch_size(capacity: int, preferences: Mapping[str, Any]) -> int:
    """Count how many instances may be out at once under MinHealthyPercentage; one at least."""
    minimum_percent = int(preferences.get("MinHealthyPercentage", 90))
    return max(1, capacity - math.ceil(capacity * minimum_percent / 100))


def _note_progress(refresh: InstanceRefresh, remaining: int) -> None:
    total = len(refresh.instance_ids)
    refresh.instances_to_update = remaining
    refresh.percentage_complete = 100 * (total - remaining) // total if total else 100


def _has_warmed_up(
    group: FakeAutoScalingGroup, refresh: InstanceRefresh, member: members.Member, now: float
) -> bool:
    """Tell whether a member counts as replaced; those still to be replaced need no warm-up."""
    if member.in_service_since is None or member.lifecycle_state != "InService":
        return False
    if member.instance_id in refresh.instance_ids:
        return True
    default_seconds = group.health_check_grace_period or 0
    warmup_seconds = int(refresh.preferences.get("InstanceWarmup", default_seconds))
    return now >= member.in_service_since + warmup_seconds


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
