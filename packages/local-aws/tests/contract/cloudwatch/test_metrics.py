"""Metrics that clients put, and their statistics."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from cloudwatch_driver import NAMESPACE, Clock, put
from moto.cloudwatch.models import cloudwatch_backends
from refusals import refusal_of

from local_aws.control_plane.cloudwatch import measuring
from local_aws.control_plane.cloudwatch.metric_store import Metric
from local_aws.control_plane.cloudwatch.statistics import Datum
from local_aws.control_plane.lock import LOCK


def query(name: str, stat: str = "Sum", period: int = 60, **more: Any) -> dict[str, Any]:
    metric = {"Namespace": NAMESPACE, "MetricName": name}
    return {"Id": "m", "MetricStat": {"Metric": metric, "Period": period, "Stat": stat}, **more}


def test_values_are_summed_up_in_periods(cloudwatch: Any, unique_name: str) -> None:
    """API_GetMetricData: Period, ScanBy. Periods without data are left out."""
    clock = Clock()
    for minutes, values in ((4, (1.0, 2.0)), (3, (4.0,)), (1, (8.0,))):
        put(cloudwatch, unique_name, clock.ago(minutes), *values)
    window = {"StartTime": clock.ago(5), "EndTime": clock.ago(0)}
    newest_first = cloudwatch.get_metric_data(MetricDataQueries=[query(unique_name)], **window)
    oldest_first = cloudwatch.get_metric_data(
        MetricDataQueries=[query(unique_name, period=120)],
        ScanBy="TimestampAscending",
        **window,
    )
    (found,) = newest_first["MetricDataResults"]
    assert (found["Values"], found["StatusCode"]) == ([8, 4, 3], "Complete")
    whole = [clock.ago(minutes).replace(second=0) for minutes in (1, 3, 4)]
    assert [when.timestamp() for when in found["Timestamps"]] == [w.timestamp() for w in whole]
    assert oldest_first["MetricDataResults"][0]["Values"] == [3, 4, 8]


def test_all_statistics_of_a_period(cloudwatch: Any, unique_name: str) -> None:
    """API_GetMetricStatistics: Statistics, ExtendedStatistics."""
    clock = Clock()
    put(cloudwatch, unique_name, clock.ago(1), 1, 2, 9, Counts=[1, 2, 1], Unit="Seconds")
    simple = ["SampleCount", "Average", "Sum", "Minimum", "Maximum"]
    found = cloudwatch.get_metric_statistics(
        Namespace=NAMESPACE,
        MetricName=unique_name,
        StartTime=clock.ago(2),
        EndTime=clock.ago(0),
        Period=60,
        Statistics=simple,
    )
    (point,) = found["Datapoints"]
    assert [point[name] for name in simple] == [4, 3.5, 14, 1, 9]
    assert (found["Label"], point["Unit"]) == (unique_name, "Seconds")
    extended = cloudwatch.get_metric_statistics(
        Namespace=NAMESPACE,
        MetricName=unique_name,
        StartTime=clock.ago(2),
        EndTime=clock.ago(0),
        Period=60,
        ExtendedStatistics=["p50", "p100", "TM(25%:75%)"],
    )
    assert extended["Datapoints"][0]["ExtendedStatistics"] == {
        "p50": 2,
        "p100": 9,
        "TM(25%:75%)": 2,
    }


def test_high_resolution_metrics_have_periods_below_a_minute(
    cloudwatch: Any, unique_name: str
) -> None:
    """API_PutMetricData: StorageResolution."""
    clock = Clock()
    start = clock.ago(1).replace(second=0)
    for second in (3, 7, 12):
        when = start + timedelta(seconds=second)
        put(cloudwatch, unique_name, when, 1, StorageResolution=1)
    found = cloudwatch.get_metric_data(
        MetricDataQueries=[query(unique_name, period=10)], StartTime=start, EndTime=clock.ago(0)
    )
    assert found["MetricDataResults"][0]["Values"] == [1, 2]


def test_each_combination_of_dimensions_is_a_metric(cloudwatch: Any, unique_name: str) -> None:
    """CloudWatch User Guide, "Dimensions": a metric is the unique combination of them, in any
    order; API_ListMetrics filters by some."""
    clock = Clock()
    a, b = {"Name": "A", "Value": "1"}, {"Name": "B", "Value": "2"}
    for value, dimensions in ((1.0, []), (2.0, [a]), (4.0, [a, b]), (8.0, [b, a])):
        put(cloudwatch, unique_name, clock.ago(1), value, Dimensions=dimensions)

    def total(*dimensions: dict[str, str]) -> float:
        given = query(unique_name)
        given["MetricStat"]["Metric"]["Dimensions"] = list(dimensions)
        found = cloudwatch.get_metric_data(
            MetricDataQueries=[given], StartTime=clock.ago(2), EndTime=clock.ago(0)
        )
        return float(sum(found["MetricDataResults"][0]["Values"]))

    assert [total(), total(a), total(b), total(b, a)] == [1, 2, 0, 12]
    named = {"Namespace": NAMESPACE, "MetricName": unique_name}
    assert len(cloudwatch.list_metrics(**named)["Metrics"]) == 3
    with_b = cloudwatch.list_metrics(**named, Dimensions=[{"Name": "B"}])["Metrics"]
    assert with_b == [{**named, "Dimensions": [a, b]}]


def test_malformed_requests_are_refused(cloudwatch: Any, unique_name: str) -> None:
    """API_PutMetricData: Namespace; API_GetMetricData and API_GetMetricStatistics: the times,
    Period and the statistics."""
    clock = Clock()
    datum = [{"MetricName": "m", "Value": 1}]
    with pytest.raises(ClientError, match="The value AWS/ for parameter Namespace is invalid"):
        cloudwatch.put_metric_data(Namespace="AWS/EC2", MetricData=datum)
    window = {"StartTime": clock.ago(2), "EndTime": clock.ago(0)}
    backwards = {"StartTime": clock.ago(0), "EndTime": clock.ago(2)}
    for given, times, message in (
        (query(unique_name, stat="Median"), window, "Median for parameter Stat"),
        (query(unique_name, period=45), window, "multiple of 60"),
        (query(unique_name), backwards, "EndTime must be greater than StartTime"),
        ({"Id": "m"}, window, "MetricStat is required"),
        (query(unique_name, Label="${MAX}"), window, "Dynamic labels are not emulated"),
        (query(unique_name, AccountId="1" * 12), window, "of other accounts are not emulated"),
        ({"Id": "e", "Expression": "SUM(METRICS())"}, window, "Metric math is not emulated"),
    ):
        with pytest.raises(ClientError, match=message):
            cloudwatch.get_metric_data(MetricDataQueries=[given], **times)
    with pytest.raises(ClientError, match="exceeds the limit of 1440"):
        cloudwatch.get_metric_statistics(
            Namespace=NAMESPACE,
            MetricName=unique_name,
            StartTime=clock.ago(60 * 24 * 2),
            EndTime=clock.ago(0),
            Period=60,
            Statistics=["Sum"],
        )


@pytest.mark.parametrize(
    ("asked", "labels"),
    [
        ([("Sum", 60)], [""]),
        ([("Sum", 60), ("Sum", 60)], ["", ""]),
        ([("Sum", 60), ("Minimum", 60)], [" Sum", " Minimum"]),
        ([("Sum", 60), ("Sum", 30)], [" 60", " 30"]),
        ([("Sum", 60), ("Minimum", 30)], [" Sum 60", " Minimum 30"]),
    ],
)
def test_labels_name_what_differs_between_queries(
    cloudwatch: Any, unique_name: str, asked: list[tuple[str, int]], labels: list[str]
) -> None:
    """Recorded from AWS: the metric's name, then the statistic and the period where they differ."""
    clock = Clock()
    put(cloudwatch, unique_name, clock.ago(1), 1, 2)
    queries = [
        {**query(unique_name, stat, period), "Id": f"m{number}"}
        for number, (stat, period) in enumerate(asked)
    ]
    found = cloudwatch.get_metric_data(
        MetricDataQueries=queries, StartTime=clock.ago(2), EndTime=clock.ago(0)
    )
    assert found["Messages"] == []
    shown = [each["Label"] for each in found["MetricDataResults"]]
    assert shown == [f"{unique_name}{label}" for label in labels]


