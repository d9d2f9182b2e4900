"""What happened to alarms, also to those that are deleted: moto lacks it.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarmHistory.html:
"CloudWatch retains the history of an alarm even if you delete the alarm".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from moto.cloudwatch.models import CloudWatchBackend
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult

from local_aws.control_plane import moto_seams
from local_aws.control_plane.cloudwatch.alarm_notes import HistoryItem, note, notes_of

_ITEMS_KEPT = 5000  # of deleted alarms; AWS keeps those of 30 days

_moto_delete = CloudWatchBackend.delete_alarms


@dataclass
class _OfDeleted:
    history: list[HistoryItem] = field(default_factory=list)  # the last deleted alarm's first


def install() -> None:
    moto_seams.replace(CloudWatchBackend, delete_alarms=_delete)
    moto_seams.add(CloudWatchResponse, describe_alarm_history=_describe)


def _delete(self: CloudWatchBackend, alarm_names: list[str]) -> None:
    """moto keeps an alarm's tags for the next one of its name."""
    kept = moto_seams.notes(self, _OfDeleted).history
    for name in dict.fromkeys(alarm_names):
        alarm = self.alarms.get(name)
        if alarm is not None:
            note(alarm, "ConfigurationUpdate", f'Alarm "{name}" deleted', {"type": "Delete"})
            kept[:0] = notes_of(alarm).history
            self.tagger.delete_all_tags_for_resource(alarm.alarm_arn)
    del kept[_ITEMS_KEPT:]
    _moto_delete(self, alarm_names)


def _describe(self: CloudWatchResponse) -> ActionResult:
    name, kind = self._get_param("AlarmName"), self._get_param("HistoryItemType")
    start, end = _time(self._get_param("StartDate")), _time(self._get_param("EndDate"))
    backend = self.cloudwatch_backend
    is_of_metrics = "MetricAlarm" in self._get_param("AlarmTypes", ["MetricAlarm"])
    known = [
        *moto_seams.notes(backend, _OfDeleted).history,
        *(item for alarm in backend.alarms.values() for item in notes_of(alarm).history),
    ]
    items = [
        item
        for item in known
        if is_of_metrics
        and name in (None, item.alarm_name)
        and kind in (None, item.history_item_type)
        and (start is None or item.timestamp >= start)
        and (end is None or item.timestamp <= end)
    ]
    is_descending = self._get_param("ScanBy") != "TimestampAscending"
    items.sort(key=lambda item: item.timestamp, reverse=is_descending)
    return ActionResult({"AlarmHistoryItems": items})


def _time(value: datetime | None) -> datetime | None:
    return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value
