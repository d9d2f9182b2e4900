"""Who pays for a bucket's requests."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError


def test_a_bucket_says_who_pays_for_its_requests(aws: Any, unique_name: str) -> None:
    """API_PutBucketRequestPayment, API_GetBucketRequestPayment: the owner by default."""
    s3 = aws("s3")
    s3.create_bucket(Bucket=unique_name)
    assert s3.get_bucket_request_payment(Bucket=unique_name)["Payer"] == "BucketOwner"
    for payer in ("Requester", "BucketOwner"):
        s3.put_bucket_request_payment(
            Bucket=unique_name, RequestPaymentConfiguration={"Payer": payer}
        )
        assert s3.get_bucket_request_payment(Bucket=unique_name)["Payer"] == payer
    with pytest.raises(ClientError, match="MalformedXML"):
        s3.put_bucket_request_payment(
            Bucket=unique_name, RequestPaymentConfiguration={"Payer": "Nobody"}
        )
    s3.delete_bucket(Bucket=unique_name)


def test_no_bucket_is_created_by_saying_who_pays(aws: Any, unique_name: str) -> None:
    """API_PutBucketRequestPayment; "Error responses" in the S3 API Reference: NoSuchBucket."""
    s3 = aws("s3")
    with pytest.raises(ClientError, match="NoSuchBucket"):
        s3.put_bucket_request_payment(
            Bucket=unique_name, RequestPaymentConfiguration={"Payer": "Requester"}
        )
    with pytest.raises(ClientError, match="NoSuchBucket"):
        s3.get_bucket_request_payment(Bucket=unique_name)