def test_units_are_not_taken_together(cloudwatch: Any, unique_name: str) -> None:
    """Recorded from AWS: a datapoint for each unit, or the first unit by name with a message."""
    clock = Clock()
    for value, unit in ((1.0, "Seconds"), (60.0, "Milliseconds"), (5.0, "Count")):
        put(cloudwatch, unique_name, clock.ago(1), value, Unit=unit)
    window = {"StartTime": clock.ago(2), "EndTime": clock.ago(0)}
    points = cloudwatch.get_metric_statistics(
        Namespace=NAMESPACE, MetricName=unique_name, Period=60, Statistics=["Sum"], **window
    )["Datapoints"]
    assert {point["Unit"]: point["Sum"] for point in points} == {
        "Count": 5.0,
        "Milliseconds": 60.0,
        "Seconds": 1.0,
    }
    [found] = cloudwatch.get_metric_data(MetricDataQueries=[query(unique_name)], **window)[
        "MetricDataResults"
    ]
    assert found["Values"] == [5.0]
    said = "Multiple units returned: '[Count, Milliseconds, Seconds]'"
    assert found["Messages"] == [{"Code": "MultipleUnits", "Value": said}]
    one = query(unique_name)
    one["MetricStat"]["Unit"] = "Seconds"
    [found] = cloudwatch.get_metric_data(MetricDataQueries=[one], **window)["MetricDataResults"]
    assert (found["Values"], "Messages" in found) == ([1.0], False)


