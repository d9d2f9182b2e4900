"""A group that is deleted with its instances: it stays, and cannot be changed, until they end.

Sources: "Status" in https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_AutoScalingGroup.html.
The words are AWS's as users reported them, in kubernetes/kops issue 844 and hashicorp/terraform
issue 1105.
"""

from __future__ import annotations

from typing import Any

from moto.autoscaling.exceptions import AutoscalingClientError, ValidationError
from moto.autoscaling.models import FakeAutoScalingGroup

_STATUS = "Delete in progress"


def note(group: FakeAutoScalingGroup) -> None:
    """Show from now on that the group is being deleted."""
    shown: Any = group
    shown.status = _STATUS


def is_pending(group: FakeAutoScalingGroup) -> bool:
    """Whether the group only waits for its instances to end."""
    return getattr(group, "status", None) == _STATUS


def require_none(group: FakeAutoScalingGroup) -> None:
    """Raise ValidationError for a change of a group that is being deleted."""
    if is_pending(group):
        raise ValidationError(
            "The AutoScaling group may not be modified while it is pending delete"
        )


def name_is_taken(group: FakeAutoScalingGroup) -> AutoscalingClientError:
    """The error for another group with the name of this one."""
    why = f"A group with the name {group.name} already exists"
    if is_pending(group):
        why += (
            " and is pending delete.  Please wait until Autoscaling completes the deletion process "
            "before creating another group with the same name."
        )
    return AutoscalingClientError(
        "AlreadyExists", f"AutoScalingGroup by this name already exists - {why}"
    )
