"""PutMetricData: what clients measure.

Source: the limits in API_PutMetricData, API_MetricDatum and API_StatisticSet of the CloudWatch API
Reference. AWS was recorded, or users reported it, to answer most of the words; those about a datum
without a value and about values out of range follow their form.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any

from moto.cloudwatch.exceptions import (
    CloudWatchException,
    InvalidParameterCombination,
    InvalidParameterValue,
)
from moto.cloudwatch.models import CloudWatchBackend

from local_aws.control_plane import moto_seams
from local_aws.control_plane.cloudwatch import measuring
from local_aws.control_plane.cloudwatch.api import metric_reading
from local_aws.control_plane.cloudwatch.metric_store import Metric
from local_aws.control_plane.cloudwatch.statistics import Datum

_MOST_DATA, _MOST_VALUES = 1000, 150
_LARGEST = 2.0**360
_EXCLUSIVE = {("Value", "Values"), ("Value", "StatisticValues")}
_RESOLUTIONS = (1, 60)
_OLDEST, _NEWEST = 14 * 24 * 3600, 2 * 3600  # seconds
_NOT_A_NUMBER = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}


def install() -> None:
    moto_seams.replace(CloudWatchBackend, put_metric_data=_put)


def _put(self: CloudWatchBackend, namespace: str, metric_data: list[dict[str, Any]]) -> None:
    """All of the data are kept, or none."""
    if str(namespace).startswith("AWS/"):
        raise InvalidParameterValue("The value AWS/ for parameter Namespace is invalid.")
    _require_size(metric_data, _MOST_DATA, "MetricData")
    for number, given in enumerate(metric_data, 1):
        _require_datum(given, f"MetricData.member.{number}")
    store = measuring.store_of(self)
    for given in metric_data:
        when = given.get("Timestamp")
        store.put(
            Metric.of(namespace, given["MetricName"], metric_reading.dimensions_of(given)),
            given.get("Unit") or "None",
            metric_reading.seconds(when) if when else time.time(),
            _datum(given),
            is_fine=given.get("StorageResolution") == 1,
        )


def _require_datum(given: Mapping[str, Any], path: str) -> None:
    for one, other in combinations(("Value", "Values", "StatisticValues"), 2):
        if (one, other) in _EXCLUSIVE and given.get(one) is not None and given.get(other):
            raise InvalidParameterCombination(
                f"The parameters {path}.{one} and {path}.{other} are mutually exclusive and you "
                "have specified both."
            )
    values, counts = given.get("Values") or [], given.get("Counts")
    if given.get("Value") is None and not values and not given.get("StatisticValues"):
        raise CloudWatchException(
            "MissingParameter",
            f"At least one of the parameters {path}.Value or {path}.StatisticValues must be "
            "specified.",
        )
    _require_size(values, _MOST_VALUES, f"{path}.Values")
    if values and counts and len(values) != len(counts):
        raise InvalidParameterValue(
            f"The parameters {path}.Values and {path}.Counts must be of the same size."
        )
    for name, number in _numbers(given):
        if not abs(number) <= _LARGEST:  # nor is NaN
            shown = str(number) if math.isfinite(number) else _NOT_A_NUMBER[str(number)]
            raise InvalidParameterValue(
                f"The value {shown} for parameter {path}.{name} is invalid."
            )
    resolution = given.get("StorageResolution")
    if resolution is not None and resolution not in _RESOLUTIONS:
        raise InvalidParameterValue(
            f"The value {resolution} for parameter {path}.StorageResolution is invalid."
        )
    _require_time(given.get("Timestamp"), path)


def _require_size(collection: Iterable[Any], most: int, path: str) -> None:
    if len(list(collection)) > most:
        raise InvalidParameterValue(
            f"The collection {path} must not have a size greater than {most}."
        )


def _numbers(given: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    """The values in a datum, each with its path."""
    if given.get("Value") is not None:
        yield "Value", float(given["Value"])
    for value in given.get("Values") or []:
        yield "Values", float(value)
    for name, value in (given.get("StatisticValues") or {}).items():
        yield f"StatisticValues.{name}", float(value)


def _require_time(when: Any, path: str) -> None:
    """API_PutMetricData: up to two weeks before the current time, and two hours after it."""
    age = time.time() - metric_reading.seconds(when) if when else 0.0
    if not -_NEWEST <= age <= _OLDEST:
        raise InvalidParameterValue(
            f"The parameter {path}.Timestamp must specify a time within the past two weeks, and "
            "not more than two hours in the future."
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
    return Datum.of({float(given["Value"]): 1.0})
