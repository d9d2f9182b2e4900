"""Lifecycle rules: those that a bucket cannot have, and how the others are shown.

The words are those that users reported and other emulators have of the real S3.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from refusals import refusal_of

_ONE_DAY = {"Expiration": {"Days": 1}}
_MORNING, _MIDNIGHT = datetime(2030, 1, 1, 5, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)


def rule(**settings: Any) -> dict[str, Any]:
    return {"ID": "a", "Filter": {"Prefix": ""}, "Status": "Enabled", **settings}


def to(storage_class: str, days: int) -> dict[str, Any]:
    return {"Transitions": [{"Days": days, "StorageClass": storage_class}]}


@pytest.mark.parametrize(
    ("rules", "code", "words"),
    [
        ([rule()], "InvalidRequest", "At least one action needs to be specified in a rule"),
        (
            [rule(**_ONE_DAY), rule(Filter={"Prefix": "x"}, **_ONE_DAY)],
            "InvalidArgument",
            "Rule ID must be unique. Found same ID for more than one rule",
        ),
        (
            [rule(ID="a" * 256, **_ONE_DAY)],
            "InvalidArgument",
            "ID length should not exceed allowed limit of 255",
        ),
        (
            [rule(Expiration={"Days": 0})],
            "InvalidArgument",
            "'Days' for Expiration action must be a positive integer",
        ),
        (
            [rule(AbortIncompleteMultipartUpload={"DaysAfterInitiation": 0})],
            "InvalidArgument",
            (
                "'DaysAfterInitiation' for AbortIncompleteMultipartUpload action must be a "
                "positive integer"
            ),
        ),
        (
            [rule(Expiration={"Date": _MORNING})],
            "InvalidArgument",
            "'Date' must be at midnight GMT",
        ),
        (
            [rule(Expiration={"Date": _MIDNIGHT, "Days": 1})],
            "MalformedXML",
            (
                "The XML you provided was not well-formed or did not validate against our "
                "published schema"
            ),
        ),
        (
            [rule(**to("STANDARD_IA", 29))],
            "InvalidArgument",
            (
                "'Days' in Transition action must be greater than or equal to 30 for storageClass "
                "'STANDARD_IA'"
            ),
        ),
        (
            [rule(**to("GLACIER", 60), Expiration={"Days": 60})],
            "InvalidArgument",
            (
                "'Days' in the Expiration action for filter '(prefix=)' must be greater than "
                "'Days' in the Transition action"
            ),
        ),
        (
            [
                rule(
                    Filter={"Tag": {"Key": "a", "Value": "b"}},
                    AbortIncompleteMultipartUpload={"DaysAfterInitiation": 1},
                )
            ],
            "InvalidRequest",
            "AbortIncompleteMultipartUpload cannot be specified with Tags.",
        ),
    ],
    ids=[
        "no action",
        "one id",
        "long id",
        "no day",
        "abort at once",
        "morning",
        "date and days",
        "too early",
        "expires first",
        "abort by tag",
    ],
)
def test_a_rule_that_cannot_be(
    s3: Any, bucket: str, rules: list[dict[str, Any]], code: str, words: str
) -> None:
    """API_LifecycleRule, API_LifecycleExpiration, API_Transition; "Lifecycle configuration
    elements" in the S3 User Guide."""
    refused = refusal_of(
        s3.put_bucket_lifecycle_configuration,
        Bucket=bucket,
        LifecycleConfiguration={"Rules": rules},
    )
    assert refused == (400, code, words)


def test_rules_that_can_be(s3: Any, bucket: str) -> None:
    """The same."""
    rules = [
        rule(**to("STANDARD_IA", 30), Expiration={"Days": 31}),
        rule(ID="b", Expiration={"Date": _MIDNIGHT}, Filter={"Prefix": "b"}),
        rule(ID="c", Filter={"Prefix": "c"}, **to("GLACIER", 0)),
        rule(
            ID="d",
            Filter={"Prefix": "d"},
            AbortIncompleteMultipartUpload={"DaysAfterInitiation": 1},
        ),
    ]
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": rules})
    found = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    assert [each["ID"] for each in found] == ["a", "b", "c", "d"]


def test_a_rule_is_shown_as_it_was_put(s3: Any, bucket: str) -> None:
    """API_GetBucketLifecycleConfiguration; API_LifecycleRuleFilter, API_LifecycleRuleAndOperator,
    API_NoncurrentVersionExpiration."""
    sizes = {"ObjectSizeGreaterThan": 100, "ObjectSizeLessThan": 200}
    tags = [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": ""}]
    noncurrent = {"NoncurrentDays": 9, "NewerNoncurrentVersions": 2}
    rules = [
        rule(Filter={"ObjectSizeGreaterThan": 100}, **_ONE_DAY),
        rule(ID="b", Filter={"And": {"Prefix": "", **sizes, "Tags": tags}}, **_ONE_DAY),
        rule(ID="c", Filter={"Prefix": "c"}, NoncurrentVersionExpiration=noncurrent),
        rule(ID="d", Filter={"And": {"Prefix": "d", "Tags": tags[:1]}}, **to("GLACIER", 0)),
        rule(ID="e", Filter={}, Expiration={"ExpiredObjectDeleteMarker": False}),
        {"ID": "f", "Prefix": "f", "Status": "Disabled", **_ONE_DAY},
        rule(ID="g", Filter={"Tag": tags[1]}, Expiration={"Date": _MIDNIGHT}),
    ]
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": rules})
    assert s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"] == rules


def test_a_rule_without_an_id_gets_one(s3: Any, bucket: str) -> None:
    """API_LifecycleRule: ID is a "unique identifier for the rule", required of no request."""
    rules = [{"Filter": {"Prefix": each}, "Status": "Enabled", **_ONE_DAY} for each in ("x", "y")]
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": rules})
    found = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    assert len({each["ID"] for each in found if each["ID"]}) == 2
    assert s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"] == found


def test_a_filter_has_one_condition(s3: Any, bucket: str) -> None:
    """API_LifecycleRuleFilter: "exactly one of"."""
    several = {"Prefix": "a", "ObjectSizeGreaterThan": 1}
    configuration = {"Rules": [rule(Filter=several, **_ONE_DAY)]}
    refused = refusal_of(
        s3.put_bucket_lifecycle_configuration, Bucket=bucket, LifecycleConfiguration=configuration
    )
    assert refused[:2] == (400, "MalformedXML")
