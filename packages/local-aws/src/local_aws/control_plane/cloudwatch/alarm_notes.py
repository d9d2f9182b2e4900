"""What moto does not keep of an alarm: its history, and when it is evaluated next.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_AlarmHistoryItem.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from moto.cloudwatch.models import Alarm

from local_aws.control_plane import moto_seams

_ITEMS_KEPT = 500  # AWS keeps those of 30 days

ItemType = Literal["ConfigurationUpdate", "StateUpdate", "Action"]


@dataclass(frozen=True)
class HistoryItem:
    """One row of DescribeAlarmHistory; the names are the API's, in moto's spelling."""

    alarm_name: str
    history_item_type: ItemType
    history_summary: str
    history_data: str
    timestamp: datetime
    alarm_type: str = "MetricAlarm"


@dataclass
class AlarmNotes:
    """Times are seconds since the epoch. `value` is the metric's at the last evaluation; `metrics`
    are those that it was put with, as PutMetricAlarm has them."""

    next_evaluation: float = 0.0
    acted_at: float = 0.0  # when Auto Scaling's actions were carried out last
    value: float | None = None
    metrics: list[dict[str, Any]] | None = None
    history: list[HistoryItem] = field(default_factory=list)  # newest first


def notes_of(alarm: Alarm) -> AlarmNotes:
    """What is noted of an alarm, made at the first look."""
    return moto_seams.notes(alarm, AlarmNotes)


def note(alarm: Alarm, kind: ItemType, summary: str, data: Mapping[str, Any]) -> None:
    """Add to the alarm's history."""
    history = notes_of(alarm).history
    item = HistoryItem(alarm.name, kind, summary, json.dumps(data), datetime.now(UTC))
    history.insert(0, item)
    del history[_ITEMS_KEPT:]
