"""The scheduled action requests: moto keeps actions, by their name alone, and never runs one.

Source: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutScheduledUpdateGroupAction.html
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfoNotFoundError

from cronsim import CronSimError
from moto.autoscaling.exceptions import AutoscalingClientError, ValidationError
from moto.autoscaling.models import FakeAutoScalingGroup
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult, EmptyResult

from local_aws.control_plane import moto_seams
from local_aws.control_plane.auto_scaling.api import group_quotas
from local_aws.control_plane.auto_scaling.api.groups import requested_group, require_group
from local_aws.control_plane.auto_scaling.group import schedule, sizes
from local_aws.control_plane.auto_scaling.group.notes import notes_of
from local_aws.control_plane.auto_scaling.group.scheduled_action import ScheduledAction

_SIZES = ("MinSize", "MaxSize", "DesiredCapacity")
_CRON_FIELDS = 5  # minute, hour, day of the month, month, day of the week


def install() -> None:
    moto_seams.replace(
        AutoScalingResponse,
        put_scheduled_update_group_action=_put,
        batch_put_scheduled_update_group_action=_batch_put,
        describe_scheduled_actions=_describe,
        delete_scheduled_action=_delete,
        batch_delete_scheduled_action=_batch_delete,
    )


def put_action(group: FakeAutoScalingGroup, request: Mapping[str, Any]) -> ScheduledAction:
    """Schedule an action, or change it; `request` has the members of PutScheduledUpdateGroupAction.

    What a changed action leaves out is as before. Raises ValidationError, AlreadyExists or
    LimitExceeded.
    """
    name, actions = request["ScheduledActionName"], notes_of(group).scheduled_actions
    present = actions.get(name)
    given = {
        "min_size": request.get("MinSize"),
        "max_size": request.get("MaxSize"),
        "desired_capacity": request.get("DesiredCapacity"),
        "end_time": _time(request.get("EndTime")),
        "recurrence": request.get("Recurrence"),
        "time_zone": request.get("TimeZone"),
    }
    settings: dict[str, Any] = {
        **(vars(present) if present else {}),
        **{key: value for key, value in given.items() if value is not None},
        "start_time": _first_time(request, present),
        "auto_scaling_group_name": group.name,
        "scheduled_action_name": name,
        "scheduled_action_arn": present.scheduled_action_arn if present else _arn(group, name),
    }
    action = ScheduledAction(**settings)
    for size in ("min_size", "max_size", "desired_capacity"):
        value = getattr(action, size)
        setattr(action, size, None if value is None else int(value))
    if action.min_size is action.max_size is action.desired_capacity is None:
        raise ValidationError(f"At least one of {', '.join(_SIZES)} must be specified")
    if action.end_time is not None and action.end_time <= action.start_time:
        raise ValidationError("End time must be after the start time")
    sizes.require_fitting(action.desired_capacity, action.min_size, action.max_size)
    _require_time_of_its_own(group, action)
    group_quotas.require_few(group_quotas.SCHEDULED_ACTIONS, {*actions, name})
    actions[name] = action
    return action


def _require_time_of_its_own(group: FakeAutoScalingGroup, action: ScheduledAction) -> None:
    """AWS: "A scheduled action must have a unique time value". Raises AutoscalingClientError.

    Those that recur have the time at which they were made, on AWS, so that they hardly ever meet.
    """
    for other in notes_of(group).scheduled_actions.values():
        is_another = other.scheduled_action_name != action.scheduled_action_name
        recurs = other.recurrence or action.recurrence
        if is_another and not recurs and other.start_time == action.start_time:
            raise AutoscalingClientError(
                "AlreadyExists", "Scheduled action with this scheduled start time already exists"
            )


def delete_action(group: FakeAutoScalingGroup, name: str) -> None:
    """Delete it; raises ValidationError without such an action."""
    if not forget_action(group, name):
        raise ValidationError("Scheduled action name not found")


def forget_action(group: FakeAutoScalingGroup, name: str) -> bool:
    """Delete it if it is there; returns whether it was."""
    return notes_of(group).scheduled_actions.pop(name, None) is not None


def _first_time(request: Mapping[str, Any], present: ScheduledAction | None) -> datetime:
    """Return StartTime, or else the first occurrence from now on."""
    now = datetime.now(UTC)
    start = _time(request.get("StartTime"))
    if start is not None and start < now:
        raise ValidationError("Given start time is in the past")
    recurrence = request.get("Recurrence") or (present.recurrence if present else None)
    if recurrence:
        time_zone = request.get("TimeZone") or (present.time_zone if present else None)
        first = _first_occurrence(recurrence, time_zone, now)  # checks both, with a start time too
        return start or first
    if start:
        return start
    if present:
        return present.start_time
    raise ValidationError("Either a start time or a recurrence must be specified")


def _first_occurrence(recurrence: str, time_zone: str | None, now: datetime) -> datetime:
    if len(recurrence.split()) != _CRON_FIELDS:
        raise ValidationError("Given recurrence string is invalid")
    try:
        return schedule.next_occurrence(recurrence, time_zone, now)
    except (CronSimError, StopIteration) as error:
        raise ValidationError("Given recurrence string is invalid") from error
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValidationError(f"Given time zone {time_zone} is invalid") from error


def _time(value: Any) -> datetime | None:
    """A request's time: already parsed, or as text in a template. UTC where it names no zone."""
    if value in (None, ""):
        return None
    time = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _arn(group: FakeAutoScalingGroup, name: str) -> str:
    start = group.arn.partition(":autoScalingGroup:")[0]
    return (
        f"{start}:scheduledUpdateGroupAction:{uuid.uuid4()}:autoScalingGroupName/{group.name}:"
        f"scheduledActionName/{name}"
    )


