"""Whether the group of an update is still there: what a deleted one launched, nothing would end."""

from __future__ import annotations

from moto.autoscaling.models import FakeAutoScalingGroup

from local_aws.control_plane.auto_scaling.group import pending_deletion
from local_aws.control_plane.auto_scaling.rolling_update.plan import RollingUpdateFailed


def is_there(group: FakeAutoScalingGroup) -> bool:
    """Whether nobody deletes it or has deleted it. Call it under LOCK."""
    is_known = group.autoscaling_backend.autoscaling_groups.get(group.name) is group
    return is_known and not pending_deletion.is_pending(group)


def require_there(group: FakeAutoScalingGroup) -> None:
    """Raise RollingUpdateFailed once it is deleted. Call it under LOCK."""
    if not is_there(group):
        raise RollingUpdateFailed(f"AutoScalingGroup {group.name} was deleted")
