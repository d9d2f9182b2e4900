"""Operations of S3 that are not emulated leave the bucket alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from botocore import xform_name
from botocore.exceptions import ClientError

BY_ID = {"Id": "all"}


@pytest.mark.parametrize(
    ("operation", "members"),
    [
        ("DeleteBucketAnalyticsConfiguration", BY_ID),
        ("DeleteBucketIntelligentTieringConfiguration", BY_ID),
        ("DeleteBucketInventoryConfiguration", BY_ID),
        ("DeleteBucketMetadataConfiguration", {}),
        ("DeleteBucketMetricsConfiguration", BY_ID),
        ("PutBucketMetricsConfiguration", {**BY_ID, "MetricsConfiguration": BY_ID}),
    ],
)
def test_an_operation_that_is_not_emulated_is_refused_by_name(
    aws: Any, unique_name: str, operation: str, members: Mapping[str, Any]
) -> None:
    """S3 API Reference, "Error responses": NotImplemented, 501. No bucket goes or comes."""
    s3 = aws("s3")
    call = getattr(s3, xform_name(operation))
    s3.create_bucket(Bucket=unique_name)

    for bucket in (unique_name, f"{unique_name}-missing"):
        with pytest.raises(ClientError, match=f"does not emulate s3 {operation}") as refused:
            call(Bucket=bucket, **members)
        assert refused.value.response["Error"]["Code"] == "NotImplemented"
        assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501

    names = {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]}
    assert unique_name in names
    assert f"{unique_name}-missing" not in names
    s3.delete_bucket(Bucket=unique_name)
