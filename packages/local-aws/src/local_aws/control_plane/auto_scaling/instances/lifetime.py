"""How long an instance of a group may be in service before it is replaced: MaxInstanceLifetime.

Source: "Replace Auto Scaling instances based on maximum instance lifetime" in the Amazon EC2 Auto
Scaling User Guide: one at a time, or a tenth of the capacity; each is terminated first, and the
launch that follows has the present template; who is protected from scale-in stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.autoscaling.exceptions import ValidationError
from moto.autoscaling.models import FakeAutoScalingGroup

from local_aws.control_plane.auto_scaling.group import processes, scaling_activities
from local_aws.control_plane.auto_scaling.instances import instance_refresh, members, terminating
from local_aws.control_plane.auto_scaling.instances.members import Member

_SHORTEST_SECONDS = 86_400
_LONGEST_SECONDS = 31_536_000
_MOST_AT_ONCE = 0.1
"""Of the group's capacity, and one instance in any case."""


def of_request(request: Mapping[str, Any]) -> int | None:
    """In seconds, 0 for ever; None where nothing is said of it. Raises ValidationError."""
    given = request.get("MaxInstanceLifetime")
    if given in (None, ""):
        return None
    seconds = int(given)
    if seconds and not _SHORTEST_SECONDS <= seconds <= _LONGEST_SECONDS:
        raise ValidationError(
            f"MaxInstanceLifetime must be 0 or between {_SHORTEST_SECONDS} and "
            f"{_LONGEST_SECONDS} seconds"
        )
    return seconds


def set_on(group: FakeAutoScalingGroup, seconds: int | None) -> None:
    """Change it, unless nothing is said of it. DescribeAutoScalingGroups shows the attribute."""
    if seconds is not None:
        group.max_instance_lifetime = seconds or None  # type: ignore[attr-defined]


def replace_oldest(group: FakeAutoScalingGroup, now: float) -> bool:
    """Begin to end who has been in service for too long; tell whether there was somebody.

    Nobody while others come or go: that is the pause between two replacements.
    """
    seconds = getattr(group, "max_instance_lifetime", None)
    if not seconds or _is_busy(group):
        return False
    serving = members.in_service(group)
    overdue = sorted(
        (member for member in serving if _age_seconds(member, now) >= seconds),
        key=lambda member: _age_seconds(member, now),
        reverse=True,
    )
    chosen = [each for each in overdue if not each.protected_from_scale_in]
    for member in chosen[: max(1, int(len(serving) * _MOST_AT_ONCE))]:
        cause = (
            f"an instance was taken out of service in response to its being longer than {seconds} "
            "seconds in service, the group's maximum instance lifetime."
        )
        terminating.begin(group, member, scaling_activities.at(cause))
    return bool(chosen)


def _age_seconds(member: Member, now: float) -> float:
    return 0.0 if member.in_service_since is None else now - member.in_service_since


def _is_busy(group: FakeAutoScalingGroup) -> bool:
    return (
        any(member.lifecycle_state != "InService" for member in members.members_of(group))
        or instance_refresh.active_refresh(group) is not None
        or any(processes.is_suspended(group, name) for name in ("Launch", "Terminate"))
    )
