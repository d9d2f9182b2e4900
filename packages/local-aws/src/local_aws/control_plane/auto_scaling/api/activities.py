"""DescribeScalingActivities: of one group or of all, of deleted ones too, and filtered.

Source: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeScalingActivities.html
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from moto.autoscaling.exceptions import ValidationError
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult

from local_aws.control_plane import moto_seams
from local_aws.control_plane.auto_scaling.api.groups import require_group
from local_aws.control_plane.auto_scaling.group import deleted_groups
from local_aws.control_plane.auto_scaling.group.notes import notes_of
from local_aws.control_plane.auto_scaling.group.scaling_activities import ScalingActivity

_STATUS = "Status"
_FILTERS: Mapping[str, Callable[[ScalingActivity, Sequence[str]], bool]] = {
    "StartTimeLowerBound": lambda it, values: it.start_time >= max(map(_time, values)),
    "StartTimeUpperBound": lambda it, values: it.start_time <= min(map(_time, values)),
    _STATUS: lambda it, values: it.status_code in values,
}


def install() -> None:
    moto_seams.replace(AutoScalingResponse, describe_scaling_activities=_describe)


def _describe(self: AutoScalingResponse) -> ActionResult:
    """Return the newest first."""
    name = self._get_param("AutoScalingGroupName")
    backend = self.autoscaling_backend
    includes_deleted = self._get_bool_param("IncludeDeletedGroups", False)
    deleted = deleted_groups.activities(backend, name) if includes_deleted else []
    groups = list(backend.autoscaling_groups.values())
    if name:
        is_gone = deleted and name not in backend.autoscaling_groups
        groups = [] if is_gone else [require_group(backend, name)]
    wanted, filters = self._get_param("ActivityIds", []), self._get_param("Filters", [])
    _require_valid(filters, name)
    found = [
        activity
        for activity in itertools.chain(deleted, *(notes_of(each).activities for each in groups))
        if (not wanted or activity.activity_id in wanted)
        and all(_FILTERS[each["Name"]](activity, each["Values"]) for each in filters)
    ]
    found.sort(key=lambda activity: activity.start_time, reverse=True)
    return ActionResult({"Activities": found})


def _require_valid(filters: Sequence[Mapping[str, Any]], group_name: str | None) -> None:
    for each in filters:
        if each["Name"] not in _FILTERS:
            raise ValidationError(
                f"Filter type {each['Name']} is not correct. Allowed Filter types are: "
                f"{' '.join(_FILTERS)}"
            )
        if not each.get("Values"):
            raise ValidationError(f"Filter {each['Name']} needs a value")
        if each["Name"] == _STATUS and not group_name:
            raise ValidationError(f"Filter {_STATUS} needs an AutoScalingGroupName")
        if each["Name"] != _STATUS:
            for value in each["Values"]:
                _time(value)


def _time(value: str) -> datetime:
    """Of ISO 8601, in UTC where it names no time zone."""
    try:
        time = datetime.fromisoformat(value)
    except ValueError as error:
        raise ValidationError(f"{value} is no timestamp of ISO 8601") from error
    return time if time.tzinfo else time.replace(tzinfo=UTC)
