"""Put metrics at given times, and let alarms be evaluated at a given time."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from local_aws.control_plane.cloudwatch import evaluation, measuring
from local_aws.control_plane.lock import LOCK

NAMESPACE = "Tests"


class Clock:
    """A time that stands still: the middle of a minute, with whole minutes around it."""

    def __init__(self) -> None:
        self.now = time.time() // 60 * 60 + 30

    def ago(self, minutes: float) -> datetime:
        """The middle of the minute so many minutes before now; 1 is the last one that is over."""
        return datetime.fromtimestamp(self.now - 60 * minutes, UTC)

    def evaluate(self, minutes: float = 0) -> None:
        """Take CloudWatch's turn so many minutes from now."""
        now = self.now + 60 * minutes
        measuring.read_each_minute(now)
        with LOCK:
            evaluation.reconcile(now)


def put(cloudwatch: Any, name: str, when: datetime, *values: float, **more: Any) -> None:
    datum = {"MetricName": name, "Timestamp": when, "Values": list(values), **more}
    cloudwatch.put_metric_data(Namespace=NAMESPACE, MetricData=[datum])


def alarm(cloudwatch: Any, name: str, **changes: Any) -> dict[str, Any]:
    """Put an alarm on the metric of its own name: more than 5 in the last minute."""
    request = {
        "AlarmName": name,
        "Namespace": NAMESPACE,
        "MetricName": name,
        "Statistic": "Average",
        "Period": 60,
        "EvaluationPeriods": 1,
        "Threshold": 5,
        "ComparisonOperator": "GreaterThanThreshold",
        **changes,
    }
    cloudwatch.put_metric_alarm(**{key: v for key, v in request.items() if v is not None})
    return described(cloudwatch, name)


def described(cloudwatch: Any, name: str) -> dict[str, Any]:
    found = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
    result: dict[str, Any] = found[0]
    return result


def history(cloudwatch: Any, name: str, kind: str = "StateUpdate") -> list[str]:
    """The summaries of an alarm's history, newest first."""
    items = cloudwatch.describe_alarm_history(AlarmName=name, HistoryItemType=kind)
    return [item["HistorySummary"] for item in items["AlarmHistoryItems"]]


def sums(
    cloudwatch: Any, namespace: str, name: str, dimensions: Mapping[str, str], stat: str = "Sum"
) -> list[float]:
    """A metric's values in the last three minutes and the one that runs, newest first."""
    now = time.time()
    metric = {
        "Namespace": namespace,
        "MetricName": name,
        "Dimensions": [{"Name": key, "Value": value} for key, value in dimensions.items()],
    }
    query = {"Id": "m", "MetricStat": {"Metric": metric, "Period": 60, "Stat": stat}}
    found = cloudwatch.get_metric_data(
        MetricDataQueries=[query],
        StartTime=datetime.fromtimestamp(now - 180, UTC),
        EndTime=datetime.fromtimestamp(now + 60, UTC),
    )
    values: list[float] = found["MetricDataResults"][0]["Values"]
    return values
