"""GetObject and HeadObject: ranges, and conditions on the object."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from refusals import refusal_of

CONTENT = b"0123456789"


@pytest.fixture
def at(s3: Any, bucket: str) -> dict[str, str]:
    s3.put_object(Bucket=bucket, Key="k", Body=CONTENT)
    return {"Bucket": bucket, "Key": "k"}


@pytest.mark.parametrize(
    "asked",
    ["0-8", "bytes", "bytes=a", "bytes=-1-", "bytes=0--1", "bytes=1-0", "bytes=0-1,3-4", "lines=1"],
)
def test_what_is_no_range_in_bytes_does_not_count(s3: Any, at: dict[str, str], asked: str) -> None:
    """Recorded from AWS: 200 and the whole object."""
    found = s3.get_object(**at, Range=asked)
    assert (found["Body"].read(), "ContentRange" in found) == (CONTENT, False)
    assert s3.head_object(**at, Range=asked)["ContentLength"] == len(CONTENT)


def test_a_range_beyond_the_object_names_its_size(s3: Any, at: dict[str, str]) -> None:
    """S3 API Reference, "Error responses": InvalidRange; recorded from AWS."""
    with pytest.raises(ClientError) as refused:
        s3.get_object(**at, Range="bytes=100-200")
    error = refused.value.response["Error"]
    assert (error["Code"], error["ActualObjectSize"]) == ("InvalidRange", "10")


def test_conditions_on_an_object_are_those_of_http(s3: Any, at: dict[str, str]) -> None:
    """API_GetObject, API_HeadObject: If-Match beside If-Unmodified-Since, and the like."""
    found = s3.head_object(**at)
    etag, modified = found["ETag"], found["LastModified"]
    before = modified - timedelta(days=1)
    failed = (412, "PreconditionFailed")
    for call in (s3.get_object, s3.head_object):
        call(**at, IfMatch=etag, IfUnmodifiedSince=before)
        call(**at, IfNoneMatch='"another"', IfModifiedSince=modified)
        call(**at, IfMatch="*")
        known = refusal_of(call, **at, IfNoneMatch=etag, IfModifiedSince=before)
        assert known[:2] == (304, "304")
        assert refusal_of(call, **at, IfModifiedSince=modified)[0] == 304
        assert refusal_of(call, **at, IfMatch='"another"')[0] == 412
    assert refusal_of(s3.get_object, **at, IfUnmodifiedSince=before)[:2] == failed
