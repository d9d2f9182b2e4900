"""How long an instance of a group may be in service before it is replaced: MaxInstanceLifetime.

Source: "Replace Auto Scaling instances based on maximum instance lifetime" in the Amazon EC2 Auto
Scaling User Guide: one at a time, or a tenth of the capacity, unless the group has an instance
maintenance policy (replacing.py); each is terminated first, and the launch that follows has the
present template; who is protected from scale-in stays.
"""

from __future__ import annotations

from moto.autoscaling.models import FakeAutoScalingGroup

from local_aws.control_plane.auto_scaling.group import (
    causes,
    instance_refreshes,
    processes,
    settings,
)
from local_aws.control_plane.auto_scaling.instances import members, terminating
from local_aws.control_plane.auto_scaling.instances.members import Member

_MOST_AT_ONCE = 0.1
"""Of the group's capacity, and one instance in any case."""


def replace_oldest(group: FakeAutoScalingGroup, now: float) -> bool:
    """Start to replace members past the group's maximum lifetime; returns whether there was one.

    Not while others come or go: that is the pause between two replacements.
    """
    if settings.max_instance_lifetime(group) is None or _is_busy(group):
        return False
    chosen = overdue(group, now)
    serving = members.in_service(group)
    for member in chosen[: max(1, int(len(serving) * _MOST_AT_ONCE))]:
        terminating.begin(group, member, causes.replacing(cause(group), member.instance_id))
    return bool(chosen)


def overdue(group: FakeAutoScalingGroup, now: float) -> list[Member]:
    """Who has been in service for too long and may be replaced, the oldest first."""
    seconds = settings.max_instance_lifetime(group)
    if seconds is None:
        return []
    found = [
        member
        for member in members.in_service(group)
        if _age_seconds(member, now) >= seconds and not member.protected_from_scale_in
    ]
    return sorted(found, key=lambda member: _age_seconds(member, now), reverse=True)


def cause(group: FakeAutoScalingGroup) -> str:
    """Why such an instance goes, in a scaling activity's words."""
    return (
        "an instance was taken out of service in response to its being longer than "
        f"{settings.max_instance_lifetime(group)} seconds in service, the group's maximum instance "
        "lifetime."
    )


def _age_seconds(member: Member, now: float) -> float:
    return 0.0 if member.in_service_since is None else now - member.in_service_since


def _is_busy(group: FakeAutoScalingGroup) -> bool:
    return (
        any(member.lifecycle_state != "InService" for member in members.members_of(group))
        or instance_refreshes.active_refresh(group) is not None
        or any(processes.is_suspended(group, name) for name in ("Launch", "Terminate"))
    )
