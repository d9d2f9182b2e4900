"""Uploads in parts: begun, listed and completed."""

from __future__ import annotations

import base64
import zlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from refusals import refusal_of

SMALL = b"1"
_CRC32_OF_SMALL = base64.b64encode(zlib.crc32(SMALL).to_bytes(4, "big")).decode()


@pytest.fixture
def upload(s3: Any, bucket: str) -> dict[str, str]:
    at = {"Bucket": bucket, "Key": "k"}
    return {**at, "UploadId": s3.create_multipart_upload(**at)["UploadId"]}


def parts(s3: Any, upload: dict[str, str], *numbers: int) -> list[dict[str, Any]]:
    return [
        {
            "PartNumber": number,
            "ETag": s3.upload_part(**upload, PartNumber=number, Body=SMALL)["ETag"],
        }
        for number in numbers
    ]


def test_parts_that_make_no_object_are_named(s3: Any, upload: dict[str, str]) -> None:
    """API_CompleteMultipartUpload: EntityTooSmall, InvalidPartOrder, InvalidPart."""
    two = parts(s3, upload, 1, 2)

    def error(given: list[dict[str, Any]]) -> dict[str, Any]:
        with pytest.raises(ClientError) as refused:
            s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": given})
        return dict(refused.value.response["Error"])

    small = error(two)
    assert (small["Code"], small["PartNumber"]) == ("EntityTooSmall", "1")
    assert (small["ProposedSize"], small["MinSizeAllowed"]) == ("1", "5242880")
    assert error(two[::-1])["Code"] == "InvalidPartOrder"
    wrong = error([{"PartNumber": 1, "ETag": '"none"'}])
    assert (wrong["Code"], wrong["PartNumber"]) == ("InvalidPart", "1")
    s3.abort_multipart_upload(**upload)


def test_an_upload_is_encrypted_as_its_bucket_says(s3: Any, bucket: str) -> None:
    """Recorded from AWS: ServerSideEncryption in each answer; no VersionId without versions."""
    at = {"Bucket": bucket, "Key": "k"}
    begun = s3.create_multipart_upload(**at)
    assert begun["ServerSideEncryption"] == "AES256"
    upload = {**at, "UploadId": begun["UploadId"]}
    s3.put_object(Bucket=bucket, Key="source", Body=SMALL)
    source = f"{bucket}/source"
    copied = s3.upload_part_copy(**upload, PartNumber=1, CopySource=source)
    assert copied["ServerSideEncryption"] == "AES256"
    part = {"PartNumber": 1, "ETag": copied["CopyPartResult"]["ETag"]}
    done = s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": [part]})
    assert (done["ServerSideEncryption"], "VersionId" in done) == ("AES256", False)


def test_an_upload_is_completed_over_a_known_object_only(s3: Any, upload: dict[str, str]) -> None:
    """S3 User Guide, "Conditional writes": If-Match; recorded from AWS."""
    at = {"Bucket": upload["Bucket"], "Key": upload["Key"]}
    complete = {**upload, "MultipartUpload": {"Parts": parts(s3, upload, 1)}}
    gone = refusal_of(s3.complete_multipart_upload, **complete, IfMatch='"none"')
    assert gone[:2] == (404, "NoSuchKey")
    etag = s3.put_object(**at, Body=b"2")["ETag"]
    failed = refusal_of(s3.complete_multipart_upload, **complete, IfMatch='"none"')
    assert failed[:2] == (412, "PreconditionFailed")
    s3.complete_multipart_upload(**complete, IfMatch=etag)
    assert s3.get_object(**at)["Body"].read() == SMALL


