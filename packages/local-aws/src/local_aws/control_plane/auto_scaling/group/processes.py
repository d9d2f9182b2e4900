"""The processes of a group, such as Launch or ReplaceUnhealthy, which a user may suspend.

Source: https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-suspend-resume-processes.html
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from moto.autoscaling.exceptions import ValidationError
from moto.autoscaling.models import FakeAutoScalingGroup

from local_aws.control_plane import moto_seams

PROCESSES = (
    "Launch",
    "Terminate",
    "AddToLoadBalancer",
    "AlarmNotification",
    "AZRebalance",
    "HealthCheck",
    "InstanceRefresh",
    "ReplaceUnhealthy",
    "ScheduledActions",
)


@dataclass
class _Suspended:
    since: dict[str, datetime] = field(default_factory=dict)  # by process


def is_suspended(group: FakeAutoScalingGroup, process: str) -> bool:
    """Whether the process is suspended."""
    return process in _since(group)


def require_active(group: FakeAutoScalingGroup, process: str, operation: str) -> None:
    """Raise ValidationError for an operation that the suspended process would have to do."""
    if is_suspended(group, process):
        raise ValidationError(
            f"{operation} needs the process {process}, which is suspended for AutoScalingGroup "
            f"{group.name}. Resume it first."
        )


def suspend(group: FakeAutoScalingGroup, names: Iterable[str]) -> list[str]:
    """Suspend these; return those that were not suspended before."""
    since, now = _since(group), datetime.now(UTC)
    new = [name for name in names if name not in since]
    since.update(dict.fromkeys(new, now))
    return new


def resume(group: FakeAutoScalingGroup, names: Iterable[str]) -> None:
    """Resume these."""
    for name in names:
        _since(group).pop(name, None)


def shown(group: FakeAutoScalingGroup) -> list[dict[str, str]]:
    """The suspended ones, as DescribeAutoScalingGroups shows them."""
    return [
        {
            "ProcessName": name,
            "SuspensionReason": f"User suspended at {since.strftime('%Y-%m-%dT%H:%M:%SZ')}",
        }
        for name, since in _since(group).items()
    ]


def _since(group: FakeAutoScalingGroup) -> dict[str, datetime]:
    return moto_seams.notes(group, _Suspended).since
