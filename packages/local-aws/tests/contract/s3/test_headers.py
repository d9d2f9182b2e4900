"""Headers, names and numbers in S3's requests that it refuses before it looks for an object."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import pytest
from botocore.exceptions import ClientError
from refusals import refusal_of

NOT_IMPLEMENTED = "A header you provided implies functionality that is not implemented"
ETAG = '"098f6bcd4621d373cade4e832627b4f6"'


@pytest.fixture
def s3(unchecked: Any) -> Any:
    """botocore looks at some names itself."""
    return unchecked("s3")


@pytest.mark.parametrize(
    ("conditions", "header"),
    [
        ({"IfMatch": "*"}, "If-Match"),
        ({"IfNoneMatch": ETAG}, "If-None-Match"),
        ({"IfMatch": ETAG, "IfNoneMatch": "*"}, "If-Match,If-None-Match"),
    ],
)
def test_a_write_has_one_condition(
    s3: Any, bucket: str, conditions: dict[str, str], header: str
) -> None:
    """Recorded from AWS: NotImplemented, with the header."""
    with pytest.raises(ClientError) as refused:
        s3.put_object(Bucket=bucket, Key="k", Body=b"test", **conditions)
    error = refused.value.response["Error"]
    assert (error["Code"], error["Header"]) == ("NotImplemented", header)
    assert error["Message"] == NOT_IMPLEMENTED
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket)


@pytest.mark.parametrize("given", ["a=1&a=2", "a=1,b=2"])
def test_tags_in_a_header_are_a_query_without_duplicates(s3: Any, bucket: str, given: str) -> None:
    """Recorded from AWS: InvalidArgument of x-amz-tagging."""
    with pytest.raises(ClientError) as refused:
        s3.put_object(Bucket=bucket, Key="k", Tagging=given)
    error = refused.value.response["Error"]
    assert (error["Code"], error["ArgumentName"], error["ArgumentValue"]) == (
        "InvalidArgument",
        "x-amz-tagging",
        given,
    )


def test_a_body_is_that_of_its_digest(s3: Any, bucket: str) -> None:
    """S3 API Reference, "Error responses": InvalidDigest, BadDigest."""
    at = {"Bucket": bucket, "Key": "k", "Body": b"1"}
    others = base64.b64encode(hashlib.md5(b"2", usedforsecurity=False).digest()).decode()
    own = base64.b64encode(hashlib.md5(b"1", usedforsecurity=False).digest()).decode()
    assert refusal_of(s3.put_object, **at, ContentMD5="none") == (
        400,
        "InvalidDigest",
        "The Content-MD5 you specified was invalid.",
    )
    assert refusal_of(s3.put_object, **at, ContentMD5="\u00fc")[:2] == (400, "InvalidDigest")
    assert refusal_of(s3.put_object, **at, ContentMD5=others) == (
        400,
        "BadDigest",
        "The Content-MD5 you specified did not match what we received.",
    )
    s3.put_object(**at, ContentMD5=own)


def test_keys_and_metadata_have_a_largest_size(s3: Any, bucket: str) -> None:
    """S3 User Guide: 1,024 bytes of a key, 2 KB of metadata; KeyTooLongError, MetadataTooLarge."""
    s3.put_object(Bucket=bucket, Key="ü" * 512, Metadata={"a": "x" * 2047})
    refused = refusal_of(s3.put_object, Bucket=bucket, Key="ü" * 512 + "k")
    assert refused == (400, "KeyTooLongError", "Your key is too long")
    refused = refusal_of(s3.put_object, Bucket=bucket, Key="k", Metadata={"a": "x" * 2048})
    words = "Your metadata headers exceed the maximum allowed metadata size"
    assert refused == (400, "MetadataTooLarge", words)


@pytest.mark.parametrize("number", [0, 10_001])
def test_a_part_has_a_number(s3: Any, bucket: str, number: int) -> None:
    """API_UploadPart, partNumber: 1 to 10,000."""
    words = "Part number must be an integer between 1 and 10000, inclusive"
    at = {"Bucket": bucket, "Key": "k", "UploadId": "none", "PartNumber": number}
    assert refusal_of(s3.upload_part, **at, Body=b"") == (400, "InvalidArgument", words)


@pytest.mark.parametrize("ownership", ["Random", ""])
def test_a_bucket_is_created_only_with_a_known_ownership(
    s3: Any, unique_name: str, ownership: str
) -> None:
    """Recorded from AWS: InvalidArgument, and no bucket."""
    refused = refusal_of(s3.create_bucket, Bucket=unique_name, ObjectOwnership=ownership)
    words = f"Invalid x-amz-object-ownership header: {ownership}"
    assert refused == (400, "InvalidArgument", words)
    assert refusal_of(s3.head_bucket, Bucket=unique_name)[0] == 404


@pytest.mark.parametrize(
    "name", ["Upper", "under_score", "a..b", "192.168.5.4", "xn--a", "a-s3alias", "-ab", "ab-"]
)
def test_a_bucket_s_name_keeps_to_the_rules(s3: Any, name: str) -> None:
    """S3 User Guide, "General purpose bucket naming rules"."""
    refused = refusal_of(s3.create_bucket, Bucket=name)
    assert refused == (400, "InvalidBucketName", "The specified bucket is not valid.")


def test_an_object_redirects_to_a_path_or_a_url(s3: Any, bucket: str) -> None:
    """ "Error responses" in the S3 API Reference: InvalidRedirectLocation."""
    refused = refusal_of(
        s3.put_object, Bucket=bucket, Key="k", Body=b"", WebsiteRedirectLocation="elsewhere"
    )
    assert refused == (
        400,
        "InvalidRedirectLocation",
        "The website redirect location must have a prefix of 'http://' or 'https://' or '/'.",
    )
    s3.put_object(Bucket=bucket, Key="k", Body=b"", WebsiteRedirectLocation="/elsewhere")
