"""How an instance refresh of a group begins, succeeds and rolls back, and what it waits for.

Source: https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-overview.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from moto.autoscaling.exceptions import ValidationError
from moto.autoscaling.models import FakeAutoScalingGroup
from moto.cloudwatch.models import Alarm, cloudwatch_backends
from moto.ec2.models.launch_templates import LaunchTemplate

from local_aws.control_plane.auto_scaling.group import refresh_preferences, settings
from local_aws.control_plane.auto_scaling.group.healthy_percentages import HealthyPercentages
from local_aws.control_plane.auto_scaling.group.instance_refreshes import (
    InstanceRefresh,
    active_refresh,
    refreshes_of,
)
from local_aws.control_plane.auto_scaling.group.refresh_preferences import RefreshPreferences
from local_aws.control_plane.auto_scaling.instances import members
from local_aws.control_plane.auto_scaling.instances.members import Member

CAUSE = "an instance was taken out of service in response to an instance refresh."
_CHOSEN_WHEN_STARTED = ("$Latest", "$Default")


def begin(
    group: FakeAutoScalingGroup,
    preferences: Mapping[str, Any],
    desired_configuration: Mapping[str, Any] | None,
) -> InstanceRefresh:
    """Choose what to replace: all members, or with SkipMatching those that are out of date."""
    shown = {**refresh_preferences.SHOWN_DEFAULTS, **preferences}
    refresh = InstanceRefresh(group.name, shown, desired_configuration)
    refresh.desired_template = _template(group, refresh.launch_template)
    refreshes_of(group).insert(0, refresh)
    wanted = refresh.wanted
    refresh.choose(
        [
            member.instance_id
            for member in [*members.counted(group), *members.in_standby(group)]
            if not (wanted.skips_matching and members.is_current(group, member))
            and not (wanted.protected == "Ignore" and member.protected_from_scale_in)
            and not (wanted.standby == "Ignore" and member.lifecycle_state == "Standby")
        ]
    )
    return refresh


def _template(
    group: FakeAutoScalingGroup, specification: Mapping[str, Any]
) -> LaunchTemplate | None:
    """The launch template that this names by id or by name."""
    ec2 = group.ec2_backend
    if specification.get("LaunchTemplateId"):
        return ec2.get_launch_template(specification["LaunchTemplateId"])
    if specification.get("LaunchTemplateName"):
        return ec2.get_launch_template_by_name(specification["LaunchTemplateName"])
    return None


def succeed(group: FakeAutoScalingGroup, refresh: InstanceRefresh) -> None:
    """End it. Only now the group's settings are what its desired configuration says."""
    refresh.finish("Successful")
    wanted = {name: value for name, value in refresh.launch_template.items() if value is not None}
    if "LaunchTemplateId" in wanted:
        wanted.pop("LaunchTemplateName", None)
    if wanted:
        group._set_launch_configuration("", wanted, None)


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


def can_be_rolled_back(
    group: FakeAutoScalingGroup, desired_configuration: Mapping[str, Any] | None
) -> bool:
    """Whether the group itself has one version of a template, to go back to."""
    own = {} if group.mixed_instances_policy else dict(group.launch_template or {})
    version = own.get("Version", "$Default")
    return bool(desired_configuration and own) and version not in _CHOSEN_WHEN_STARTED


def roll_back(group: FakeAutoScalingGroup, refresh: InstanceRefresh, reason: str) -> None:
    """Launch from the group's own template again, and replace what the refresh had launched."""
    refresh.begin_rollback(reason)
    refresh.instance_ids = [
        member.instance_id
        for member in members.counted(group)
        if not members.is_current(group, member)
    ]


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


def unready(
    group: FakeAutoScalingGroup, refresh: InstanceRefresh, now: float
) -> tuple[Sequence[Member], int]:
    """Return the new members that do not serve yet or are not warm, and how many are missing."""
    counted = members.counted(group)
    cold = [
        member
        for member in counted
        if member.instance_id not in refresh.instance_ids
        and not is_warm(group, refresh, member, now)
    ]
    return cold, max(0, (group.desired_capacity or 0) - len(counted))


def why_it_waits(cold: Sequence[Member]) -> str | None:
    """The status reason while new members are not ready: the words are those of the AWS CLI's
    example of describe-instance-refreshes, and for a pending one as users quoted them."""
    if not cold:
        return None
    first = cold[0]
    if first.is_pending:
        return (
            f"Waiting for remaining instances to be available. For example: {first.instance_id} "
            "has insufficient data to evaluate its health with Amazon EC2."
        )
    return (
        "Waiting for instances to warm up before continuing. For example: "
        f"{first.instance_id} is warming up."
    )
