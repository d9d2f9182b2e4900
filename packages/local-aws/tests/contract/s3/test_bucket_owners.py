"""Whose buckets a request expects.

Source: "Verifying bucket ownership with bucket owner condition" in the S3 User Guide.
"""

from __future__ import annotations

from typing import Any

import pytest
from refusals import refusal_of

_OWN, _OTHER = "123456789012", "111122223333"


@pytest.fixture(autouse=True)
def _with_an_object(s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")


def test_another_owner_s_bucket_is_refused(s3: Any, bucket: str) -> None:
    """ExpectedBucketOwner of each operation: 403 (access denied)."""
    denied = (403, "AccessDenied", "Access Denied")
    at = {"Bucket": bucket, "Key": "k"}
    assert refusal_of(s3.get_object, **at, ExpectedBucketOwner=_OTHER) == denied
    assert refusal_of(s3.put_object, **at, Body=b"", ExpectedBucketOwner=_OTHER) == denied
    assert refusal_of(s3.get_bucket_tagging, Bucket=bucket, ExpectedBucketOwner=_OTHER) == denied
    assert s3.get_object(**at, ExpectedBucketOwner=_OWN)["Body"].read() == b"x"


def test_the_source_of_a_copy_has_an_owner_too(s3: Any, bucket: str) -> None:
    """API_CopyObject: ExpectedSourceBucketOwner."""
    copy = {"Bucket": bucket, "Key": "l", "CopySource": f"{bucket}/k"}
    refused = refusal_of(s3.copy_object, **copy, ExpectedSourceBucketOwner=_OTHER)
    assert refused == (403, "AccessDenied", "Access Denied")
    s3.copy_object(**copy, ExpectedSourceBucketOwner=_OWN)


def test_an_owner_is_an_account(s3: Any, bucket: str) -> None:
    """ "Error responses" in the S3 API Reference; the words are those of other emulators."""
    status, _, _ = refusal_of(s3.head_bucket, Bucket=bucket, ExpectedBucketOwner="abc")
    assert status == 400
    assert refusal_of(s3.get_object, Bucket=bucket, Key="k", ExpectedBucketOwner="abc") == (
        400,
        "InvalidBucketOwnerAWSAccountID",
        "The value of the expected bucket owner parameter must be an AWS Account ID... [abc]",
    )


def test_a_bucket_that_is_not_there_is_nobody_s(s3: Any) -> None:
    """The operation refuses it."""
    refused = refusal_of(
        s3.get_object, Bucket="no-such-bucket-anywhere", Key="k", ExpectedBucketOwner=_OTHER
    )
    assert refused[1] == "NoSuchBucket"
