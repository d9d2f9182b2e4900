"""Log events: taken, rejected and found."""

from __future__ import annotations

import time
from typing import Any

import pytest
from refusals import error_of

DAY = 24 * 3600 * 1000  # milliseconds
NO_TOKEN = ("InvalidParameterException", "The specified nextToken is invalid.")
MESSAGES = ["hello", "world", "hello world", "goodbye world", "goodbye cruel world", "[WARN] low"]


@pytest.fixture
def stream(logs: Any, unique_name: str) -> dict[str, str]:
    """A new group and stream, as requests name them."""
    named = {"logGroupName": unique_name, "logStreamName": "one"}
    logs.create_log_group(logGroupName=unique_name)
    logs.create_log_stream(**named)
    return named


def event(message: str, at: int) -> dict[str, Any]:
    return {"timestamp": at, "message": message}


def now() -> int:
    return int(time.time() * 1000)


def messages_in(answer: Any) -> list[str]:
    return [str(each["message"]) for each in answer["events"]]


def found(logs: Any, stream: dict[str, str], pattern: str) -> list[str]:
    name = stream["logGroupName"]
    return messages_in(logs.filter_log_events(logGroupName=name, filterPattern=pattern))


@pytest.mark.parametrize(
    ("age", "retention", "rejected"),
    [
        (30 * DAY, 365, {"tooOldLogEventEndIndex": 1}),
        (-DAY, 365, {"tooNewLogEventStartIndex": 0}),
        (3 * DAY, 1, {"expiredLogEventEndIndex": 1}),
    ],
)
def test_events_of_another_time_are_rejected(
    logs: Any, stream: dict[str, str], age: int, retention: int, rejected: dict[str, int]
) -> None:
    """Recorded from AWS; API_RejectedLogEventsInfo: ends are exclusive; retention in days."""
    logs.put_retention_policy(logGroupName=stream["logGroupName"], retentionInDays=retention)
    answer = logs.put_log_events(**stream, logEvents=[event("x", now() - age)])
    assert answer["rejectedLogEventsInfo"] == rejected
    assert answer["nextSequenceToken"]
    assert messages_in(logs.get_log_events(**stream)) == []


def test_a_batch_is_of_one_day(logs: Any, stream: dict[str, str]) -> None:
    """API_PutLogEvents: "cannot span more than 24 hours"."""
    events = [event("a", now() - DAY - 60_000), event("b", now())]
    refused = error_of(logs.put_log_events, **stream, logEvents=events)
    assert refused[0] == "InvalidParameterException"


@pytest.mark.parametrize(
    ("sizes", "words"),
    [
        ((1024 * 1024 - 25,), "Log event too large: 1048577 bytes exceeds limit of 1048576"),
        ((524_263, 524_262), "Upload too large: 1048577 bytes exceeds limit of 1048576"),
    ],
)
def test_events_and_batches_have_a_size(
    logs: Any, stream: dict[str, str], sizes: tuple[int, ...], words: str
) -> None:
    """API_PutLogEvents: 1,048,576 bytes, with 26 for each event; words that users reported."""
    at = now()
    events = [event("x" * size, at) for size in sizes]
    refused = error_of(logs.put_log_events, **stream, logEvents=events)
    assert refused == ("InvalidParameterException", words)
    logs.put_log_events(**stream, logEvents=[event("x" * (sizes[0] - 1), at), *events[1:]])


