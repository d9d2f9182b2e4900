"""EventBridge: which events, patterns, schedules and targets there are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from refusals import error_of

_PATTERN = json.dumps({"source": ["a"]})
_EVENT = {
    "id": "1",
    "account": "123456789012",
    "source": "aws.ec2",
    "time": "2026-01-01T00:00:00Z",
    "region": "us-east-1",
    "resources": [],
    "detail-type": "t",
    "detail": {"number": 2, "text": "hello", "address": "10.1.2.3"},
}


@pytest.fixture
def rule(events: Any, unique_name: str) -> Iterator[str]:
    events.put_rule(Name=unique_name, EventPattern=_PATTERN)
    yield unique_name
    events.delete_rule(Name=unique_name)


@pytest.mark.parametrize("detail", ['"text"', "[]", '{"a":', '"{}"'])
def test_an_events_detail_is_an_object(events: Any, detail: str) -> None:
    """Recorded from AWS: MalformedDetail."""
    entry = {"Source": "s", "DetailType": "t", "Detail": detail}
    answer = events.put_events(Entries=[entry])
    wrong = {"ErrorCode": "MalformedDetail", "ErrorMessage": "Detail is malformed."}
    assert (answer["FailedEntryCount"], answer["Entries"]) == (1, [wrong])


def test_the_events_of_a_request_have_a_size(events: Any) -> None:
    """Recorded from AWS; API_PutEvents: "the total entry size must be less than 1MB"."""
    detail = json.dumps({"a": "x" * 1024 * 1024})
    entry = {"Source": "s", "DetailType": "t", "Detail": detail}
    words = "Total size of the entries in the request is over the limit."
    assert error_of(events.put_events, Entries=[entry]) == ("ValidationException", words)


@pytest.mark.parametrize(
    "schedule",
    [
        *("rate(10 minute)", "rate(1 minutes)", "rate(0 minutes)", "rate(1 second)"),
        *("cron(0 1 * * * *)", "cron(0 1 *)", "cron(0 dummy ? * MON-FRI *)", "every day"),
    ],
)
def test_a_schedule_that_is_none_is_refused(events: Any, unique_name: str, schedule: str) -> None:
    """Recorded and reported of AWS: ValidationException."""
    refused = error_of(events.put_rule, Name=unique_name, ScheduleExpression=schedule)
    assert refused == ("ValidationException", "Parameter ScheduleExpression is not valid.")


@pytest.mark.parametrize(
    "schedule",
    [
        *("rate(1 minute)", "rate(10 minutes)", "rate(1 day)", "cron(0/15 * * * ? *)"),
        *("cron(0 18 ? * MON-FRI *)", "cron(0 9 ? * 2#1 *)", "cron(0 8 L * ? *)"),
        "cron(0/5, 9-18, ?, *, MON-FRI, *)",
    ],
)
def test_a_rule_has_a_schedule(events: Any, unique_name: str, schedule: str) -> None:
    """EventBridge User Guide, "Setting a schedule pattern"; commas as reported of AWS."""
    events.put_rule(Name=unique_name, ScheduleExpression=schedule)
    assert events.describe_rule(Name=unique_name)["ScheduleExpression"] == schedule
    events.delete_rule(Name=unique_name)


@pytest.mark.parametrize("call", ["describe_rule", "list_targets_by_rule"])
def test_a_rule_that_is_not_there_is_named_with_its_bus(events: Any, call: str) -> None:
    """Recorded from AWS: ResourceNotFoundException."""
    named = {"Name": "none"} if call == "describe_rule" else {"Rule": "none"}
    words = "Rule none does not exist on EventBus default."
    assert error_of(getattr(events, call), **named) == ("ResourceNotFoundException", words)


def test_a_rule_has_five_targets(events: Any, rule: str) -> None:
    """Amazon EventBridge quotas: "Targets per rule"; the same target again is none more."""
    arn = "arn:aws:sqs:us-east-1:123456789012:none"
    targets = [{"Id": str(number), "Arn": arn} for number in range(6)]
    events.put_targets(Rule=rule, Targets=targets[:5])
    events.put_targets(Rule=rule, Targets=targets[:1])
    code, _ = error_of(events.put_targets, Rule=rule, Targets=targets[5:])
    assert code == "LimitExceededException"
    events.remove_targets(Rule=rule, Ids=[each["Id"] for each in targets[:5]])


def test_a_pattern_with_an_unknown_operator_is_refused(events: Any, unique_name: str) -> None:
    """API_PutRule: InvalidEventPatternException."""
    pattern = json.dumps({"detail": {"a": [{"like": 1}]}})
    code, message = error_of(events.put_rule, Name=unique_name, EventPattern=pattern)
    assert code == "InvalidEventPatternException"
    assert "Unrecognized match type like" in message


@pytest.mark.parametrize(
    ("pattern", "matches"),
    [
        ({"source": ["aws.ec2"]}, True),
        ({"source": ["aws.s3"]}, False),
        ({"detail": {"number": [{"numeric": [">", 1, "<=", 3]}]}}, True),
        ({"detail": {"none": [{"exists": False}]}}, True),
        ({"detail": {"text": [{"suffix": "lo"}]}}, True),
        ({"detail": {"text": [{"anything-but": {"prefix": "he"}}]}}, False),
        ({"detail": {"text": [{"equals-ignore-case": "HELLO"}]}}, True),
        ({"detail": {"text": [{"wildcard": "h*o"}]}}, True),
        ({"detail": {"address": [{"cidr": "10.0.0.0/8"}]}}, True),
        ({"$or": [{"source": ["none"]}, {"detail": {"number": [2]}}]}, True),
    ],
)
def test_a_pattern_matches_events(events: Any, pattern: dict[str, Any], matches: bool) -> None:
    """EventBridge User Guide, "Comparison operators"; API_TestEventPattern."""
    answer = events.test_event_pattern(EventPattern=json.dumps(pattern), Event=json.dumps(_EVENT))
    assert answer["Result"] is matches


def test_what_is_no_event_matches_nothing(events: Any) -> None:
    """API_TestEventPattern, Event: the mandatory fields; AWS's words are not known."""
    code, _ = error_of(events.test_event_pattern, EventPattern=_PATTERN, Event="{}")
    assert code == "ValidationException"