@pytest.mark.parametrize("hours", [15 * 24, -3])
def test_data_of_another_time_is_refused(cloudwatch: Any, unique_name: str, hours: int) -> None:
    """API_PutMetricData: two weeks before the current time, and two hours after it."""
    datum = {"MetricName": "m", "Value": 1, "Timestamp": datetime.now(UTC) - timedelta(hours=hours)}
    with pytest.raises(ClientError, match="InvalidParameterValue"):
        cloudwatch.put_metric_data(Namespace=unique_name, MetricData=[datum])


DATUM = "MetricData.member.1"
BOTH = "are mutually exclusive and you have specified both."
EITHER = f"{DATUM}.Value or {DATUM}.StatisticValues"
SET = {"SampleCount": 1, "Sum": 1, "Minimum": 1, "Maximum": 1}


@pytest.mark.parametrize(
    ("datum", "code", "words"),
    [
        ({}, "MissingParameter", f"At least one of the parameters {EITHER} must be specified."),
        ({"Value": 0, "Values": [1]}, "InvalidParameterCombination",
         f"The parameters {DATUM}.Value and {DATUM}.Values {BOTH}"),
        ({"Value": 0, "StatisticValues": SET}, "InvalidParameterCombination",
         f"The parameters {DATUM}.Value and {DATUM}.StatisticValues {BOTH}"),
        ({"Values": [1, 2], "Counts": [1]}, "InvalidParameterValue",
         f"The parameters {DATUM}.Values and {DATUM}.Counts must be of the same size."),
        ({"Values": list(range(151))}, "InvalidParameterValue",
         f"The collection {DATUM}.Values must not have a size greater than 150."),
        ({"Value": float("nan")}, "InvalidParameterValue",
         f"The value NaN for parameter {DATUM}.Value is invalid."),
        ({"Value": float("inf")}, "InvalidParameterValue",
         f"The value Infinity for parameter {DATUM}.Value is invalid."),
        ({"Values": [-(2.0**361)]}, "InvalidParameterValue",
         f"The value {-(2.0**361)} for parameter {DATUM}.Values is invalid."),
        ({"StatisticValues": {**SET, "Sum": float("nan")}}, "InvalidParameterValue",
         f"The value NaN for parameter {DATUM}.StatisticValues.Sum is invalid."),
        ({"Value": 1, "StorageResolution": 5}, "InvalidParameterValue",
         f"The value 5 for parameter {DATUM}.StorageResolution is invalid."),
    ],
)  # fmt: skip
def test_a_datum_has_a_value_that_cloudwatch_can_keep(
    cloudwatch: Any, unique_name: str, datum: dict[str, Any], code: str, words: str
) -> None:
    """API_PutMetricData, API_MetricDatum: 150 values, from -2^360 to 2^360; most words as AWS was
    recorded or reported to say them. Nothing of a request that is refused is kept."""
    data = [{"MetricName": unique_name, **datum}, {"MetricName": unique_name, "Value": 1}]
    refused = refusal_of(cloudwatch.put_metric_data, Namespace=NAMESPACE, MetricData=data)
    assert refused == (400, code, words)
    listed = cloudwatch.list_metrics(Namespace=NAMESPACE, MetricName=unique_name)
    assert listed["Metrics"] == []


def test_a_request_has_a_thousand_data_and_five_hundred_queries(
    cloudwatch: Any, unique_name: str
) -> None:
    """API_PutMetricData, MetricData; API_GetMetricData, MetricDataQueries; reported of AWS."""
    too_many = [{"MetricName": unique_name, "Value": 1}] * 1001
    refused = refusal_of(cloudwatch.put_metric_data, Namespace=NAMESPACE, MetricData=too_many)
    words = "The collection MetricData must not have a size greater than 1000."
    assert refused == (400, "InvalidParameterValue", words)
    queries = [{**query(unique_name), "Id": f"m{number}"} for number in range(501)]
    words = "The collection MetricDataQueries must not have a size greater than 500."
    assert refusal_of_queries(cloudwatch, *queries) == (400, "ValidationError", words)


def refusal_of_queries(cloudwatch: Any, *queries: dict[str, Any]) -> tuple[int, str, str]:
    clock = Clock()
    window = {"StartTime": clock.ago(2), "EndTime": clock.ago(0)}
    return refusal_of(cloudwatch.get_metric_data, MetricDataQueries=list(queries), **window)


