"""The instance refreshes of a group: how each begins and rolls back, and what is known of it.

Source: https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-overview.html
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from moto.autoscaling.exceptions import ValidationError
from moto.autoscaling.models import FakeAutoScalingGroup
from moto.cloudwatch.models import Alarm, cloudwatch_backends

from local_aws.control_plane import moto_seams
from local_aws.control_plane.auto_scaling.group import refresh_preferences, settings
from local_aws.control_plane.auto_scaling.group.healthy_percentages import HealthyPercentages
from local_aws.control_plane.auto_scaling.group.refresh_preferences import RefreshPreferences
from local_aws.control_plane.auto_scaling.instances import members
from local_aws.control_plane.auto_scaling.instances.members import Member

CAUSE = "an instance was taken out of service in response to an instance refresh."
_CHOSEN_WHEN_STARTED = ("$Latest", "$Default")


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
    rollback_details: dict[str, Any] | None = None
    start_time: datetime.datetime = field(default_factory=lambda: _now())
    end_time: datetime.datetime | None = None
    instance_refresh_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    checkpoints_passed: int = 0
    waits_since: float | None = None  # seconds since the epoch; for what the status says

    @property
    def is_active(self) -> bool:
        return self.status in ("InProgress", "Baking", "Cancelling", "RollbackInProgress")

    @property
    def wanted(self) -> RefreshPreferences:
        """What its preferences say."""
        return refresh_preferences.parsed(self.preferences)

    def finish(self, status: str, reason: str | None = None) -> None:
        self.status = status
        self.status_reason = reason or self.status_reason
        self.end_time = _now()

    def note_remaining(self, count: int) -> None:
        """So many are still to be replaced."""
        total = len(self.instance_ids)
        self.instances_to_update = count
        self.percentage_complete = 100 * (total - count) // total if total else 100


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
    wanted = refresh_preferences.parsed(preferences)
    previous = previous_launch_template(group)
    if desired_configuration and desired_configuration.get("LaunchTemplate"):
        use_launch_template(group, desired_configuration["LaunchTemplate"])
    chosen = [
        member.instance_id
        for member in [*members.counted(group), *members.in_standby(group)]
        if not (wanted.skips_matching and members.is_current(group, member))
        and not (wanted.protected == "Ignore" and member.protected_from_scale_in)
        and not (wanted.standby == "Ignore" and member.lifecycle_state == "Standby")
    ]
    return InstanceRefresh(
        auto_scaling_group_name=group.name,
        preferences=preferences,
        desired_configuration=desired_configuration,
        previous_launch_template=previous,
        instance_ids=chosen,
        instances_to_update=len(chosen),
    )


def require_no_desired_configuration(group: FakeAutoScalingGroup) -> None:
    """Raise ValidationError while a refresh brings the group to another launch template."""
    refresh = active_refresh(group)
    if refresh and refresh.desired_configuration:
        raise ValidationError(
            "An active instance refresh with a desired configuration exists. All configuration "
            "options derived from the desired configuration are not available for update while "
            "the instance refresh is active."
        )


def require_alarms(group: FakeAutoScalingGroup, wanted: RefreshPreferences) -> None:
    """Raise ValidationError when one that is to be watched does not exist."""
    for name in wanted.alarms:
        if alarm_of(group, name) is None:
            raise ValidationError(f"The alarm {name} in AlarmSpecification does not exist")


def alarm_of(group: FakeAutoScalingGroup, name: str) -> Alarm | None:
    """The alarm with this name in the group's region."""
    backend = group.autoscaling_backend
    found: Alarm | None = cloudwatch_backends[backend.account_id][backend.region_name].alarms.get(
        name
    )
    return found


def previous_launch_template(group: FakeAutoScalingGroup) -> Mapping[str, Any] | None:
    """What a refresh that begins now could go back to."""
    if group.mixed_instances_policy or not group.launch_template:
        return None
    return dict(group.launch_template)


def use_launch_template(group: FakeAutoScalingGroup, specification: Mapping[str, Any]) -> None:
    """Let the group launch from this template; it may be named by id and by name."""
    wanted = {name: value for name, value in specification.items() if value is not None}
    if "LaunchTemplateId" in wanted:
        wanted.pop("LaunchTemplateName", None)
    group._set_launch_configuration("", wanted, None)


def can_be_rolled_back(
    desired_configuration: Mapping[str, Any] | None, previous: Mapping[str, Any] | None
) -> bool:
    """Whether there is one version of a template to go back to."""
    return bool(
        desired_configuration
        and previous
        and previous.get("Version", "$Default") not in _CHOSEN_WHEN_STARTED
    )


def roll_back(group: FakeAutoScalingGroup, refresh: InstanceRefresh, reason: str) -> None:
    """Launch from the former template again, and replace what the refresh had launched."""
    assert refresh.previous_launch_template is not None  # noqa: S101 - can_be_rolled_back
    use_launch_template(group, refresh.previous_launch_template)
    refresh.status = "RollbackInProgress"
    refresh.waits_since = None
    refresh.instance_ids = [
        member.instance_id
        for member in members.counted(group)
        if not members.is_current(group, member)
    ]
    refresh.rollback_details = {
        "RollbackReason": reason,
        "RollbackStartTime": _now(),
        "PercentageCompleteOnRollback": refresh.percentage_complete,
        "InstancesToUpdateOnRollback": refresh.instances_to_update,
    }


def bounds(group: FakeAutoScalingGroup, refresh: InstanceRefresh) -> HealthyPercentages:
    """Its own, or its group's, or AWS's default."""
    own = refresh.wanted.bounds
    return own or settings.healthy_percentages(group) or refresh_preferences.DEFAULT_BOUNDS


def is_warm(
    group: FakeAutoScalingGroup, refresh: InstanceRefresh | None, member: Member, now: float
) -> bool:
    """Whether a new member counts: in service, and for its warm-up time."""
    if member.in_service_since is None or member.lifecycle_state != "InService":
        return False
    own = refresh.wanted.warmup_seconds if refresh else None
    default = settings.default_instance_warmup(group)
    of_group = (group.health_check_grace_period or 0) if default is None else default
    return now >= member.in_service_since + (of_group if own is None else own)


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
