"""What all calls that read metrics share: the metrics as of now, times, periods and statistics."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from moto.cloudwatch.exceptions import InvalidParameterCombination, InvalidParameterValue
from moto.cloudwatch.models import CloudWatchBackend
from moto.core.common_models import CloudWatchMetricProvider

from local_aws.control_plane.cloudwatch import measuring
from local_aws.control_plane.cloudwatch.metric_store import MINUTE, Metric, MetricStore
from local_aws.control_plane.cloudwatch.statistics import Datum

_FINE_PERIODS = (1, 5, 10, 20, 30)


def measured(backend: CloudWatchBackend) -> MetricStore:
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
        when = seconds(each.timestamp)
        if store.datum(metric, when // MINUTE * MINUTE, MINUTE) is None:
            store.put(metric, each.unit or "None", when, Datum.of({float(each.value): 1.0}))


def metric_of(given: Mapping[str, Any]) -> Metric:
    """The metric that a request names."""
    return Metric.of(given["Namespace"], given["MetricName"], dimensions_of(given))


def dimensions_of(given: Mapping[str, Any]) -> dict[str, str]:
    """Their values, by name."""
    return {each["Name"]: each["Value"] for each in given.get("Dimensions") or []}


def starts(start: float, end: float, period: int, most: int) -> Iterator[float]:
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


def period_of(given: Any) -> int:
    """Raises InvalidParameterValue for what is none."""
    period = int(given)
    if period not in _FINE_PERIODS and (period < MINUTE or period % MINUTE):
        raise InvalidParameterValue(
            "The parameter Period must be 1, 5, 10, 20, 30 or a multiple of 60."
        )
    return period


def require_statistic(name: str, parameter: str) -> None:
    """Raise InvalidParameterValue for what is none."""
    try:
        Datum().statistic(name)
    except ValueError:
        raise InvalidParameterValue(
            f"The value {name} for parameter {parameter} is not supported."
        ) from None


def seconds(when: datetime) -> float:
    """Since the epoch; a time without a zone is UTC's."""
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()


def date(time: float) -> datetime:
    """Of seconds since the epoch."""
    return datetime.fromtimestamp(time, UTC)