def _put(self: AutoScalingResponse) -> ActionResult:
    put_action(requested_group(self), self._get_params())
    return EmptyResult()


def _batch_put(self: AutoScalingResponse) -> ActionResult:
    group = requested_group(self)
    failed = []
    for request in self._get_param("ScheduledUpdateGroupActions", []):
        try:
            put_action(group, request)
        except AutoscalingClientError as error:
            failed.append(_failure(request["ScheduledActionName"], error))
    return ActionResult({"FailedScheduledUpdateGroupActions": failed})


def _describe(self: AutoScalingResponse) -> ActionResult:
    """Return the actions that have not run, or not for the last time: of one group or of all."""
    name = self._get_param("AutoScalingGroupName")
    backend = self.autoscaling_backend
    groups = [require_group(backend, name)] if name else list(backend.autoscaling_groups.values())
    return ActionResult({"ScheduledUpdateGroupActions": list(_matching(self, groups))})


def _matching(
    response: AutoScalingResponse, groups: list[FakeAutoScalingGroup]
) -> Iterator[ScheduledAction]:
    names = response._get_param("ScheduledActionNames", [])
    earliest = _time(response._get_param("StartTime"))
    latest = _time(response._get_param("EndTime"))
    for group in groups:
        for action in notes_of(group).scheduled_actions.values():
            if names:
                if action.scheduled_action_name in names:
                    yield action
            elif (earliest is None or action.start_time >= earliest) and (
                latest is None or action.start_time <= latest
            ):
                yield action


def _delete(self: AutoScalingResponse) -> ActionResult:
    delete_action(requested_group(self), self._get_param("ScheduledActionName"))
    return EmptyResult()


def _batch_delete(self: AutoScalingResponse) -> ActionResult:
    group = requested_group(self)
    failed = []
    for name in self._get_param("ScheduledActionNames", []):
        try:
            delete_action(group, name)
        except AutoscalingClientError as error:
            failed.append(_failure(name, error))
    return ActionResult({"FailedScheduledActions": failed})


def _failure(name: str, error: AutoscalingClientError) -> dict[str, str]:
    return {
        "ScheduledActionName": name,
        "ErrorCode": error.code or "ValidationError",
        "ErrorMessage": error.message,
    }
