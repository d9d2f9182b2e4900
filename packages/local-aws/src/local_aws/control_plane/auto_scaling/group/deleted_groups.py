"""The activities that DescribeScalingActivities still returns for groups that are deleted.

Source: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeScalingActivities.html
"""

from __future__ import annotations

from dataclasses import dataclass, field

from moto.autoscaling.models import AutoScalingBackend, FakeAutoScalingGroup

from local_aws.control_plane import moto_seams
from local_aws.control_plane.auto_scaling.group.notes import ACTIVITIES_KEPT, notes_of
from local_aws.control_plane.auto_scaling.group.scaling_activities import ScalingActivity


@dataclass
class _Deleted:
    activities: list[ScalingActivity] = field(default_factory=list)  # newest first


def remember(group: FakeAutoScalingGroup) -> None:
    """Keep the activities of a group that is deleted now."""
    kept = moto_seams.notes(group.autoscaling_backend, _Deleted).activities
    for activity in notes_of(group).activities:
        activity.auto_scaling_group_state = "Deleted"
    kept[:0] = notes_of(group).activities
    del kept[ACTIVITIES_KEPT:]


def activities(backend: AutoScalingBackend, name: str | None) -> list[ScalingActivity]:
    """Those of a region's deleted groups, or of the ones that had this name."""
    kept = moto_seams.notes(backend, _Deleted).activities
    return [each for each in kept if name in (None, each.auto_scaling_group_name)]
