"""The calls about metrics: what clients put, and what was measured here.

moto keeps all that was ever put, and goes through it for each period that is asked for.
Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html,
API_GetMetricStatistics, API_ListMetrics and API_PutMetricData.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from moto.cloudwatch.exceptions import (
    InvalidParameterCombination,
    InvalidParameterValue,
    ValidationError,
)
from moto.cloudwatch.models import CloudWatchBackend
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.common_models import CloudWatchMetricProvider
from moto.core.responses import ActionResult

from local_aws.control_plane import moto_seams, service_hooks
from local_aws.control_plane.api_request import ApiRequest
from local_aws.control_plane.cloudwatch import measuring
from local_aws.control_plane.cloudwatch.metric_store import MINUTE, Metric, MetricStore
from local_aws.control_plane.cloudwatch.statistics import STATISTICS, Datum
from local_aws.control_plane.service_hooks import ServiceHooks

_FINE_PERIODS = (1, 5, 10, 20, 30)
_MOST_DATAPOINTS = 1440
"""Of GetMetricStatistics; GetMetricData gives up to 100,800."""
_MOST_QUERIED = 100_800
_PAGE = 500
_READING = ("GetMetricData", "GetMetricStatistics", "ListMetrics")
_RECENTLY_SECONDS = 3 * 3600
_OLDEST, _NEWEST = 14 * 24 * 3600, 2 * 3600  # seconds


def install() -> None:
    moto_seams.replace(CloudWatchBackend, put_metric_data=_put)
    moto_seams.replace(
        CloudWatchResponse,
        get_metric_data=_get_data,
        get_metric_statistics=_get_statistics,
        list_metrics=_list,
    )
    service_hooks.register("monitoring", ServiceHooks(prepare=_read_ahead))


def _read_ahead(request: ApiRequest) -> None:
    if request.action in _READING:
        measuring.read()


def _put(self: CloudWatchBackend, namespace: str, metric_data: list[dict[str, Any]]) -> None:
    if str(namespace).startswith("AWS/"):
        raise InvalidParameterValue("The value AWS/ for parameter Namespace is invalid.")
    for number, given in enumerate(metric_data, 1):
        self._validate_parameters_put_metric_data(given, number)
        _require_time(given.get("Timestamp"), number)
    store = measuring.store_of(self)
    for given in metric_data:
        dimensions = {each["Name"]: each["Value"] for each in given.get("Dimensions") or []}
        when = given.get("Timestamp")
        store.put(
            Metric.of(namespace, given["MetricName"], dimensions),
            given.get("Unit") or "None",
            _seconds(when) if when else time.time(),
            _datum(given),
            is_fine=given.get("StorageResolution") == 1,
        )


def _require_time(when: Any, number: int) -> None:
    """API_PutMetricData: up to two weeks before the current time, and two hours after it."""
    age = time.time() - _seconds(when) if when else 0.0
    if not -_NEWEST <= age <= _OLDEST:
        raise InvalidParameterValue(
            f"The parameter MetricData.member.{number}.Timestamp must specify a time within the "
            "past two weeks, and not more than two hours in the future."
        )


def _datum(given: Mapping[str, Any]) -> Datum:
    if given.get("Values"):
        counts = given.get("Counts") or [1.0] * len(given["Values"])
        by_value: dict[float, float] = {}
        for value, count in zip(given["Values"], counts, strict=True):
            by_value[float(value)] = by_value.get(float(value), 0.0) + float(count)
        return Datum.of(by_value)
    if given.get("StatisticValues"):
        given_set = given["StatisticValues"]
        return Datum.of_set(
            float(given_set["SampleCount"]),
            float(given_set["Sum"]),
            float(given_set["Minimum"]),
            float(given_set["Maximum"]),
        )
    return Datum.of({float(given.get("Value", 0)): 1.0})


def _get_data(self: CloudWatchResponse) -> ActionResult:
    request = self._get_params()
    start, end = _seconds(request["StartTime"]), _seconds(request["EndTime"])
    if start > end:
        raise ValidationError("The parameter EndTime must be greater than StartTime.")
    if start == end:
        raise ValidationError("The parameter StartTime must not equal parameter EndTime.")
    store = _measured(self.cloudwatch_backend)
    is_ascending = request.get("ScanBy") == "TimestampAscending"
    results: dict[str, dict[str, Any]] = {}
    queries = request.get("MetricDataQueries", [])
    label_of = _labels([query["MetricStat"] for query in queries if "MetricStat" in query])
    for query in sorted(queries, key=lambda q: "Expression" in q):
        messages: list[dict[str, str]] = []
        if "MetricStat" in query:
            _require_statistic(query["MetricStat"]["Stat"], "Stat")
            unit, messages = _unit(store, query["MetricStat"], start, end)
            points = list(_queried(store, query["MetricStat"], unit, start, end))
            label = label_of(query["MetricStat"])
            values = [value for _, value in points]
            times = [_date(begin) for begin, _ in points]
        elif "Expression" in query:
            values, times = _of_expression(query["Expression"], results)
            label = query["Id"]
        else:
            # AWS also returns the empty line.
            raise ValidationError(
                "The parameter MetricDataQueries.member.1.MetricStat is required.\n"
            )
        results[query["Id"]] = {
            "Id": query["Id"],
            "Label": query.get("Label") or label,
            "Values": values if is_ascending else values[::-1],
            "Timestamps": times if is_ascending else times[::-1],
            "StatusCode": "Complete",
            "Messages": messages or None,
            "ReturnData": query.get("ReturnData", True),
        }
    shown = [result for result in results.values() if result.pop("ReturnData")]
    return ActionResult({"MetricDataResults": shown, "Messages": []})


def _labels(queried: Sequence[Mapping[str, Any]]) -> Callable[[Mapping[str, Any]], str]:
    """Labels that distinguish the queries of one request: the metric's name, and what differs.

    Source: answers of the real CloudWatch as they have been recorded.
    """
    differing = [name for name in ("Stat", "Period") if len({each[name] for each in queried}) > 1]

    def label(query: Mapping[str, Any]) -> str:
        return " ".join((query["Metric"]["MetricName"], *(str(query[name]) for name in differing)))

    return label


def _unit(
    store: MetricStore, query: Mapping[str, Any], start: float, end: float
) -> tuple[str | None, list[dict[str, str]]]:
    """The unit of the values, and what is to be said of it: of several, it is the first by name.

    Source: answers of the real CloudWatch as they have been recorded.
    """
    units = store.units(_metric(query["Metric"]), start, end)
    if query.get("Unit") or not units:
        return query.get("Unit"), []
    if len(units) == 1:
        return units[0], []
    said = f"Multiple units returned: '[{', '.join(units)}]'"
    return units[0], [{"Code": "MultipleUnits", "Value": said}]


def _metric(given: Mapping[str, Any]) -> Metric:
    dimensions = {each["Name"]: each["Value"] for each in given.get("Dimensions") or []}
    return Metric.of(given["Namespace"], given["MetricName"], dimensions)


def _queried(
    store: MetricStore, query: Mapping[str, Any], unit: str | None, start: float, end: float
) -> Iterator[tuple[float, float]]:
    metric = _metric(query["Metric"])
    period = _period(query["Period"])
    for begin in _starts(start, end, period, _MOST_QUERIED):
        datum = store.datum(metric, begin, period, unit)
        value = datum.statistic(query["Stat"]) if datum else None
        if value is not None:
            yield begin, value


def _of_expression(
    expression: str, results: Mapping[str, Mapping[str, Any]]
) -> tuple[list[float], list[datetime]]:
    """AWS: the id of another query is an expression."""
    if expression not in results:
        raise ValidationError(
            f"Metric math is not emulated by the local AWS (Expression {expression!r}); the id of "
            "another query is all that it takes."
        )
    return list(results[expression]["Values"]), list(results[expression]["Timestamps"])


def _get_statistics(self: CloudWatchResponse) -> ActionResult:
    statistics = self._get_param("Statistics", [])
    extended = self._get_param("ExtendedStatistics", [])
    if not statistics and not extended:
        raise InvalidParameterCombination("Must specify either Statistics or ExtendedStatistics")
    for name in statistics:
        if name not in STATISTICS:
            raise InvalidParameterValue(f"The value {name} for parameter Statistics is invalid.")
    for name in extended:
        _require_statistic(name, "ExtendedStatistics")
    start, end = _seconds(self._get_param("StartTime")), _seconds(self._get_param("EndTime"))
    if start >= end:
        raise InvalidParameterValue(
            "The parameter StartTime must be less than the parameter EndTime."
        )
    period = _period(self._get_int_param("Period"))
    name, unit = self._get_param("MetricName"), self._get_param("Unit")
    metric = _metric(self._get_params())
    store = _measured(self.cloudwatch_backend)
    points = []
    for begin in _starts(start, end, period, _MOST_DATAPOINTS):
        for each_unit in [unit] if unit else store.units(metric, begin, begin + period):
            datum = store.datum(metric, begin, period, each_unit)
            if datum is None:
                continue
            points.append(
                {
                    "Timestamp": _date(begin),
                    "Unit": each_unit,
                    **{each: datum.statistic(each) for each in statistics},
                    "ExtendedStatistics": {each: datum.statistic(each) for each in extended}
                    or None,
                }
            )
    return ActionResult({"Label": name, "Datapoints": points})


def _list(self: CloudWatchResponse) -> ActionResult:
    recent = self._get_param("RecentlyActive") is not None
    token = self._get_param("NextToken") or "0"
    if not (token.isascii() and token.isdecimal()):
        raise InvalidParameterValue("Request parameter NextToken is invalid")
    store = _measured(self.cloudwatch_backend)
    store.forget_old(time.time())
    found = list(_matching(store, self._get_params()))
    if recent:
        since = time.time() - _RECENTLY_SECONDS
        found = [metric for metric in found if store.latest(metric) >= since]
    start = int(token)
    end = start + _PAGE
    return ActionResult(
        {
            "Metrics": [_shown(metric) for metric in found[start:end]],
            "NextToken": str(end) if end < len(found) else None,
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


def _measured(backend: CloudWatchBackend) -> MetricStore:
    """The metrics as of now: those of AWS's own services are measured for this request."""
    measuring.measure()
    store = measuring.store_of(backend)
    for provider in CloudWatchMetricProvider.__subclasses__():  # moto's own: S3's sizes
        _take(store, provider.get_cloudwatch_metrics(backend.account_id, backend.region_name))
    return store


