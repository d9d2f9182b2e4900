"""Scheduled actions: new sizes for a group at a time, once or again and again.

Source: https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-scheduled-scaling.html
"""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from cronsim import CronSim
from moto.autoscaling.exceptions import ValidationError
from moto.autoscaling.models import FakeAutoScalingGroup

from local_aws.control_plane.auto_scaling.group import processes, scaling_activities, sizes
from local_aws.control_plane.auto_scaling.group.notes import begin_activity, notes_of
from local_aws.control_plane.auto_scaling.group.scheduled_action import ScheduledAction


def next_occurrence(recurrence: str, time_zone: str | None, after: datetime) -> datetime:
    """Return the first time after `after`, in UTC, that a cron expression of five fields names.

    Raises CronSimError for what is no such expression, ZoneInfoNotFoundError for an unknown zone,
    and StopIteration for a time that never comes.
    """
    local = after.astimezone(ZoneInfo(time_zone or "UTC"))
    return next(CronSim(recurrence, local)).astimezone(UTC)


def advance(group: FakeAutoScalingGroup, now: float) -> None:
    """Carry out what is due at `now` (seconds since the epoch), and forget what is over.

    While ScheduledActions is suspended, what falls due is skipped.
    """
    time = datetime.fromtimestamp(now, UTC)
    actions = notes_of(group).scheduled_actions
    for name, action in list(actions.items()):
        if action.end_time is not None and time >= action.end_time:
            del actions[name]
        elif time >= action.start_time:
            if not processes.is_suspended(group, "ScheduledActions"):
                _carry_out(group, action)
            if action.recurrence:
                action.start_time = next_occurrence(action.recurrence, action.time_zone, time)
            else:
                del actions[name]


def _carry_out(group: FakeAutoScalingGroup, action: ScheduledAction) -> None:
    """Set the sizes; what they cannot be is a failed scaling activity."""
    try:
        wanted = sizes.changed(group, action.desired_capacity, action.min_size, action.max_size)
    except ValidationError as error:
        name = action.scheduled_action_name
        cause = scaling_activities.at(f"scheduled action {name} was executed.")
        begin_activity(group, f"Executing scheduled action {name}", cause, "", None).fail(
            error.message
        )
        return
    sizes.set_on(group, wanted, "a scheduled action")
