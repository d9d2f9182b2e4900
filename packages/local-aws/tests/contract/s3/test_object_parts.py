"""GetObject and HeadObject for one part of an object."""

from __future__ import annotations

from typing import Any

import pytest
from refusals import refusal_of

LEAST_PART = 5 * 2**20
"""S3 User Guide, "multipart upload limits": bytes of each part but the last."""


@pytest.fixture
def uploaded(s3: Any, bucket: str) -> dict[str, str]:
    """An object of the parts 1 and 3; part 2 was uploaded too, and not named at the end."""
    at = {"Bucket": bucket, "Key": "k"}
    upload = {**at, "UploadId": s3.create_multipart_upload(**at)["UploadId"]}
    bodies = {1: b"a" * LEAST_PART, 2: b"b" * 10, 3: b"cde"}
    tags = {
        number: s3.upload_part(**upload, PartNumber=number, Body=body)["ETag"]
        for number, body in bodies.items()
    }
    named = [{"PartNumber": number, "ETag": tags[number]} for number in (1, 3)]
    s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": named})
    return at


def test_a_part_is_answered_as_a_range(s3: Any, uploaded: dict[str, str]) -> None:
    """API_GetObject, API_HeadObject, partNumber: "a 'ranged' GET request for the part"."""
    whole = s3.head_object(**uploaded)
    assert (whole["ContentLength"], "PartsCount" in whole) == (LEAST_PART + 3, False)
    last = f"bytes {LEAST_PART}-{LEAST_PART + 2}/{LEAST_PART + 3}"
    for operation in (s3.get_object, s3.head_object):
        part = operation(**uploaded, PartNumber=3)
        assert part["ResponseMetadata"]["HTTPStatusCode"] == 206
        assert (part["ContentLength"], part["ContentRange"], part["PartsCount"]) == (3, last, 2)
        assert part["ETag"] == whole["ETag"]
    assert s3.get_object(**uploaded, PartNumber=3)["Body"].read() == b"cde"
    first = s3.get_object(**uploaded, PartNumber=1)
    assert first["Body"].read() == b"a" * LEAST_PART


@pytest.mark.parametrize("number", [2, 4, 10_000])
def test_a_part_is_one_that_the_completion_named(
    s3: Any, uploaded: dict[str, str], number: int
) -> None:
    """API_CompleteMultipartUpload; S3 API Reference, "Error responses": InvalidPartNumber."""
    asked = {**uploaded, "PartNumber": number}
    words = "The requested partnumber is not satisfiable"
    assert refusal_of(s3.get_object, **asked) == (416, "InvalidPartNumber", words)
    assert refusal_of(s3.head_object, **asked)[0] == 416


def test_an_object_put_as_a_whole_has_one_part(s3: Any, bucket: str) -> None:
    """API_HeadObject, partNumber, PartsCount: only of what was uploaded in parts."""
    at = {"Bucket": bucket, "Key": "k"}
    s3.put_object(**at, Body=b"12345")
    only = s3.get_object(**at, PartNumber=1)
    assert (only["Body"].read(), only["ContentRange"], "PartsCount" in only) == (
        b"12345",
        "bytes 0-4/5",
        False,
    )
    assert s3.head_object(**at, PartNumber=1)["ContentRange"] == "bytes 0-4/5"
    assert refusal_of(s3.get_object, **at, PartNumber=2)[:2] == (416, "InvalidPartNumber")


def test_a_part_of_a_version_is_of_that_version(s3: Any, uploaded: dict[str, str]) -> None:
    """API_GetObject, versionId and partNumber."""
    enabled = {"Status": "Enabled"}
    s3.put_bucket_versioning(Bucket=uploaded["Bucket"], VersioningConfiguration=enabled)
    newer = s3.put_object(**uploaded, Body=b"12")["VersionId"]
    assert s3.get_object(**uploaded, PartNumber=1)["Body"].read() == b"12"
    older = s3.get_object(**uploaded, VersionId="null", PartNumber=3)
    assert (older["Body"].read(), older["PartsCount"]) == (b"cde", 2)
    s3.delete_object(**uploaded)
    gone = (404, "NoSuchKey", "The specified key does not exist.")
    assert refusal_of(s3.get_object, **uploaded, PartNumber=1) == gone
    assert refusal_of(s3.head_object, **uploaded, PartNumber=1)[0] == 404
    kept = s3.list_object_versions(Bucket=uploaded["Bucket"])
    assert newer in [each["VersionId"] for each in kept["Versions"]]
    for each in kept["Versions"] + kept["DeleteMarkers"]:
        s3.delete_object(**uploaded, VersionId=each["VersionId"])


@pytest.mark.parametrize("number", [0, -1, 10_001])
def test_a_part_s_number_has_limits(s3: Any, uploaded: dict[str, str], number: int) -> None:
    """API_GetObject, partNumber: "a positive integer between 1 and 10,000"."""
    asked = {**uploaded, "PartNumber": number}
    words = "Part number must be an integer between 1 and 10000, inclusive"
    assert refusal_of(s3.get_object, **asked) == (400, "InvalidArgument", words)
    assert refusal_of(s3.head_object, **asked)[0] == 400


def test_a_part_and_a_range_exclude_each_other(s3: Any, uploaded: dict[str, str]) -> None:
    """S3 API Reference, "Error responses": InvalidRequest."""
    asked = {**uploaded, "PartNumber": 1, "Range": "bytes=1-2"}
    words = "Cannot specify both Range header and partNumber query parameter"
    assert refusal_of(s3.get_object, **asked) == (400, "InvalidRequest", words)
    assert refusal_of(s3.head_object, **asked)[0] == 400


def test_a_copy_of_an_upload_has_one_part(s3: Any, uploaded: dict[str, str]) -> None:
    """API_CopyObject: it creates the copy in one action; PartsCount is of uploads in parts."""
    copy = {**uploaded, "Key": "copy"}
    s3.copy_object(**copy, CopySource=uploaded)
    only = s3.head_object(**copy, PartNumber=1)
    assert (only["ContentLength"], "PartsCount" in only) == (LEAST_PART + 3, False)
    assert refusal_of(s3.get_object, **copy, PartNumber=3)[:2] == (416, "InvalidPartNumber")
