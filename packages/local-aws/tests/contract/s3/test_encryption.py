"""With which key objects are encrypted, and which checksums they have."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import pytest
from refusals import refusal_of


def encrypt(s3: Any, bucket: str, *, is_bucket_key: bool, **default: str) -> None:
    rule = {
        "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", **default},
        "BucketKeyEnabled": is_bucket_key,
    }
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [rule]})


def test_an_object_without_a_key_has_aws_s_own(s3: Any, aws: Any, bucket: str) -> None:
    """Recorded from AWS: SSEKMSKeyId, an ARN, and the description of the key."""
    encrypt(s3, bucket, is_bucket_key=True)
    put = s3.put_object(Bucket=bucket, Key="k", Body=b"1")
    assert (put["ServerSideEncryption"], put["BucketKeyEnabled"]) == ("aws:kms", True)
    key = aws("kms").describe_key(KeyId=put["SSEKMSKeyId"])["KeyMetadata"]
    assert (key["Arn"], key["KeyManager"]) == (put["SSEKMSKeyId"], "AWS")
    assert key["Description"].startswith("Default key that protects my S3 objects")
    for call in (s3.get_object, s3.head_object):
        assert call(Bucket=bucket, Key="k")["SSEKMSKeyId"] == key["Arn"]


@pytest.mark.parametrize("name", ["KeyId", "Arn", "alias"])
def test_a_key_is_shown_by_its_arn(
    s3: Any, aws: Any, bucket: str, unique_name: str, name: str
) -> None:
    """Recorded from AWS; without a bucket key, BucketKeyEnabled is not shown."""
    kms = aws("kms")
    key = kms.create_key()["KeyMetadata"]
    alias = f"alias/{unique_name}"
    kms.create_alias(AliasName=alias, TargetKeyId=key["KeyId"])
    named = {**key, "alias": alias}[name]
    encrypt(s3, bucket, is_bucket_key=False, KMSMasterKeyID=named)
    put = s3.put_object(Bucket=bucket, Key="k", Body=b"1")
    assert (put["SSEKMSKeyId"], "BucketKeyEnabled" in put) == (key["Arn"], False)


def test_a_checksum_is_that_of_what_came(s3: Any, bucket: str) -> None:
    """S3 User Guide, "Checking object integrity"; reported of AWS: BadDigest, InvalidRequest."""
    at = {"Bucket": bucket, "Key": "k", "Body": b"1"}
    own, others = (
        base64.b64encode(hashlib.sha256(body).digest()).decode() for body in (b"1", b"2")
    )
    put = s3.put_object(**at, ChecksumSHA256=own)
    assert (put["ChecksumSHA256"], put["ChecksumType"]) == (own, "FULL_OBJECT")
    found = s3.head_object(Bucket=bucket, Key="k", ChecksumMode="ENABLED")
    assert (found["ChecksumSHA256"], found["ChecksumType"]) == (own, "FULL_OBJECT")
    assert refusal_of(s3.put_object, **at, ChecksumSHA256=others) == (
        400,
        "BadDigest",
        "The SHA256 you specified did not match the calculated checksum.",
    )
    assert refusal_of(s3.put_object, **at, ChecksumSHA256="none") == (
        400,
        "InvalidRequest",
        "Value for x-amz-checksum-sha256 header is invalid.",
    )


def test_an_object_is_put_over_a_known_one_only(s3: Any, bucket: str) -> None:
    """S3 User Guide, "Conditional writes"; recorded from AWS."""
    at = {"Bucket": bucket, "Key": "k", "Body": b"1"}
    assert refusal_of(s3.put_object, **at, IfMatch='"none"')[:2] == (404, "NoSuchKey")
    etag = s3.put_object(**at, IfNoneMatch="*")["ETag"]
    assert refusal_of(s3.put_object, **at, IfMatch='"none"')[:2] == (412, "PreconditionFailed")
    assert refusal_of(s3.put_object, **at, IfNoneMatch="*")[:2] == (412, "PreconditionFailed")
    s3.put_object(**at, IfMatch=etag)
