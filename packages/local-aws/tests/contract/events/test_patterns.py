"""Event patterns: which EventBridge takes, and which events they match."""

from __future__ import annotations

import json
from typing import Any

import pytest
from refusals import error_of


def asked(detail_pattern: Any, detail: Any) -> dict[str, str]:
    """A request about an event with this detail and the pattern for its detail."""
    event = {
        "id": "1",
        "account": "123456789012",
        "source": "own",
        "time": "2026-01-01T00:00:00Z",
        "region": "us-east-1",
        "resources": [],
        "detail-type": "t",
        "detail": detail,
    }
    return {"EventPattern": json.dumps({"detail": detail_pattern}), "Event": json.dumps(event)}


TEXT = "match pattern must be a string"
NO_VALUE = "Value of anything-but must be an array or single string/number value."
NO_CASE = "Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported."
REFUSED = [
    ([], "Empty arrays are not allowed"),
    ("x", '"a" must be an object or an array'),
    ([["x"]], "Match value must be String, number, true, false, or null"),
    ([{"EXISTS": True}], "Unrecognized match type EXISTS"),
    ([{"prefix": "x", "suffix": "y"}], "Only one key allowed in match expression"),
    ([{"prefix": None}], f"prefix {TEXT}"),
    ([{"prefix": ["x"]}], f"prefix {TEXT}"),
    ([{"suffix": 1}], f"suffix {TEXT}"),
    ([{"equals-ignore-case": ["x"]}], f"equals-ignore-case {TEXT}"),
    ([{"equals-ignore-case": {"prefix": "x"}}], f"equals-ignore-case {TEXT}"),
    ([{"wildcard": 1}], f"wildcard {TEXT}"),
    ([{"wildcard": "a:**:b"}], "Consecutive wildcard characters at pos 3"),
    ([{"wildcard": "a\\b"}], "Invalid escape character at pos 1"),
    ([{"cidr": ["x"]}], f"prefix {TEXT}"),
    ([{"cidr": "10.0.0.0"}], "Malformed CIDR, one '/' required"),
    ([{"cidr": "10.0.0.0/x"}], "Malformed CIDR, mask bits must be an integer"),
    ([{"cidr": "xx.11.xx/8"}], "Nonstandard IP address: xx.11.xx"),
    ([{"numeric": [">", 0, ">", 0]}], "Bad numeric range operator: >"),
    ([{"numeric": [">", 0, "<"]}], "Value of < must be numeric"),
    ([{"exists": "no"}], "exists match pattern must be either true or false."),
    ([{"anything-but": None}], NO_VALUE),
    ([{"anything-but": {"prefix": {"equals-ignore-case": "x"}}}], NO_VALUE),
    ([{"anything-but": {"prefix": [1, "x"]}}], f"prefix/suffix {TEXT}"),
    ([{"anything-but": {"suffix": 1}}], f"prefix/suffix {TEXT}"),
    ([{"anything-but": {"wildcard": [1]}}], f"wildcard {TEXT}"),
    ([{"anything-but": {"equals-ignore-case": 1}}], NO_CASE),
    ([{"anything-but": {"prefix": ""}}], "Null prefix/suffix not allowed"),
    ([{"anything-but": {"numeric": ["=", 1]}}], "Unsupported anything-but pattern: numeric"),
    (
        [{"anything-but": ["x", None]}],
        "Inside anything but list, start|null|boolean is not supported.",
    ),
]


@pytest.mark.parametrize(("conditions", "reason"), REFUSED)
def test_a_pattern_that_is_none(events: Any, conditions: Any, reason: str) -> None:
    """Recorded from AWS: InvalidEventPatternException with its reason."""
    refused = error_of(events.test_event_pattern, **asked({"a": conditions}, {"a": "x"}))
    words = f"Event pattern is not valid. Reason: {reason}"
    assert refused == ("InvalidEventPatternException", words)


MATCHED = [
    ({"a": [None]}, {"a": None}, True),
    ({"a": [None]}, {"a": []}, False),
    ({"a": [1]}, {"a": 1.0}, True),
    ({"a": [1]}, {"a": True}, False),
    ({"a": [{"exists": True}]}, {"a": []}, False),
    ({"a": [{"exists": True}]}, {"a": {"b": 1}}, False),
    ({"a": [{"exists": True}]}, {"a": None}, True),
    ({"a": {"b": [{"exists": False}]}}, {"c": 1}, True),
    ({"a": {"b": [{"exists": True}]}}, {"a": [{"c": 1}, {"b": 1}]}, True),
    ({"a": {"b": [{"exists": False}]}}, {"a": [{"c": 1}, {"b": 1}]}, False),
    ({"a": {"b": ["x"], "c": ["y"]}}, {"a": [{"b": "x"}, {"c": "y"}]}, False),
    ({"a": {"b": ["x"], "c": ["y"]}}, {"a": [{"b": "x", "c": "y"}]}, True),
    ({"a.b": ["x"]}, {"a": {"b": "x"}}, True),
    ({"a": {"b": ["x"]}}, {"a.b": "x"}, True),
    ({"a": [{"exists": True}, {"prefix": "y"}]}, {"a": "x"}, True),
    ({"a": [{"anything-but": {"prefix": ["x", "y"]}}]}, {"a": "yz"}, False),
    ({"a": [{"anything-but": {"prefix": "x"}}]}, {"a": 12}, True),
    ({"a": [{"anything-but": ["x"]}]}, {"a": None}, True),
    ({"a": [{"anything-but": "x"}]}, {}, False),
    ({"a": [{"anything-but": 0}]}, {"a": 0}, False),
    ({"a": [{"anything-but": {"equals-ignore-case": ["X"]}}]}, {"a": "x"}, False),
    ({"a": [{"anything-but": {"wildcard": ["*/b/*", "c"]}}]}, {"a": "a/d/e"}, True),
    ({"a": [{"wildcard": "a\\*b*"}]}, {"a": "a*bc"}, True),
    ({"a": [{"wildcard": "a\\*b*"}]}, {"a": "axbc"}, False),
    ({"a": [{"wildcard": "a?"}]}, {"a": "ab"}, False),
    ({"a": [{"suffix": {"equals-ignore-case": ".PNG"}}]}, {"a": "x.png"}, True),
    ({"a": [{"cidr": "2001:db8::/64"}]}, {"a": "2001:db8::1"}, True),
    ({"a": [{"numeric": ["=", 5]}]}, {"a": "5"}, False),
    ({"a": [{"numeric": ["=", 5]}]}, {"a": 5.0}, True),
    ({"$or": [{"a": ["x"]}, {"b": {"c": ["y"]}}]}, {"b": {"c": "y"}}, True),
]


@pytest.mark.parametrize(("pattern", "detail", "matches"), MATCHED)
def test_an_event_and_a_pattern(events: Any, pattern: Any, detail: Any, matches: bool) -> None:
    """Recorded from AWS, most of it; EventBridge User Guide, "Comparison operators"."""
    assert events.test_event_pattern(**asked(pattern, detail))["Result"] is matches
