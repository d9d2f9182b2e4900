"""Metrics that clients put, and their statistics."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from cloudwatch_driver import NAMESPACE, Clock, put


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
