"""MFA delete: only the root user can enable it, and nobody here is the root user."""

from __future__ import annotations

from typing import Any

import pytest
from refusals import refusal_of


@pytest.mark.parametrize(
    ("mfa", "words"),
    [
        ({}, "Mfa Authentication must be used for this request"),
        (
            {"MFA": "arn:aws:iam::123456789012:mfa/device 123456"},
            "This operation may only be performed by the bucket owner",
        ),
    ],
    ids=["without a code", "with one"],
)
def test_mfa_delete_is_not_enabled(s3: Any, bucket: str, mfa: dict[str, str], words: str) -> None:
    """S3 User Guide, "Configuring MFA delete"; reported by users of AWS: AccessDenied."""
    wanted = {"Status": "Enabled", "MFADelete": "Enabled"}
    put = s3.put_bucket_versioning
    refused = refusal_of(put, Bucket=bucket, VersioningConfiguration=wanted, **mfa)
    assert refused == (403, "AccessDenied", words)
    assert "Status" not in s3.get_bucket_versioning(Bucket=bucket)


def test_what_is_off_may_be_said_to_be_off(s3: Any, bucket: str) -> None:
    """As Terraform does whenever it sets a bucket's versioning."""
    wanted = {"Status": "Suspended", "MFADelete": "Disabled"}
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration=wanted)
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Suspended"