def test_queries_have_ids_of_their_own_and_one_thing_to_query(
    cloudwatch: Any, unique_name: str
) -> None:
    """API_MetricDataQuery: Id, Expression or MetricStat, Period; reported of AWS."""
    one = query(unique_name)
    path = "MetricDataQueries.member.1"
    pattern = "is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$."
    for queries, words in (
        ([one, one], "The values for parameter id in MetricDataQueries are not unique."),
        ([{**one, "Id": "M"}], f"The value M for parameter {path}.Id {pattern}"),
        ([{**one, "Period": 60}], f"The parameters {path}.Period and {path}.MetricStat {BOTH}"),
        (
            [{**one, "Expression": "m"}],
            f"The parameters {path}.Expression and {path}.MetricStat {BOTH}",
        ),
    ):
        assert refusal_of_queries(cloudwatch, *queries) == (400, "ValidationError", words)


def test_datapoints_of_all_results_come_in_pages(cloudwatch: Any, unique_name: str) -> None:
    """API_GetMetricData: MaxDatapoints, NextToken; API_MetricDataResult: StatusCode."""
    clock = Clock()
    for minutes in (1, 2, 3):
        put(cloudwatch, unique_name, clock.ago(minutes), minutes)
    request = {
        "MetricDataQueries": [
            {**query(unique_name), "Id": "first"},
            {**query(f"{unique_name}-none"), "Id": "none"},
            {**query(unique_name, "Maximum"), "Id": "last"},
        ],
        "StartTime": clock.ago(4),
        "EndTime": clock.ago(0),
    }

    def results(**more: Any) -> tuple[dict[str, tuple[list[float], str]], str | None]:
        found = cloudwatch.get_metric_data(**request, **more)
        shown = {e["Id"]: (e["Values"], e["StatusCode"]) for e in found["MetricDataResults"]}
        return shown, found.get("NextToken")

    whole = {"first": ([1, 2, 3], "Complete"), "last": ([1, 2, 3], "Complete")}
    assert results() == ({**whole, "none": ([], "Complete")}, None)
    first, token = results(MaxDatapoints=2)
    assert first == {"first": ([1, 2], "PartialData")}
    second, token = results(MaxDatapoints=2, NextToken=token)
    assert second == {
        "first": ([3], "Complete"),
        "none": ([], "Complete"),
        "last": ([1], "PartialData"),
    }
    third, token = results(MaxDatapoints=2, NextToken=token)
    assert (third, token) == ({"last": ([2, 3], "Complete")}, None)


def test_statistics_are_plain_or_extended(cloudwatch: Any, unique_name: str) -> None:
    """API_GetMetricStatistics: "either Statistics or ExtendedStatistics, but not both"; that one is
    needed as users reported it of AWS."""
    clock = Clock()
    request = {
        "Namespace": NAMESPACE,
        "MetricName": unique_name,
        "StartTime": clock.ago(2),
        "EndTime": clock.ago(0),
        "Period": 60,
    }
    names = "The parameters Statistics and ExtendedStatistics"
    refused = refusal_of(cloudwatch.get_metric_statistics, **request)
    words = f"At least one of t{names[1:]} must be specified."
    assert refused == (400, "InvalidParameterCombination", words)
    both = {"Statistics": ["Sum"], "ExtendedStatistics": ["p90"]}
    refused = refusal_of(cloudwatch.get_metric_statistics, **request, **both)
    assert refused == (400, "InvalidParameterCombination", f"{names} {BOTH}")


def test_a_dashboard_that_is_not_there_is_named(cloudwatch: Any) -> None:
    """API_GetDashboard: ResourceNotFound; API_PutDashboard: the characters of DashboardName."""
    refused = refusal_of(cloudwatch.get_dashboard, DashboardName="none")
    assert refused == (404, "ResourceNotFound", "Dashboard none does not exist")
    refused = refusal_of(cloudwatch.put_dashboard, DashboardName="a b", DashboardBody="{}")
    assert refused[:2] == (400, "InvalidParameterValue")


def test_metrics_are_listed_for_two_weeks(cloudwatch: Any, unique_name: str) -> None:
    """API_ListMetrics: no data in the past two weeks; RecentlyActive: the past three hours."""
    account = cloudwatch_backends["123456789012"]["us-east-1"]
    hour = 3600
    with LOCK:
        for name, age in (("now", 0), ("today", 4 * hour), ("gone", 14 * 24 * hour + 60)):
            metric = Metric.of(unique_name, name, {})
            store = measuring.store_of(account)
            store.put(metric, "None", time.time() - age, Datum.of({1.0: 1.0}))

    def listed(**more: Any) -> set[str]:
        found = cloudwatch.list_metrics(Namespace=unique_name, **more)["Metrics"]
        return {each["MetricName"] for each in found}

    assert listed() == {"now", "today"}
    assert listed(RecentlyActive="PT3H") == {"now"}
