"""CopyObject and UploadPartCopy."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from refusals import refusal_of

CONTENT = b"0123456789"
FORM = (
    "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last "
    "are the zero-based offsets of the first and last bytes to copy"
)


@pytest.fixture
def copy(s3: Any, bucket: str) -> dict[str, str]:
    """A request to copy an object."""
    s3.put_object(Bucket=bucket, Key="source", Body=CONTENT)
    return {"Bucket": bucket, "Key": "copy", "CopySource": f"{bucket}/source"}


def test_a_copy_has_conditions_on_its_source(s3: Any, copy: dict[str, str]) -> None:
    """API_CopyObject; recorded from AWS: PreconditionFailed with the header of the condition."""
    found = s3.head_object(Bucket=copy["Bucket"], Key="source")
    etag, modified = found["ETag"], found["LastModified"]
    before, later = modified - timedelta(days=1), modified + timedelta(days=1)
    for condition, header in (
        ({"CopySourceIfMatch": '"no"'}, "If-Match"),
        ({"CopySourceIfUnmodifiedSince": before}, "If-Unmodified-Since"),
        ({"CopySourceIfNoneMatch": etag.strip('"')}, "If-None-Match"),
        ({"CopySourceIfModifiedSince": modified}, "If-Modified-Since"),
    ):
        with pytest.raises(ClientError) as refused:
            s3.copy_object(**copy, **condition)
        error = refused.value.response["Error"]
        expected = ("PreconditionFailed", f"x-amz-copy-source-{header}")
        assert (error["Code"], error["Condition"]) == expected
    s3.copy_object(**copy, CopySourceIfModifiedSince=later)
    s3.copy_object(**copy, CopySourceIfMatch=etag, CopySourceIfUnmodifiedSince=before)


def test_a_copy_onto_itself_changes_something(s3: Any, copy: dict[str, str]) -> None:
    """API_CopyObject; S3 API Reference, "Error responses": InvalidRequest."""
    itself = {**copy, "Key": "source"}
    refused = refusal_of(s3.copy_object, **itself)
    assert refused[:2] == (400, "InvalidRequest")
    assert "copy an object to itself" in refused[2]
    s3.copy_object(**itself, MetadataDirective="REPLACE", Metadata={"a": "1"})
    s3.copy_object(**itself, StorageClass="STANDARD_IA")
    bucket = copy["Bucket"]
    assert s3.head_object(Bucket=bucket, Key="source")["StorageClass"] == "STANDARD_IA"


def test_the_current_version_is_copied_onto_itself_where_it_is_named(
    s3: Any, copy: dict[str, str]
) -> None:
    """S3 User Guide, "Restoring previous versions": the copy of a version, by its id, is new."""
    at = {"Bucket": copy["Bucket"], "Key": "source"}
    versions = {"Status": "Enabled"}
    s3.put_bucket_versioning(Bucket=at["Bucket"], VersioningConfiguration=versions)
    version = s3.put_object(**at, Body=CONTENT)["VersionId"]
    assert refusal_of(s3.copy_object, **at, CopySource=at)[:2] == (400, "InvalidRequest")
    copied = s3.copy_object(**at, CopySource={**at, "VersionId": version})
    assert copied["VersionId"] not in (version, "null")
    assert s3.head_object(**at)["VersionId"] == copied["VersionId"]
    for each in s3.list_object_versions(Bucket=at["Bucket"])["Versions"]:
        s3.delete_object(**at, VersionId=each["VersionId"])


def test_an_older_version_is_restored_by_a_copy(s3: Any, copy: dict[str, str]) -> None:
    """S3 User Guide, "Restoring previous versions": the copy is the current version then."""
    bucket = copy["Bucket"]
    enabled = {"Status": "Enabled"}
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration=enabled)
    s3.put_object(Bucket=bucket, Key="source", Body=b"newer")
    older = {**copy, "Key": "source", "CopySource": f"{bucket}/source?versionId=null"}
    s3.copy_object(**older)
    assert s3.get_object(Bucket=bucket, Key="source")["Body"].read() == CONTENT
    marker = s3.delete_object(Bucket=bucket, Key="source")["VersionId"]
    assert refusal_of(s3.copy_object, **copy)[:2] == (404, "NoSuchKey")
    marked = {**copy, "CopySource": f"{bucket}/source?versionId={marker}"}
    assert refusal_of(s3.copy_object, **marked)[:2] == (400, "InvalidRequest")
    found = s3.list_object_versions(Bucket=bucket)
    for each in found["Versions"] + found["DeleteMarkers"]:
        s3.delete_object(Bucket=bucket, Key=each["Key"], VersionId=each["VersionId"])


def test_a_part_is_a_range_that_the_source_has(s3: Any, copy: dict[str, str]) -> None:
    """API_UploadPartCopy, x-amz-copy-source-range; recorded from AWS."""
    at = {"Bucket": copy["Bucket"], "Key": copy["Key"]}
    part = {**copy, "UploadId": s3.create_multipart_upload(**at)["UploadId"], "PartNumber": 1}
    for wrong in ("0-8", "bytes=1-0", "bytes=0--1", "bytes=0-1,3-4", "bytes=1-", "bytes=-2"):
        refused = refusal_of(s3.upload_part_copy, **part, CopySourceRange=wrong)
        assert refused == (400, "InvalidArgument", FORM)
    over = refusal_of(s3.upload_part_copy, **part, CopySourceRange="bytes=0-100")
    assert over[1:] == (
        "InvalidArgument",
        "Range specified is not valid for source object of size: 10",
    )
    beyond = refusal_of(s3.upload_part_copy, **part, CopySourceRange="bytes=100-200")
    assert beyond[1:] == (
        "InvalidRequest",
        "The specified copy range is invalid for the source object size",
    )
    gone = {**part, "CopySource": f"{copy['Bucket']}/none"}
    assert refusal_of(s3.upload_part_copy, **gone)[:2] == (404, "NoSuchKey")
    copied = s3.upload_part_copy(**part, CopySourceRange="bytes=0-8")
    assert not [name for name in copied["CopyPartResult"] if name.startswith("Checksum")]
    assert s3.list_parts(**at, UploadId=part["UploadId"])["Parts"][0]["Size"] == 9
    s3.abort_multipart_upload(**at, UploadId=part["UploadId"])


@pytest.mark.parametrize("algorithm", ["CRC32", "SHA256"])
def test_a_copied_part_has_the_checksum_of_its_upload(
    s3: Any, copy: dict[str, str], algorithm: str
) -> None:
    """API_CopyPartResult; S3 User Guide, "Checking object integrity for data uploads"."""
    at = {"Bucket": copy["Bucket"], "Key": copy["Key"]}
    upload = s3.create_multipart_upload(**at, ChecksumAlgorithm=algorithm)["UploadId"]
    copied = s3.upload_part_copy(**copy, UploadId=upload, PartNumber=1)["CopyPartResult"]
    name = f"Checksum{algorithm}"
    sent = s3.upload_part(
        **at, UploadId=upload, PartNumber=2, Body=CONTENT, ChecksumAlgorithm=algorithm
    )
    assert copied[name] == sent[name]
    part = {"PartNumber": 1, "ETag": copied["ETag"], name: copied[name]}
    s3.complete_multipart_upload(**at, UploadId=upload, MultipartUpload={"Parts": [part]})
    assert s3.head_object(**at, ChecksumMode="ENABLED")[name].endswith("-1")


def test_a_copy_replaces_only_what_its_conditions_name(
    s3: Any, bucket: str, copy: dict[str, str]
) -> None:
    """API_CopyObject: IfMatch and IfNoneMatch are about the destination."""
    first = s3.copy_object(**copy, IfNoneMatch="*")["CopyObjectResult"]["ETag"]

    failed = (412, "PreconditionFailed")
    assert refusal_of(s3.copy_object, **copy, IfNoneMatch="*")[:2] == failed
    assert refusal_of(s3.copy_object, **copy, IfMatch='"0123"')[:2] == failed
    assert refusal_of(s3.copy_object, **copy, IfNoneMatch=first)[0] == 501
    s3.copy_object(**copy, IfMatch=first, MetadataDirective="REPLACE", Metadata={"a": "b"})
    assert s3.head_object(Bucket=bucket, Key=copy["Key"])["Metadata"] == {"a": "b"}
