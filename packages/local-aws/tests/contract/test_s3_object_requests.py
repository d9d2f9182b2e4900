"""Requests about objects that name too little, or nothing that is there."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from typing import Any

import pytest
from refusals import refusal_of
from signed_requests import RawClient

NO_KEY = (404, "NoSuchKey", "The specified key does not exist.")


@pytest.fixture
def s3(aws: Any) -> Any:
    return aws("s3")


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


@pytest.mark.parametrize("expression", ["true", "SELECT", "SELECT * FROM"])
def test_an_expression_that_is_none_is_refused(s3: Any, bucket: str, expression: str) -> None:
    """API_SelectObjectContent: "the SQL expression"."""
    at = {"Bucket": bucket, "Key": "k"}
    s3.put_object(**at, Body=b'{"a": 1}')
    asked = {"Expression": expression, "ExpressionType": "SQL"}
    forms = {"InputSerialization": {"JSON": {"Type": "LINES"}}, "OutputSerialization": {"JSON": {}}}
    status, code, _ = refusal_of(s3.select_object_content, **at, **asked, **forms)
    assert (status, code) == (400, "ParseUnexpectedToken")


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


def test_a_bucket_s_tags_have_keys(raw: RawClient, bucket: str) -> None:
    """S3 API Reference, "Error responses": InvalidTag."""
    target = f"/{bucket}?tagging"
    body = b"<Tagging><TagSet><Tag><Key></Key><Value>a</Value></Tag></TagSet></Tagging>"
    status, answer = raw.send("PUT", target, raw.signed("s3", "PUT", target, body), body)
    assert (status, "InvalidTag" in answer) == (400, True), answer


def test_who_may_read_a_bucket_s_log_is_somebody(s3: Any, bucket: str) -> None:
    """API_PutBucketLogging, TargetGrants."""
    enabled = {"TargetBucket": bucket, "TargetPrefix": "p", "TargetGrants": [{}, {}]}
    refused = refusal_of(
        s3.put_bucket_logging, Bucket=bucket, BucketLoggingStatus={"LoggingEnabled": enabled}
    )
    assert refused[:2] == (400, "MalformedXML")


def test_a_selection_says_how_its_input_is_written(s3: Any, bucket: str) -> None:
    """API_SelectObjectContent, InputSerialization."""
    s3.put_object(Bucket=bucket, Key="k", Body=b"1")
    refused = refusal_of(
        s3.select_object_content,
        Bucket=bucket,
        Key="k",
        Expression="SELECT * FROM s3object",
        ExpressionType="SQL",
        InputSerialization={},
        OutputSerialization={},
    )
    assert refused[:2] == (400, "MissingRequiredParameter")


@pytest.mark.parametrize(
    ("compression", "body", "code"),
    [
        ("GZIP", b'{"a": 1}', "InvalidCompressionFormat"),
        ("BZIP2", b'{"a": 1}', "InvalidCompressionFormat"),
        ("GZIP", gzip.compress(b'{"a": 1}')[:-9], "InvalidCompressionFormat"),
        ("GZIP", gzip.compress(b'{"a": 1}')[:10] + b"\xff" * 20, "InvalidCompressionFormat"),
        ("NONE", b"\xff\xfe", "InvalidTextEncoding"),
    ],
)
def test_a_selection_is_of_what_its_request_says(
    s3: Any, bucket: str, compression: str, body: bytes, code: str
) -> None:
    """S3 API Reference, "List of SELECT Object Content Error Codes"."""
    s3.put_object(Bucket=bucket, Key="k", Body=body)
    refused = refusal_of(
        s3.select_object_content,
        Bucket=bucket,
        Key="k",
        Expression="SELECT * FROM s3object",
        ExpressionType="SQL",
        InputSerialization={"CompressionType": compression, "JSON": {"Type": "LINES"}},
        OutputSerialization={"JSON": {}},
    )
    assert refused[:2] == (400, code)


def test_a_copy_is_restored_until_a_day_that_there_is(s3: Any, bucket: str) -> None:
    """API_RestoreObject, Days."""
    at = {"Bucket": bucket, "Key": "k"}
    s3.put_object(**at, Body=b"1", StorageClass="GLACIER")
    refused = refusal_of(s3.restore_object, **at, RestoreRequest={"Days": 10**9})
    assert refused[:2] == (400, "InvalidArgument")


def test_whoever_is_notified_has_an_arn(s3: Any, bucket: str) -> None:
    """API_PutBucketNotificationConfiguration, API_LambdaFunctionConfiguration."""
    function = {"LambdaFunctionArn": "", "Events": ["s3:ObjectCreated:*"]}
    refused = refusal_of(
        s3.put_bucket_notification_configuration,
        Bucket=bucket,
        NotificationConfiguration={"LambdaFunctionConfigurations": [function]},
    )
    assert refused[:2] == (400, "InvalidArgument")


def test_a_rule_of_sharing_has_methods_and_origins(unchecked: Any, bucket: str) -> None:
    """API_CORSRule: AllowedMethods and AllowedOrigins are required; MalformedXML."""
    for rule in ({"AllowedMethods": [""], "AllowedOrigins": ["*"]}, {"AllowedOrigins": ["*"]}):
        refused = refusal_of(
            unchecked("s3").put_bucket_cors, Bucket=bucket, CORSConfiguration={"CORSRules": [rule]}
        )
        assert refused[:2] == (400, "MalformedXML")