def test_a_completed_upload_has_the_checksum_that_it_was_begun_with(s3: Any, bucket: str) -> None:
    """API_CompleteMultipartUpload: ChecksumCRC32, ChecksumType; "-1" counts its parts."""
    at = {"Bucket": bucket, "Key": "k"}
    begun = s3.create_multipart_upload(**at, ChecksumAlgorithm="CRC32")
    upload = {**at, "UploadId": begun["UploadId"]}
    [part] = parts(s3, upload, 1)
    named = {"Parts": [{**part, "ChecksumCRC32": _CRC32_OF_SMALL}]}
    done = s3.complete_multipart_upload(**upload, MultipartUpload=named)
    assert (done["ChecksumType"], done["ChecksumCRC32"][-2:]) == ("COMPOSITE", "-1")
    shown = s3.head_object(**at, ChecksumMode="ENABLED")
    assert shown["ChecksumCRC32"] == done["ChecksumCRC32"]


def test_uploads_are_listed_page_by_page_with_their_beginning(s3: Any, bucket: str) -> None:
    """API_ListMultipartUploads; scripts abort those that began long ago."""
    begun = [
        s3.create_multipart_upload(Bucket=bucket, Key=key, StorageClass="STANDARD_IA")["UploadId"]
        for key in ("a/1", "b", "b", "c")
    ]
    pages = list(
        s3.get_paginator("list_multipart_uploads").paginate(
            Bucket=bucket, PaginationConfig={"PageSize": 1}
        )
    )
    found = [each for page in pages for each in page["Uploads"]]
    assert [each["UploadId"] for each in found] == begun
    assert {each["StorageClass"] for each in found} == {"STANDARD_IA"}
    assert datetime.now(UTC) - found[0]["Initiated"] < timedelta(minutes=5)
    grouped = s3.list_multipart_uploads(Bucket=bucket, Delimiter="/", MaxUploads=1)
    assert grouped["CommonPrefixes"] == [{"Prefix": "a/"}]
    assert (grouped["IsTruncated"], grouped["NextKeyMarker"]) == (True, "a/")
    for each in found:
        s3.abort_multipart_upload(Bucket=bucket, Key=each["Key"], UploadId=each["UploadId"])


def test_an_upload_is_of_its_object(s3: Any, bucket: str) -> None:
    """ "Error responses" in the S3 API Reference: NoSuchUpload."""
    s3.put_object(Bucket=bucket, Key="source", Body=b"x")
    upload = s3.create_multipart_upload(Bucket=bucket, Key="k")["UploadId"]
    part, parts = (
        {"PartNumber": 1},
        {"MultipartUpload": {"Parts": [{"PartNumber": 1, "ETag": "x"}]}},
    )
    calls: list[tuple[Any, dict[str, Any]]] = [
        (s3.upload_part, {**part, "Body": b"x"}),
        (s3.upload_part_copy, {**part, "CopySource": f"{bucket}/source"}),
        (s3.list_parts, {}),
        (s3.complete_multipart_upload, parts),
        (s3.abort_multipart_upload, {}),
    ]
    for call, arguments in calls:
        for named in ({"Key": "k", "UploadId": "none"}, {"Key": "other", "UploadId": upload}):
            refused = refusal_of(call, Bucket=bucket, **named, **arguments)
            assert refused[:2] == (404, "NoSuchUpload"), call
    s3.abort_multipart_upload(Bucket=bucket, Key="k", UploadId=upload)


def test_the_parts_have_the_size_that_the_completion_gives(s3: Any, bucket: str) -> None:
    """API_CompleteMultipartUpload: MpuObjectSize; the words are those of other emulators."""
    of_it = {"Bucket": bucket, "Key": "k"}
    of_it["UploadId"] = s3.create_multipart_upload(**of_it)["UploadId"]
    etag = s3.upload_part(**of_it, PartNumber=1, Body=b"123")["ETag"]
    parts = {"Parts": [{"PartNumber": 1, "ETag": etag}]}

    refused = refusal_of(
        s3.complete_multipart_upload, **of_it, MultipartUpload=parts, MpuObjectSize=5
    )
    assert refused == (
        400,
        "InvalidRequest",
        "The provided 'x-amz-mp-object-size' header value 5 does not match what was computed: 3",
    )
    s3.complete_multipart_upload(**of_it, MultipartUpload=parts, MpuObjectSize=3)
