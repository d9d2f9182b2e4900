"""With which key an object is encrypted, as its answers show it: by the key's ARN.

An object without a key of its own is encrypted with AWS's key for S3, which is made when it is
first needed.

Source: "Using server-side encryption with AWS KMS keys" in the S3 User Guide; API_PutObject;
answers of the real S3 as they have been recorded.
"""

from __future__ import annotations

from typing import Any

from moto.kms.models import KmsBackend, kms_backends
from moto.s3.models import FakeBucket, FakeKey, S3Backend, s3_backends

from local_aws.control_plane import moto_seams

_KEY_OF_S3 = "alias/aws/s3"
_DESCRIPTION = "Default key that protects my S3 objects when no other key is defined"
_KEY = "x-amz-server-side-encryption-aws-kms-key-id"
_BUCKET_KEY = "x-amz-server-side-encryption-bucket-key-enabled"

_moto_shown: Any = FakeKey.response_dict
_moto_create_upload = S3Backend.create_multipart_upload


def install() -> None:
    moto_seams.replace(FakeKey, response_dict=property(_shown))
    moto_seams.replace(S3Backend, create_multipart_upload=_create_upload)


def headers_of(bucket: FakeBucket, algorithm: str | None, key_id: str | None) -> dict[str, str]:
    """How an answer shows the encryption of what is in the bucket."""
    shown = {"x-amz-server-side-encryption": algorithm or "AES256"}
    if shown["x-amz-server-side-encryption"].startswith("aws:kms"):
        shown[_KEY] = _arn_of(bucket, key_id)
    return shown


def _shown(self: FakeKey) -> dict[str, Any]:
    shown: dict[str, Any] = _moto_shown.fget(self)
    if shown.get(_BUCKET_KEY) == "false":
        del shown[_BUCKET_KEY]
    backend = s3_backends[self.account_id][self.partition]
    bucket = backend.buckets.get(self.bucket_name or "")
    if bucket and self.encryption and self.encryption.startswith("aws:kms"):
        shown[_KEY] = _arn_of(bucket, self.kms_key_id)
    return shown


def _arn_of(bucket: FakeBucket, key_id: str | None) -> str:
    """That of a key which KMS does not know is made up of its id."""
    if key_id and key_id.startswith("arn:") and ":alias/" not in key_id:
        return key_id
    kms: KmsBackend = kms_backends[bucket.account_id][bucket.region_name]
    name = key_id or _KEY_OF_S3
    alias = name.rpartition(":")[2]
    found = kms.get_key_id_from_alias(alias) if alias.startswith("alias/") else name
    key = kms.keys.get(found or "")
    if key is None:
        return f"arn:aws:kms:{bucket.region_name}:{bucket.account_id}:key/{found or name}"
    if name == _KEY_OF_S3:
        key.key_manager, key.description = "AWS", _DESCRIPTION
    arn: str = key.arn
    return arn


def _create_upload(self: S3Backend, bucket_name: str, *arguments: Any, **named: Any) -> Any:
    """What the request does not say of its encryption is the bucket's to say."""
    upload = _moto_create_upload(self, bucket_name, *arguments, **named)
    setting: Any = self.get_bucket(bucket_name).encryption
    if setting and not upload.sse_encryption:
        default = setting["Rule"]["ApplyServerSideEncryptionByDefault"]
        upload.sse_encryption = default["SSEAlgorithm"]
        upload.kms_key_id = upload.kms_key_id or default.get("KMSMasterKeyID")
    return upload
