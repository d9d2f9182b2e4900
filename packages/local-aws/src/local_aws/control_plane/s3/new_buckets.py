"""What a new bucket has: encryption, ownership and Block Public Access.

Source: "Default encryption FAQ" and "Default settings for new S3 buckets FAQ" in the S3 User Guide;
API_DeleteBucketEncryption: it resets the bucket's encryption to SSE-S3.
"""

from __future__ import annotations

from typing import Any

from moto.s3.models import FakeBucket, PublicAccessBlock, S3Backend

from local_aws.control_plane import moto_seams
from local_aws.control_plane.s3.access_control_lists import DISABLED

_SSE_S3 = {
    "Rule": {
        "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"},
        "BucketKeyEnabled": False,
    }
}

_moto_create = S3Backend.create_bucket


def install() -> None:
    moto_seams.replace(
        S3Backend, create_bucket=_create, delete_bucket_encryption=_delete_encryption
    )


def _create(self: S3Backend, *arguments: Any, **named: Any) -> FakeBucket:
    bucket: Any = _moto_create(self, *arguments, **named)
    bucket.encryption = _SSE_S3
    bucket.ownership_rule = DISABLED
    bucket.public_access_block = PublicAccessBlock(
        block_public_acls=True,
        ignore_public_acls=True,
        block_public_policy=True,
        restrict_public_buckets=True,
    )
    made: FakeBucket = bucket
    return made


def _delete_encryption(self: S3Backend, bucket_name: str) -> None:
    self.get_bucket(bucket_name).encryption = _SSE_S3
