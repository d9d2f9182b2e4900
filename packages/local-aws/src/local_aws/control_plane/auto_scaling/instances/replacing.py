"""Replace members, with never fewer serving nor more being there than the group's bounds allow.

An instance refresh has bounds of its own. Those of an instance maintenance policy hold also for who
is unhealthy or too old; without one these are taken out first, and then others are launched.
Source: "Instance maintenance policy for Auto Scaling group" in the Amazon EC2 Auto Scaling User
Guide.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from moto.autoscaling.models import FakeAutoScalingGroup

from local_aws.control_plane.auto_scaling.group import (
    causes,
    processes,
    scaling_activities,
    settings,
)
from local_aws.control_plane.auto_scaling.group.healthy_percentages import HealthyPercentages
from local_aws.control_plane.auto_scaling.group.instance_refreshes import (
    InstanceRefresh,
    active_refresh,
)
from local_aws.control_plane.auto_scaling.instances import (
    health,
    instance_refresh,
    lifetime,
    members,
    refreshing,
    terminating,
)
from local_aws.control_plane.auto_scaling.instances.members import Member

_OF_A_REFRESH = ("InstanceRefresh", "Launch", "Terminate")
"""While one of these is suspended, a refresh replaces nothing. AWS: "How suspended processes affect
other processes" in the User Guide."""


@dataclass(frozen=True)
class Replacing:
    """`leaving`: who stays until others serve instead. `extra`: how many instances there may be
    meanwhile, beyond the desired capacity."""

    leaving: Sequence[Member] = ()
    extra: int = 0


def waits_for_another(group: FakeAutoScalingGroup, member: Member) -> bool:
    """Whether an unhealthy member stays until another one serves; what has ended cannot stay."""
    return (
        settings.healthy_percentages(group) is not None
        and member.lifecycle_state == "InService"
        and health.is_there(member)
    )


def advance(group: FakeAutoScalingGroup, now: float) -> Replacing:
    """Take members out of service that may go now; return those that follow."""
    policy = settings.healthy_percentages(group)
    chosen = [*_under_policy(group, now)] if policy else []
    refresh = active_refresh(group)
    bounds = policy
    if refresh and not any(processes.is_suspended(group, name) for name in _OF_A_REFRESH):
        known = [member for member, _ in chosen]
        due = refreshing.advance(group, refresh, now)
        chosen += [(member, instance_refresh.CAUSE) for member in due if member not in known]
        bounds = instance_refresh.bounds(group, refresh)
    if not chosen or bounds is None:
        return Replacing()
    return _replace(group, refresh, bounds, chosen, now)


def _under_policy(group: FakeAutoScalingGroup, now: float) -> list[tuple[Member, str]]:
    """Who is to be replaced, and why."""
    if processes.is_suspended(group, "Terminate"):
        return []
    overdue = [(member, lifetime.cause(group)) for member in lifetime.overdue(group, now)]
    if processes.is_suspended(group, "ReplaceUnhealthy"):
        return overdue
    unhealthy = [
        (member, member.failed_check)
        for member in members.in_service(group)
        if member.health_status == "Unhealthy"
    ]
    known = [member for member, _ in unhealthy]
    return unhealthy + [each for each in overdue if each[0] not in known]


def _replace(
    group: FakeAutoScalingGroup,
    refresh: InstanceRefresh | None,
    bounds: HealthyPercentages,
    chosen: Sequence[tuple[Member, str]],
    now: float,
) -> Replacing:
    desired = group.desired_capacity or 0
    leaving = [member for member, _ in chosen]
    serving = sum(
        1
        for member in members.in_service(group)
        if member in leaving or instance_refresh.is_warm(group, refresh, member, now)
    )
    may_go = max(0, serving - bounds.fewest(desired))
    # From the fullest zone: the next one is launched into the emptiest.
    occupied = Counter(member.zone for member in members.counted(group))
    in_order = sorted(
        chosen, key=lambda each: (each[0].health_status == "Healthy", -occupied[each[0].zone])
    )
    for member, cause in in_order[:may_go]:
        terminating.begin(group, member, _cause(member, cause))
    staying = [member for member, _ in in_order[may_go:]]
    extra = min(len(staying), max(0, bounds.most(desired) - desired))
    return Replacing(staying, extra)


def _cause(member: Member, why: str) -> str:
    """AWS names the instance that it selected among those that are healthy."""
    if member.health_status == "Healthy":
        return causes.replacing(why, member.instance_id)
    return scaling_activities.at(why)