def test_the_end_of_a_time_span(logs: Any, stream: dict[str, str]) -> None:
    """API_GetLogEvents: endTime is exclusive; API_FilterLogEvents: it is inclusive."""
    start = now()
    end = start + 5
    logs.put_log_events(**stream, logEvents=[event("a", start), event("b", end)])
    assert messages_in(logs.get_log_events(**stream, startTime=start, endTime=end)) == ["a"]
    group = stream["logGroupName"]
    assert messages_in(logs.filter_log_events(logGroupName=group, endTime=end)) == ["a", "b"]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("", MESSAGES),
        ("goodbye world", ["goodbye world", "goodbye cruel world"]),
        ('"hello world"', ["hello world"]),
        ('hello "world"', ["hello world"]),
        ("hello -world", ["hello"]),
        ("?cruel ?[WARN]", ["goodbye cruel world", "[WARN] low"]),
        ('"[WARN]"', ["[WARN] low"]),
        ("%cr.el%", ["goodbye cruel world"]),
    ],
)
def test_a_pattern_finds_messages(
    logs: Any, stream: dict[str, str], pattern: str, expected: list[str]
) -> None:
    """CloudWatch Logs User Guide, "Filter pattern syntax": terms, phrases, expressions."""
    at = now()
    logs.put_log_events(**stream, logEvents=[event(each, at) for each in MESSAGES])
    assert found(logs, stream, pattern) == expected


@pytest.mark.parametrize("pattern", ['{ $.level = "ERROR" }', "[ip, user]"])
def test_patterns_of_structured_events_are_refused(
    logs: Any, stream: dict[str, str], pattern: str
) -> None:
    """They found every event."""
    group = {"logGroupName": stream["logGroupName"], "filterPattern": pattern}
    refused = error_of(logs.filter_log_events, **group)
    assert refused[0] == "InvalidParameterException"
    assert "not emulated" in refused[1]
    arn = "arn:aws:lambda:us-east-1:123456789012:function:none"
    given = {**group, "filterName": "f", "destinationArn": arn}
    assert "not emulated" in error_of(logs.put_subscription_filter, **given)[1]


def test_events_of_streams_are_found_in_order(logs: Any, stream: dict[str, str]) -> None:
    """API_FilterLogEvents: logStreamNamePrefix, logGroupIdentifier, and pages of all streams."""
    group, start = stream["logGroupName"], now()
    logs.create_log_stream(logGroupName=group, logStreamName="two")
    other = {**stream, "logStreamName": "two"}
    logs.put_log_events(**stream, logEvents=[event("b", start + 1)])
    logs.put_log_events(**other, logEvents=[event("a", start), event("c", start + 2)])
    assert messages_in(logs.filter_log_events(logGroupIdentifier=group)) == ["a", "b", "c"]
    here = {"logGroupName": group}
    assert messages_in(logs.filter_log_events(**here, logStreamNamePrefix="t")) == ["a", "c"]
    first = logs.filter_log_events(**here, limit=2)
    rest = logs.filter_log_events(**here, nextToken=first["nextToken"])
    assert (messages_in(first), messages_in(rest)) == (["a", "b"], ["c"])
    assert error_of(logs.filter_log_events, **here, nextToken="none") == NO_TOKEN
    assert first["searchedLogStreams"] == []


def test_a_stream_that_is_not_there(logs: Any, stream: dict[str, str]) -> None:
    """Recorded from AWS: ResourceNotFoundException, which names what is missing."""
    other = {**stream, "logStreamName": "none"}
    refused = ("ResourceNotFoundException", "The specified log stream does not exist.")
    assert error_of(logs.get_log_events, **other) == refused
    assert error_of(logs.delete_log_stream, **other) == refused


def test_a_group_is_found_by_its_own_arn(logs: Any, stream: dict[str, str]) -> None:
    """Recorded from AWS: logGroupIdentifier is a name or an ARN."""
    group = stream["logGroupName"]
    logs.create_log_group(logGroupName=f"{group}-later")
    arn = f"arn:aws:logs:us-east-1:123456789012:log-group:{group}"
    for identifier in (group, arn):
        [shown] = logs.describe_log_streams(logGroupIdentifier=identifier)["logStreams"]
        assert shown["logStreamName"] == "one"
    missing = error_of(logs.describe_log_streams, logGroupIdentifier=f"{arn}-none")
    assert missing[0] == "ResourceNotFoundException"
