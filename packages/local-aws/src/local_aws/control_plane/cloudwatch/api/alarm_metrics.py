"""An alarm whose Metrics are one metric: it alarms as one on that metric, shown as it was put.

Source: Metrics of API_PutMetricAlarm, API_MetricDataQuery and API_MetricAlarm in the CloudWatch API
Reference.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from moto.cloudwatch.exceptions import ValidationError
from moto.cloudwatch.models import Alarm

from local_aws.control_plane.cloudwatch.alarm_notes import notes_of
from local_aws.control_plane.cloudwatch.statistics import STATISTICS

_PLAIN = (
    *("Dimensions", "ExtendedStatistic", "MetricName", "Namespace", "Period", "Statistic"),
    "Unit",
)
"""What a request has instead of Metrics."""
_SHOWN_WITHOUT = ("extended_statistic", "metric_name", "namespace", "period", "statistic", "unit")


def is_one_metric(metrics: Any) -> bool:
    """Whether these Metrics are a single metric of this account, without an expression."""
    return bool(metrics) and len(metrics) == 1 and "MetricStat" in metrics[0]


def on_its_metric(request: Mapping[str, Any]) -> Mapping[str, Any]:
    """The members of PutMetricAlarm, with those of its one metric in the place of Metrics.

    A request without Metrics, or with others, comes back as it is. Raises ValidationError.
    """
    metrics: Any = request.get("Metrics")
    if not is_one_metric(metrics):
        return request
    for name in _PLAIN:
        if request.get(name):
            raise ValidationError(f"{name} cannot be specified together with Metrics.")
    if str(metrics[0].get("ReturnData", True)).lower() != "true":
        raise ValidationError("Exactly one element of the metrics list should return data.")
    asked = metrics[0]["MetricStat"]
    statistic = asked.get("Stat")
    return {
        **{name: value for name, value in request.items() if name != "Metrics"},
        **asked.get("Metric", {}),
        "Period": asked.get("Period"),
        "Statistic" if statistic in STATISTICS else "ExtendedStatistic": statistic,
        "Unit": asked.get("Unit"),
    }


def note_metrics(alarm: Alarm, metrics: Any) -> None:
    """Note the Metrics with which the alarm was put; None for an alarm that names its metric."""
    notes_of(alarm).metrics = list(metrics) if metrics else None


def as_put(alarm: Alarm) -> Alarm:
    """What DescribeAlarms shows: Metrics, or the metric itself."""
    metrics = notes_of(alarm).metrics
    if not metrics:
        return alarm
    shown: Any = copy.copy(alarm)
    for name in _SHOWN_WITHOUT:
        setattr(shown, name, None)
    shown.dimensions = []
    shown.metric_data_queries = [{"ReturnData": True, **metric} for metric in metrics]
    return shown  # type: ignore[no-any-return] # a copy of it
