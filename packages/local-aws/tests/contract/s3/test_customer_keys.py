"""SSE-C: objects encrypted with a key that comes with each request."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import pytest
from refusals import refusal_of

KEY, OTHER = b"k" * 32, b"o" * 32
IN_BASE64 = base64.b64encode(KEY).decode()
WITH_KEY: dict[str, Any] = {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": KEY}
WITH_OTHER = {**WITH_KEY, "SSECustomerKey": OTHER}
DIGEST = base64.b64encode(hashlib.md5(KEY, usedforsecurity=False).digest()).decode()
STORED_WITH_KEY = (
    "The object was stored using a form of Server Side Encryption. The correct parameters must be "
    "provided to retrieve the object."
)


@pytest.fixture
def unblocked(s3: Any, bucket: str) -> str:
    """A bucket that takes such objects."""
    block(s3, bucket, BlockedEncryptionTypes={"EncryptionType": ["NONE"]})
    return bucket


def block(s3: Any, bucket: str, **rule: Any) -> None:
    rules = [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, **rule}]
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": rules})


def shown(answer: dict[str, Any]) -> tuple[Any, ...]:
    names = ("SSECustomerAlgorithm", "SSECustomerKeyMD5", "ServerSideEncryption")
    return tuple(answer.get(name) for name in names)


def blocked(s3: Any, bucket: str) -> list[str]:
    found = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]
    types: list[str] = found["Rules"][0]["BlockedEncryptionTypes"]["EncryptionType"]
    return types


def test_a_new_bucket_takes_no_objects_with_customers_keys(s3: Any, bucket: str) -> None:
    """S3 User Guide, "Blocking or unblocking SSE-C": since April 2026, 403 AccessDenied."""
    assert blocked(s3, bucket) == ["SSE-C"]
    at = {"Bucket": bucket, "Key": "k"}
    for write in (s3.put_object, s3.create_multipart_upload):
        assert refusal_of(write, **at, **WITH_KEY)[:2] == (403, "AccessDenied")
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket)


def test_what_a_setting_does_not_say_of_customers_keys_stays(s3: Any, unblocked: str) -> None:
    """Reported of AWS: without BlockedEncryptionTypes, those of the bucket stay in effect."""
    block(s3, unblocked)
    assert blocked(s3, unblocked) == ["NONE"]
    s3.delete_bucket_encryption(Bucket=unblocked)
    assert blocked(s3, unblocked) == ["SSE-C"]


def test_an_object_is_given_to_who_has_its_key(s3: Any, unblocked: str) -> None:
    """S3 User Guide, "Using SSE-C": the same key must come with GetObject and HeadObject."""
    at = {"Bucket": unblocked, "Key": "k"}
    put = s3.put_object(**at, **WITH_KEY, Body=b"1")
    assert shown(put) == ("AES256", DIGEST, None)
    assert shown(s3.head_object(**at, **WITH_KEY)) == ("AES256", DIGEST, None)
    found = s3.get_object(**at, **WITH_KEY)
    assert (found["Body"].read(), *shown(found)) == (b"1", "AES256", DIGEST, None)
    assert refusal_of(s3.get_object, **at) == (400, "InvalidRequest", STORED_WITH_KEY)
    assert refusal_of(s3.head_object, **at)[0] == 400
    assert refusal_of(s3.get_object, **at, **WITH_OTHER)[:2] == (403, "AccessDenied")
    assert refusal_of(s3.head_object, **at, **WITH_OTHER)[0] == 403
    s3.put_object(**at, Body=b"2")
    assert refusal_of(s3.get_object, **at, **WITH_KEY) == (
        400,
        "InvalidRequest",
        "The encryption parameters are not applicable to this object.",
    )


def test_a_copy_needs_the_key_of_its_source(s3: Any, unblocked: str) -> None:
    """API_CopyObject: the source is decrypted with its key, the copy has its own or none."""
    s3.put_object(Bucket=unblocked, Key="source", **WITH_KEY, Body=b"1")
    copy = {"Bucket": unblocked, "Key": "copy", "CopySource": f"{unblocked}/source"}
    source = {f"CopySource{name}": value for name, value in WITH_KEY.items()}
    assert refusal_of(s3.copy_object, **copy) == (400, "InvalidRequest", STORED_WITH_KEY)
    s3.copy_object(**copy, **source)
    assert shown(s3.head_object(Bucket=unblocked, Key="copy")) == (None, None, "AES256")
    assert shown(s3.copy_object(**copy, **source, **WITH_KEY)) == ("AES256", DIGEST, None)
    assert s3.get_object(Bucket=unblocked, Key="copy", **WITH_KEY)["Body"].read() == b"1"


def test_each_part_comes_with_the_key_of_its_upload(s3: Any, unblocked: str) -> None:
    """API_UploadPart: the same encryption parameters as in the initiate request."""
    at = {"Bucket": unblocked, "Key": "k"}
    begun = s3.create_multipart_upload(**at, **WITH_KEY)
    assert shown(begun) == ("AES256", DIGEST, None)
    part = {**at, "UploadId": begun["UploadId"], "PartNumber": 1, "Body": b"1"}
    for other in ({}, WITH_OTHER):
        assert refusal_of(s3.upload_part, **part, **other)[:2] == (400, "InvalidRequest")
    sent = s3.upload_part(**part, **WITH_KEY)
    assert shown(sent) == ("AES256", DIGEST, None)
    parts = {"Parts": [{"PartNumber": 1, "ETag": sent["ETag"]}]}
    s3.complete_multipart_upload(**at, UploadId=begun["UploadId"], MultipartUpload=parts)
    assert shown(s3.head_object(**at, **WITH_KEY)) == ("AES256", DIGEST, None)
    plain = s3.create_multipart_upload(**at)["UploadId"]
    assert refusal_of(s3.upload_part, **{**part, "UploadId": plain}, **WITH_KEY)[:2] == (
        400,
        "InvalidRequest",
    )


@pytest.mark.parametrize(
    ("changed", "code", "words"),
    [
        ({"SSECustomerAlgorithm": "AES128"}, "InvalidEncryptionAlgorithmError", "AES256"),
        ({"SSECustomerKey": b"short"}, "InvalidArgument", "The secret key was invalid"),
        (
            {"SSECustomerKey": IN_BASE64, "SSECustomerKeyMD5": "no"},
            "InvalidArgument",
            "The calculated MD5 hash of the key",
        ),
        ({"ServerSideEncryption": "AES256"}, "InvalidArgument", "is incompatible with"),
    ],
    ids=["algorithm", "key", "digest", "another-encryption"],
)
def test_a_key_that_cannot_be_is_refused(
    s3: Any, unblocked: str, changed: dict[str, Any], code: str, words: str
) -> None:
    """S3 API Reference, "Error responses"; reported of AWS: InvalidArgument."""
    at = {"Bucket": unblocked, "Key": "k"}
    status, found, message = refusal_of(s3.put_object, **at, **{**WITH_KEY, **changed})
    assert (status, found) == (400, code)
    assert words in message
