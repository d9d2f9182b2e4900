"""What a new bucket has: encryption, ownership and Block Public Access; it takes no SSE-C.

Source: "Default encryption FAQ" and "Default settings for new S3 buckets FAQ" in the S3 User Guide;
"Blocking or unblocking SSE-C for a general purpose bucket" there, for buckets since April 2026;
API_DeleteBucketEncryption: it resets the bucket's encryption to SSE-S3.
"""

from __future__ import annotations

from typing import Any

from moto.s3.models import FakeBucket, PublicAccessBlock, S3Backend

from local_aws.control_plane import moto_seams
from local_aws.control_plane.s3.access.access_control_lists import DISABLED

_BLOCKED = "BlockedEncryptionTypes"
_SSE_S3 = {
    "Rule": {
        "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"},
        "BucketKeyEnabled": False,
        _BLOCKED: {"EncryptionType": "SSE-C"},
    }
}

_moto_create = S3Backend.create_bucket
_moto_put = S3Backend.put_bucket_encryption


def install() -> None:
    moto_seams.replace(
        S3Backend,
        create_bucket=_create,
        put_bucket_encryption=_put_encryption,
        delete_bucket_encryption=_delete_encryption,
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


def _put_encryption(self: S3Backend, bucket_name: str, encryption: dict[str, Any]) -> None:
    """The types that it does not say to block, or not to, stay as they are."""
    setting: Any = self.get_bucket(bucket_name).encryption
    blocked = {name: setting["Rule"][name] for name in (_BLOCKED,) if name in setting["Rule"]}
    _moto_put(self, bucket_name, {**encryption, "Rule": {**blocked, **encryption["Rule"]}})


def _delete_encryption(self: S3Backend, bucket_name: str) -> None:
    self.get_bucket(bucket_name).encryption = _SSE_S3
