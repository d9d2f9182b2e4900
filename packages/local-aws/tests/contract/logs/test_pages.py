"""Pages of CloudWatch Logs: what changes in between is neither shown twice nor left out."""

from __future__ import annotations

import time
from typing import Any

import pytest
from refusals import error_of

NO_TOKEN = ("InvalidParameterException", "The specified nextToken is invalid.")
METRIC = {"metricNamespace": "own", "metricName": "m", "metricValue": "1"}


@pytest.fixture
def group(logs: Any, unique_name: str) -> str:
    logs.create_log_group(logGroupName=unique_name)
    return unique_name


def test_an_event_that_comes_late_repeats_no_other(logs: Any, group: str) -> None:
    """API_FilterLogEvents: nextToken."""
    stream = {"logGroupName": group, "logStreamName": "one"}
    logs.create_log_stream(**stream)
    start = int(time.time() * 1000)
    events = [{"timestamp": start + number, "message": str(number)} for number in range(3)]
    logs.put_log_events(**stream, logEvents=events)
    first = logs.filter_log_events(logGroupName=group, limit=2)
    logs.put_log_events(**stream, logEvents=[{"timestamp": start - 1, "message": "late"}])
    rest = logs.filter_log_events(logGroupName=group, nextToken=first["nextToken"])
    messages = [event["message"] for event in first["events"] + rest["events"]]
    assert messages == ["0", "1", "2"]


def test_a_stream_that_goes_takes_no_other_along(logs: Any, group: str) -> None:
    """API_DescribeLogStreams: nextToken, descending."""
    for name in "abcd":
        logs.create_log_stream(logGroupName=group, logStreamName=name)
    asked = {"logGroupName": group, "descending": True}
    first = logs.describe_log_streams(**asked, limit=2)
    logs.delete_log_stream(logGroupName=group, logStreamName="c")
    rest = logs.describe_log_streams(**asked, nextToken=first["nextToken"])
    names = [stream["logStreamName"] for stream in first["logStreams"] + rest["logStreams"]]
    assert names == ["d", "c", "b", "a"]


def test_a_group_that_goes_takes_no_other_along(logs: Any, unique_name: str) -> None:
    """API_DescribeLogGroups, API_ListLogGroups: nextToken."""
    for number in range(4):
        logs.create_log_group(logGroupName=f"{unique_name}{number}")
    described = logs.describe_log_groups(logGroupNamePrefix=unique_name, limit=2)
    listed = logs.list_log_groups(logGroupNamePattern=unique_name, limit=2)
    logs.delete_log_group(logGroupName=f"{unique_name}1")
    asked = {"logGroupNamePrefix": unique_name, "nextToken": described["nextToken"]}
    rests = (
        logs.describe_log_groups(**asked),
        logs.list_log_groups(logGroupNamePattern=unique_name, nextToken=listed["nextToken"]),
    )
    for rest in rests:
        assert [each["logGroupName"][-1] for each in rest["logGroups"]] == ["2", "3"]


def test_metric_filters_in_pages(logs: Any, group: str) -> None:
    """API_DescribeMetricFilters: limit, nextToken."""
    for name in "abc":
        logs.put_metric_filter(
            logGroupName=group,
            filterName=name,
            filterPattern="",
            metricTransformations=[METRIC],
        )
    first = logs.describe_metric_filters(logGroupName=group, limit=2)
    logs.delete_metric_filter(logGroupName=group, filterName="b")
    rest = logs.describe_metric_filters(logGroupName=group, nextToken=first["nextToken"])
    names = [each["filterName"] for each in first["metricFilters"] + rest["metricFilters"]]
    assert (names, "nextToken" in rest) == (["a", "b", "c"], False)
    assert error_of(logs.describe_metric_filters, nextToken="none") == NO_TOKEN


def test_an_export_task_that_is_not_there(logs: Any) -> None:
    """Recorded from AWS: DescribeExportTasks lists none."""
    assert logs.describe_export_tasks(taskId="none")["exportTasks"] == []
