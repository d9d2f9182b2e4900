"""Requests about objects that name too little, or nothing that is there."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from refusals import refusal_of
from signed_requests import RawClient

NO_KEY = (404, "NoSuchKey", "The specified key does not exist.")


@pytest.mark.parametrize("source", ["nonsense", "/", "bucket/", "?versionId=1"])
def test_a_copy_needs_the_bucket_and_key_of_its_source(s3: Any, bucket: str, source: str) -> None:
    """API_CopyObject, API_UploadPartCopy: x-amz-copy-source."""
    at = {"Bucket": bucket, "Key": "k", "CopySource": source}
    words = "Copy Source must mention the source bucket and key: sourcebucket/sourcekey"
    assert refusal_of(s3.copy_object, **at) == (400, "InvalidArgument", words)
    part = {**at, "PartNumber": 1, "UploadId": "none"}
    assert refusal_of(s3.upload_part_copy, **part) == (400, "InvalidArgument", words)


def test_what_is_not_there_has_no_tags_and_no_locks(s3: Any, unique_name: str) -> None:
    """API_DeleteObjectTagging, API_PutObjectRetention, API_PutObjectLegalHold: NoSuchKey."""
    s3.create_bucket(Bucket=unique_name, ObjectLockEnabledForBucket=True)
    at = {"Bucket": unique_name, "Key": "none"}
    until = {"Mode": "GOVERNANCE", "RetainUntilDate": datetime(2999, 1, 1, tzinfo=UTC)}
    assert refusal_of(s3.delete_object_tagging, **at) == NO_KEY
    assert refusal_of(s3.put_object_retention, **at, Retention=until) == NO_KEY
    assert refusal_of(s3.put_object_legal_hold, **at, LegalHold={"Status": "ON"}) == NO_KEY
    s3.delete_bucket(Bucket=unique_name)


def test_an_upload_that_is_not_there_cannot_be_completed(s3: Any, bucket: str) -> None:
    """API_CompleteMultipartUpload: NoSuchUpload."""
    parts = {"Parts": [{"ETag": '"1"', "PartNumber": 1}]}
    at = {"Bucket": bucket, "Key": "k", "UploadId": "none"}
    refused = refusal_of(s3.complete_multipart_upload, **at, MultipartUpload=parts)
    assert refused[:2] == (404, "NoSuchUpload")


def test_a_set_of_tags_may_be_empty(s3: Any, bucket: str) -> None:
    """Recorded: PutObjectTagging with an empty TagSet."""
    at = {"Bucket": bucket, "Key": "k"}
    s3.put_object(**at, Body=b"1", Tagging="a=b")
    s3.put_object_tagging(**at, Tagging={"TagSet": []})
    assert s3.get_object_tagging(**at)["TagSet"] == []


def test_a_form_must_name_its_key(raw: RawClient, bucket: str) -> None:
    """S3 API Reference, "POST Object": key."""
    target = f"/{bucket}"
    status, answer = raw.send("POST", target, raw.signed("s3", "POST", target, b"x"), b"x")
    assert (status, "Bucket POST must contain a field named" in answer) == (400, True), answer


def test_several_objects_are_deleted_by_one_document(s3: Any, bucket: str) -> None:
    """API_DeleteObjects: Quiet, and keys that are not there."""
    for key in ("a b.zip", "c"):
        s3.put_object(Bucket=bucket, Key=key, Body=b"1")
    keys = [{"Key": key} for key in ("a b.zip", "c", "none")]
    deleted = s3.delete_objects(Bucket=bucket, Delete={"Objects": keys, "Quiet": True})
    assert "Errors" not in deleted
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket)


def test_a_list_goes_on_only_where_one_ended(s3: Any, bucket: str) -> None:
    """API_ListObjectsV2, ContinuationToken."""
    keys = ["a", "b", "c"]
    for key in keys:
        s3.put_object(Bucket=bucket, Key=key)
    words = "The continuation token provided is incorrect"
    wrong = {"Bucket": bucket, "ContinuationToken": "none of ours"}
    assert refusal_of(s3.list_objects_v2, **wrong) == (400, "InvalidArgument", words)
    first = s3.list_objects_v2(Bucket=bucket, MaxKeys=2)
    rest = s3.list_objects_v2(Bucket=bucket, ContinuationToken=first["NextContinuationToken"])
    assert [each["Key"] for each in first["Contents"] + rest["Contents"]] == keys


def test_a_copy_is_restored_until_a_day_that_there_is(s3: Any, bucket: str) -> None:
    """API_RestoreObject, Days."""
    at = {"Bucket": bucket, "Key": "k"}
    s3.put_object(**at, Body=b"1", StorageClass="GLACIER")
    refused = refusal_of(s3.restore_object, **at, RestoreRequest={"Days": 10**9})
    assert refused[:2] == (400, "InvalidArgument")
