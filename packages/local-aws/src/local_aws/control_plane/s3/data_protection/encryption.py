"""With which key an object is encrypted, as its answers show it: by the key's ARN.

An object without a key of its own is encrypted with AWS's key for S3, which is made when it is
first needed. One that is encrypted with a key of the request's (SSE-C) is shown with its digest.

Source: "Using server-side encryption with AWS KMS keys" in the S3 User Guide; API_PutObject;
answers of the real S3 as they have been recorded.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.core.responses import ActionResult
from moto.kms.models import KmsBackend, kms_backends
from moto.s3.models import FakeBucket, FakeKey, S3Backend, s3_backends
from moto.s3.responses import S3Response

from local_aws.control_plane import moto_seams

SSE_C = "SSE-C"
"""The encryption of what has a key of the request's: the digest of it stands for the key's id."""

_KEY_OF_S3 = "alias/aws/s3"
_DESCRIPTION = "Default key that protects my S3 objects when no other key is defined"
_METHOD = "x-amz-server-side-encryption"
_KEY = f"{_METHOD}-aws-kms-key-id"
_BUCKET_KEY = f"{_METHOD}-bucket-key-enabled"

_moto_shown: Any = FakeKey.response_dict
_moto_setting = S3Response.get_bucket_encryption
_moto_create_upload = S3Backend.create_multipart_upload


def install() -> None:
    moto_seams.replace(FakeKey, response_dict=property(_shown))
    moto_seams.replace(S3Backend, create_multipart_upload=_create_upload)
    moto_seams.replace(S3Response, get_bucket_encryption=_setting)


def headers_of(bucket: FakeBucket, algorithm: str | None, key_id: str | None) -> dict[str, str]:
    """How an answer shows the encryption of what is in the bucket."""
    if algorithm == SSE_C:
        return {
            f"{_METHOD}-customer-algorithm": "AES256",
            f"{_METHOD}-customer-key-MD5": key_id or "",
        }
    shown = {_METHOD: algorithm or "AES256"}
    if shown[_METHOD].startswith("aws:kms"):
        shown[_KEY] = _arn_of(bucket, key_id)
    return shown


def shown_in(
    headers: Mapping[str, Any], bucket: FakeBucket, algorithm: str, key_id: str | None
) -> dict[str, Any]:
    """The headers of an answer, with this encryption in the place of any other."""
    others = {
        name: value for name, value in headers.items() if name not in (_METHOD, _KEY, _BUCKET_KEY)
    }
    return {**others, **headers_of(bucket, algorithm, key_id)}


def blocked_types(rule: Mapping[str, Any]) -> tuple[str, ...]:
    """The encryptions that a bucket's rule blocks; NONE says that it blocks none."""
    named = (rule.get("BlockedEncryptionTypes") or {}).get("EncryptionType") or ()
    return (named,) if isinstance(named, str) else tuple(named)


def _shown(self: FakeKey) -> dict[str, Any]:
    shown: dict[str, Any] = _moto_shown.fget(self)
    if shown.get(_BUCKET_KEY) == "false":
        del shown[_BUCKET_KEY]
    backend = s3_backends[self.account_id][self.partition]
    bucket = backend.buckets.get(self.bucket_name or "")
    if bucket and self.encryption == SSE_C:
        return shown_in(shown, bucket, SSE_C, self.kms_key_id)
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


def _setting(self: S3Response) -> Any:
    """With the encryptions that the bucket blocks, which moto does not show."""
    setting: Any = self.backend.get_bucket_encryption(self.bucket_name)
    if not setting:
        return _moto_setting(self)
    rule = setting["Rule"]
    shown = {
        "ApplyServerSideEncryptionByDefault": rule["ApplyServerSideEncryptionByDefault"],
        "BucketKeyEnabled": str(rule.get("BucketKeyEnabled")).lower() == "true",
    }
    blocked = blocked_types(rule)
    if blocked:
        shown["BlockedEncryptionTypes"] = {"EncryptionType": list(blocked)}
    self.data["Action"] = "GetBucketEncryption"
    return self.serialized(ActionResult({"ServerSideEncryptionConfiguration": {"Rules": [shown]}}))
