"""Operations of S3 that are not emulated: refused by name, and never taken for others."""

from __future__ import annotations

from typing import Any

import pytest
from botocore import xform_name
from refusals import refusal_of


@pytest.mark.parametrize(
    ("operation", "named"),
    [
        ("CreateSession", {}),
        ("GetBucketAbac", {}),
        ("GetBucketMetadataConfiguration", {}),
        ("GetBucketMetadataTableConfiguration", {}),
        ("GetObjectAnnotation", {"Key": "key", "AnnotationName": "a"}),
        ("GetObjectTorrent", {"Key": "key"}),
        ("ListObjectAnnotations", {"Key": "key"}),
        ("DeleteBucketMetadataConfiguration", {}),
        ("DeleteObjectAnnotation", {"Key": "key", "AnnotationName": "a"}),
    ],
)
def test_what_is_not_emulated_is_refused_by_name(
    aws: Any, unique_name: str, operation: str, named: dict[str, str]
) -> None:
    """NotImplemented, of "Error responses" in the S3 API Reference."""
    s3 = aws("s3")
    s3.create_bucket(Bucket=unique_name)
    s3.put_object(Bucket=unique_name, Key="key", Body=b"content")
    call = getattr(s3, xform_name(operation))
    status, code, message = refusal_of(call, Bucket=unique_name, **named)
    assert (status, code) == (501, "NotImplemented")
    assert message == f"The local AWS does not emulate s3 {operation}."
    assert s3.get_object(Bucket=unique_name, Key="key")["Body"].read() == b"content"
