"""GetMetricStatistics and ListMetrics: statistics of one metric, and which metrics there are.

moto keeps all that was ever put, and goes through it for each period that is asked for.
Source: API_GetMetricStatistics and API_ListMetrics in the CloudWatch API Reference; what users
reported of AWS.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

from moto.cloudwatch.exceptions import InvalidParameterCombination, InvalidParameterValue
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult

from local_aws.control_plane import moto_seams, offset_token
from local_aws.control_plane.api_request import ApiRequest
from local_aws.control_plane.cloudwatch import measuring
from local_aws.control_plane.cloudwatch.api import metric_reading
from local_aws.control_plane.cloudwatch.metric_store import Metric, MetricStore
from local_aws.control_plane.cloudwatch.statistics import STATISTICS

_MOST_DATAPOINTS = 1440
_ACTION = "ListMetrics"
_PAGE = 500
_READING = ("GetMetricData", "GetMetricStatistics", "ListMetrics")
_RECENTLY_SECONDS = 3 * 3600
_LISTED_SECONDS = 14 * 24 * 3600
"""API_ListMetrics: metrics that have reported no data in the past two weeks are not listed."""


def install() -> None:
    moto_seams.replace(
        CloudWatchResponse,
        get_metric_statistics=_get_statistics,
        list_metrics=_list,
    )


def read_ahead(request: ApiRequest) -> None:
    """Read what a request about metrics measures. Call it without LOCK."""
    if request.action in _READING:
        measuring.read()


def _get_statistics(self: CloudWatchResponse) -> ActionResult:
    statistics = self._get_param("Statistics", [])
    extended = self._get_param("ExtendedStatistics", [])
    if not statistics and not extended:
        raise InvalidParameterCombination(
            "At least one of the parameters Statistics and ExtendedStatistics must be specified."
        )
    if statistics and extended:
        raise InvalidParameterCombination(
            "The parameters Statistics and ExtendedStatistics are mutually exclusive and you have "
            "specified both."
        )
    for name in statistics:
        if name not in STATISTICS:
            raise InvalidParameterValue(f"The value {name} for parameter Statistics is invalid.")
    for name in extended:
        metric_reading.require_statistic(name, "ExtendedStatistics")
    times = (self._get_param(name) for name in ("StartTime", "EndTime"))
    start, end = (metric_reading.seconds(each) for each in times)
    if start >= end:
        raise InvalidParameterValue(
            "The parameter StartTime must be less than the parameter EndTime."
        )
    period = metric_reading.period_of(self._get_int_param("Period"))
    name, unit = self._get_param("MetricName"), self._get_param("Unit")
    metric = metric_reading.metric_of(self._get_params())
    store = metric_reading.measured(self.cloudwatch_backend)
    points = []
    for begin in metric_reading.starts(start, end, period, _MOST_DATAPOINTS):
        for each_unit in [unit] if unit else store.units(metric, begin, begin + period):
            datum = store.datum(metric, begin, period, each_unit)
            if datum is None:
                continue
            points.append(
                {
                    "Timestamp": metric_reading.date(begin),
                    "Unit": each_unit,
                    **{each: datum.statistic(each) for each in statistics},
                    "ExtendedStatistics": {each: datum.statistic(each) for each in extended}
                    or None,
                }
            )
    return ActionResult({"Label": name, "Datapoints": points})


def _list(self: CloudWatchResponse) -> ActionResult:
    is_recent = self._get_param("RecentlyActive") is not None
    start = offset_token.read(_ACTION, self._get_param("NextToken") or "")
    store = metric_reading.measured(self.cloudwatch_backend)
    store.forget_old(time.time())
    since = time.time() - (_RECENTLY_SECONDS if is_recent else _LISTED_SECONDS)
    found = [each for each in _matching(store, self._get_params()) if store.latest(each) >= since]
    end = start + _PAGE
    return ActionResult(
        {
            "Metrics": [_shown(metric) for metric in found[start:end]],
            "NextToken": offset_token.write(_ACTION, end) if end < len(found) else None,
        }
    )


def _matching(store: MetricStore, request: Mapping[str, Any]) -> Iterator[Metric]:
    """A dimension without a value takes every value."""
    for metric in store.metrics():
        if (
            request.get("Namespace") in (None, metric.namespace)
            and request.get("MetricName") in (None, metric.name)
            and all(
                _has(metric, each["Name"], each.get("Value"))
                for each in request.get("Dimensions") or []
            )
        ):
            yield metric


def _shown(metric: Metric) -> dict[str, Any]:
    return {
        "Namespace": metric.namespace,
        "MetricName": metric.name,
        "Dimensions": [{"Name": name, "Value": value} for name, value in metric.dimensions],
    }


def _has(metric: Metric, name: str, value: str | None) -> bool:
    found = dict(metric.dimensions).get(name)
    return found is not None and value in (None, found)