def _take(store: MetricStore, given: Iterable[Any]) -> None:
    """Keep each of moto's own metrics once, at its own time."""
    for each in given:
        dimensions = {str(d.name): str(d.value) for d in each.dimensions}
        metric = Metric.of(each.namespace, each.name, dimensions)
        when = _seconds(each.timestamp)
        if store.datum(metric, when // MINUTE * MINUTE, MINUTE) is None:
            store.put(metric, each.unit or "None", when, Datum.of({float(each.value): 1.0}))


def _starts(start: float, end: float, period: int, most: int) -> Iterator[float]:
    """When each period begins; the first one at a full minute, or a full short period."""
    step = min(period, MINUTE)
    begin = start // step * step
    if (end - begin) / period > most:
        raise InvalidParameterCombination(
            f"You have requested up to {int((end - begin) / period)} datapoints, which exceeds the "
            f"limit of {most}. You may reduce the datapoints requested by increasing Period, or "
            "decreasing the time range."
        )
    while begin < end:
        yield begin
        begin += period


def _period(given: Any) -> int:
    period = int(given)
    if period not in _FINE_PERIODS and (period < MINUTE or period % MINUTE):
        raise InvalidParameterValue(
            "The parameter Period must be 1, 5, 10, 20, 30 or a multiple of 60."
        )
    return period


def _require_statistic(name: str, parameter: str) -> None:
    try:
        Datum().statistic(name)
    except ValueError:
        raise InvalidParameterValue(
            f"The value {name} for parameter {parameter} is not supported."
        ) from None


def _seconds(when: datetime) -> float:
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()


def _date(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
