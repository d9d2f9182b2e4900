"""What moto does not keep of an Auto Scaling group."""

from __future__ import annotations

from dataclasses import dataclass, field

from moto.autoscaling.models import FakeAutoScalingGroup

from local_aws.control_plane import moto_seams
from local_aws.control_plane.auto_scaling.group.lifecycle_hooks import LifecycleHook
from local_aws.control_plane.auto_scaling.group.scaling_activities import ScalingActivity
from local_aws.control_plane.auto_scaling.group.scheduled_action import ScheduledAction

ACTIVITIES_KEPT = 500  # AWS keeps six weeks of them


@dataclass
class GroupNotes:
    """`capacity_cause`: who last changed the desired capacity, the first sentence of a cause."""

    capacity_cause: str = ""
    replacements_owed: int = 0  # unhealthy members taken out and not yet replaced
    is_rebalancing: bool = False  # one more was launched, to even out the zones
    launch_retry_at: float = 0.0  # seconds since the epoch; after a launch that failed
    zone_failed_at: dict[str, float] = field(default_factory=dict)  # by zone: it took no launch
    cooldown_ends_at: float = 0.0  # seconds since the epoch; after a simple scaling policy
    warmed_up_at: float = 0.0  # seconds since the epoch; after another policy launched instances
    warmed_up_capacity: int = 0  # the capacity without those, until then
    activities: list[ScalingActivity] = field(default_factory=list)  # newest first
    lifecycle_hooks: dict[str, LifecycleHook] = field(default_factory=dict)  # by name
    scheduled_actions: dict[str, ScheduledAction] = field(default_factory=dict)  # by name


def notes_of(group: FakeAutoScalingGroup) -> GroupNotes:
    """What is noted of a group, made at the first look."""
    return moto_seams.notes(group, GroupNotes)


def begin_activity(
    group: FakeAutoScalingGroup, description: str, cause: str, zone: str, subnet_id: str | None
) -> ScalingActivity:
    """Record a new scaling activity of the group, in progress."""
    activity = ScalingActivity.begin(group, description, cause, zone, subnet_id)
    activities = notes_of(group).activities
    activities.insert(0, activity)
    del activities[ACTIVITIES_KEPT:]
    return activity
