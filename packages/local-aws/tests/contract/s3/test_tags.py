"""Tags of buckets and of objects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from refusals import refusal_of

Put = Callable[..., Any]


@pytest.fixture
def s3(unchecked: Any) -> Any:
    return unchecked("s3")


@pytest.fixture(params=["bucket", "object"])
def put(request: pytest.FixtureRequest, s3: Any, bucket: str) -> Put:
    """Puts tags on a bucket, or on an object in it."""
    s3.put_object(Bucket=bucket, Key="k")

    def tag(*tags: tuple[str, str]) -> Any:
        tagging = {"TagSet": [{"Key": key, "Value": value} for key, value in tags]}
        if request.param == "bucket":
            return s3.put_bucket_tagging(Bucket=bucket, Tagging=tagging)
        return s3.put_object_tagging(Bucket=bucket, Key="k", Tagging=tagging)

    return tag


@pytest.mark.parametrize(
    ("tags", "words", "named"),
    [
        (
            [("a", "1"), ("a", "2")],
            "Cannot provide multiple Tags with the same key",
            {"TagKey": "a"},
        ),
        ([("a,b", "1")], "The TagKey you have provided is invalid", {"TagKey": "a,b"}),
        ([("", "1")], "The TagKey you have provided is invalid", {}),
        ([("k" * 129, "1")], "The TagKey you have provided is invalid", {}),
        (
            [("a", "1,2")],
            "The TagValue you have provided is invalid",
            {"TagKey": "a", "TagValue": "1,2"},
        ),
        ([("aws:a", "1")], "", {"TagKey": "aws:a"}),
    ],
)
def test_a_tag_that_cannot_be_is_named(
    put: Put, tags: list[tuple[str, str]], words: str, named: dict[str, str]
) -> None:
    """Recorded from AWS: InvalidTag with TagKey and TagValue."""
    with pytest.raises(ClientError) as refused:
        put(*tags)
    error = refused.value.response["Error"]
    assert error["Code"] == "InvalidTag"
    assert error["Message"] == words or not words
    assert named.items() <= error.items()


def test_aws_s_own_tags_are_refused_in_two_ways(s3: Any, bucket: str) -> None:
    """Recorded from AWS."""
    s3.put_object(Bucket=bucket, Key="k")
    tagging = {"TagSet": [{"Key": "aws:a", "Value": "1"}]}
    of_bucket = refusal_of(s3.put_bucket_tagging, Bucket=bucket, Tagging=tagging)
    assert of_bucket[2] == "System tags cannot be added/updated by requester"
    of_object = refusal_of(s3.put_object_tagging, Bucket=bucket, Key="k", Tagging=tagging)
    assert of_object[2] == "Your TagKey cannot be prefixed with aws:"


def test_letters_of_every_language_and_empty_values_are_taken(
    put: Put, s3: Any, bucket: str
) -> None:
    """S3 User Guide, "Categorizing objects using tags": letters, spaces, + - = . _ : / @"""
    put(("awsome", ""), ("größe", "+ - = . _ : / @"))
    tags = s3.get_object_tagging(Bucket=bucket, Key="k")["TagSet"]
    if not tags:
        tags = s3.get_bucket_tagging(Bucket=bucket)["TagSet"]
    assert tags == [
        {"Key": "awsome", "Value": ""},
        {"Key": "größe", "Value": "+ - = . _ : / @"},
    ]


def test_how_many_tags_there_are_at_most(s3: Any, bucket: str) -> None:
    """S3 User Guide: 10 of an object, 50 of a bucket; BadRequest."""
    many = {"TagSet": [{"Key": str(number), "Value": ""} for number in range(51)]}
    some = {"TagSet": many["TagSet"][:11]}
    s3.put_object(Bucket=bucket, Key="k")
    refused = refusal_of(s3.put_object_tagging, Bucket=bucket, Key="k", Tagging=some)
    assert refused == (400, "BadRequest", "Object tags cannot be greater than 10")
    s3.put_bucket_tagging(Bucket=bucket, Tagging=some)
    assert refusal_of(s3.put_bucket_tagging, Bucket=bucket, Tagging=many)[1] == "BadRequest"


def test_an_object_s_tags_are_in_the_order_of_their_keys(s3: Any, bucket: str) -> None:
    """Recorded from AWS."""
    s3.put_object(Bucket=bucket, Key="k", Tagging="b=2&a")
    assert s3.get_object_tagging(Bucket=bucket, Key="k")["TagSet"] == [
        {"Key": "a", "Value": ""},
        {"Key": "b", "Value": "2"},
    ]
