"""Whether a group is still there, and what is said when it does not get its size in time.

What a deleted one launched, nothing would end.
"""

from __future__ import annotations

from moto.autoscaling.models import FakeAutoScalingGroup

from local_aws.control_plane.auto_scaling.group import pending_deletion
from local_aws.control_plane.auto_scaling.instances import members
from local_aws.control_plane.auto_scaling.rolling_update.plan import RollingUpdateFailed


def is_there(group: FakeAutoScalingGroup) -> bool:
    """Whether nobody deletes it or has deleted it. Call it under LOCK."""
    return is_listed(group) and not pending_deletion.is_pending(group)


def is_listed(group: FakeAutoScalingGroup) -> bool:
    """Whether it is described, also while it is being deleted. Call it under LOCK."""
    return group.autoscaling_backend.autoscaling_groups.get(group.name) is group


def require_there(group: FakeAutoScalingGroup) -> None:
    """Raise RollingUpdateFailed once it is deleted. Call it under LOCK."""
    if not is_there(group):
        raise RollingUpdateFailed(f"AutoScalingGroup {group.name} was deleted")


def not_stable(group: FakeAutoScalingGroup) -> str:
    """What CloudFormation says once its time for the group is over. Call it under LOCK."""
    present = len(members.counted(group))
    return (
        "Group did not stabilize. {current/minSize/maxSize} group size = "
        f"{{{present}/{group.min_size}/{group.max_size}}}."
    )
