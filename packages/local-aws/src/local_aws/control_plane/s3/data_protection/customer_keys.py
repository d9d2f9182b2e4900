"""SSE-C: objects encrypted with a key that comes with each request and is not kept.

An object and an upload have the digest of their key, in the place of a key's id. The data are
stored as they come: only who has the key is given them. AWS takes such keys by HTTPS alone; here
everything is on loopback.

Source: "Using server-side encryption with customer-provided keys (SSE-C)" and "Blocking or
unblocking SSE-C for a general purpose bucket" in the S3 User Guide; API_PutObject, API_GetObject,
API_CopyObject and API_UploadPart; answers of the real S3 as they have been reported.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from moto.s3.exceptions import S3ClientError
from moto.s3.models import FakeBucket, FakeKey, FakeMultipart
from moto.s3.responses import S3Response

from local_aws.control_plane import moto_seams
from local_aws.control_plane.api_errors import ApiError
from local_aws.control_plane.api_request import ApiRequest
from local_aws.control_plane.s3.data_protection import encryption

_OWN = "x-amz-server-side-encryption-customer-"
_OF_SOURCE = "x-amz-copy-source-server-side-encryption-customer-"
_ALGORITHM = "AES256"
_KEY_BYTES = 32
_OF_ALL = "Requests specifying Server Side Encryption with Customer provided keys must provide"
_BAD_REQUEST = "400 Bad Request"


def install() -> None:
    """After all other corrections of these, which it calls."""
    moto_seams.replace(
        S3Response,
        put_object=_writing(S3Response.put_object),
        copy_object=_writing(S3Response.copy_object),
        upload_part=_uploading_part(S3Response.upload_part),
        upload_part_copy=_uploading_part(S3Response.upload_part_copy),
        _key_response_post=_uploading(S3Response._key_response_post),
    )


def require_valid(request: ApiRequest) -> None:
    """Raise ApiError for a key that is incomplete, or is none of its algorithm."""
    for prefix in (_OWN, _OF_SOURCE):
        given = {name: request.headers.get(prefix + name) for name in ("algorithm", "key")}
        digest = request.headers.get(f"{prefix}key-md5")
        if digest is not None or any(value is not None for value in given.values()):
            _require_key(prefix, given["algorithm"], given["key"], digest)
    method = "x-amz-server-side-encryption"
    if f"{_OWN}key" in request.headers and method in request.headers:
        raise _invalid(
            "Server Side Encryption with Customer provided key is incompatible with the encryption "
            "method specified",
            method,
        )


def require_key_of(stored: FakeKey, headers: Mapping[str, str], *, is_source: bool = False) -> None:
    """Raise S3ClientError unless a request has the key of the object that it reads, or copies."""
    given = headers.get(f"{_OF_SOURCE if is_source else _OWN}key-md5")
    if stored.encryption != encryption.SSE_C:
        if given is not None:
            raise S3ClientError(
                "InvalidRequest", "The encryption parameters are not applicable to this object."
            )
    elif given is None:
        raise S3ClientError(
            "InvalidRequest",
            "The object was stored using a form of Server Side Encryption. The correct parameters "
            "must be provided to retrieve the object.",
        )
    elif given != stored.kms_key_id:
        raise ApiError("403 Forbidden", "AccessDenied", "Access Denied")


def _require_key(prefix: str, algorithm: str | None, key: str | None, digest: str | None) -> None:
    if algorithm is None:
        raise _invalid(f"{_OF_ALL} a valid encryption algorithm.", f"{prefix}algorithm")
    if algorithm != _ALGORITHM:
        words = "The Encryption request you specified is not valid. Supported value: AES256."
        raise ApiError(_BAD_REQUEST, "InvalidEncryptionAlgorithmError", words)
    if key is None:
        raise _invalid(f"{_OF_ALL} an appropriate secret key.", f"{prefix}key")
    if digest is None:
        words = f"{_OF_ALL} the client calculated MD5 of the secret key."
        raise _invalid(words, f"{prefix}key-MD5")
    try:
        secret = base64.b64decode(key, validate=True)
    except ValueError:
        secret = b""
    if len(secret) != _KEY_BYTES:
        words = "The secret key was invalid for the specified algorithm."
        raise _invalid(words, f"{prefix}key")
    if base64.b64encode(hashlib.md5(secret, usedforsecurity=False).digest()).decode() != digest:
        words = "The calculated MD5 hash of the key did not match the hash that was provided."
        raise _invalid(words, f"{prefix}key-MD5")


def _invalid(message: str, name: str) -> ApiError:
    return ApiError(_BAD_REQUEST, "InvalidArgument", message, {"ArgumentName": name})


def _require_allowed(bucket: FakeBucket) -> None:
    """Raise ApiError where a bucket takes no objects that are encrypted like this."""
    setting: Any = bucket.encryption
    if encryption.SSE_C in encryption.blocked_types(setting["Rule"] if setting else {}):
        raise ApiError(
            "403 Forbidden",
            "AccessDenied",
            "This bucket has blocked upload requests that specify Server Side Encryption with "
            "Customer provided keys (SSE-C). Please specify a different server-side encryption "
            "type",
        )


def _writing(write: Callable[[S3Response], Any]) -> Callable[[S3Response], Any]:
    """PutObject and CopyObject: what is made is encrypted with the request's key."""

    def made(self: S3Response) -> Any:
        digest = self.headers.get(f"{_OWN}key-md5")
        if digest is None:
            return write(self)
        bucket = self.backend.get_bucket(self.bucket_name)
        _require_allowed(bucket)
        status, headers, body = write(self)
        stored: Any = self.backend.get_object(self.bucket_name, self.parse_key_name())
        if stored is not None:
            stored.encryption, stored.kms_key_id = encryption.SSE_C, digest
        return status, encryption.shown_in(headers, bucket, encryption.SSE_C, digest), body

    return made


def _uploading(post: Callable[..., Any]) -> Callable[..., Any]:
    """CreateMultipartUpload: the upload has the request's key, and so has what it becomes."""

    def begun(
        self: S3Response, request: Any, body: bytes, bucket_name: str, query: Any, key_name: str
    ) -> Any:
        digest = self.headers.get(f"{_OWN}key-md5")
        is_beginning = "uploads" in query and digest is not None
        bucket = self.backend.get_bucket(bucket_name)
        if is_beginning:
            _require_allowed(bucket)
        status, headers, answer = post(self, request, body, bucket_name, query, key_name)
        if is_beginning:
            upload: Any
            *_, upload = bucket.multiparts.values()
            upload.sse_encryption, upload.kms_key_id = encryption.SSE_C, digest
            headers = encryption.shown_in(headers, bucket, encryption.SSE_C, digest)
        return status, headers, answer

    return begun


def _uploading_part(upload_part: Callable[[S3Response], Any]) -> Callable[[S3Response], Any]:
    """UploadPart and UploadPartCopy: each part comes with the key of its upload."""

    def part(self: S3Response) -> Any:
        bucket = self.backend.get_bucket(self.bucket_name)
        upload = bucket.multiparts.get(self._get_param("uploadId"))
        digest = self.headers.get(f"{_OWN}key-md5")
        if upload is not None:
            _require_key_of_upload(upload, digest)
        status, headers, body = upload_part(self)
        if digest is not None:
            headers = encryption.shown_in(headers, bucket, encryption.SSE_C, digest)
        return status, headers, body

    return part


def _require_key_of_upload(upload: FakeMultipart, digest: str | None) -> None:
    has_key = upload.sse_encryption == encryption.SSE_C
    if has_key and digest is None:
        words = (
            "The multipart upload initiate requested encryption. Subsequent part requests must "
            "include the appropriate encryption parameters."
        )
    elif digest is not None and not has_key:
        words = (
            "The multipart upload initiate did not request encryption. Please resend the request "
            "without sending encryption parameters."
        )
    elif has_key and digest != upload.kms_key_id:
        words = "The provided encryption parameters did not match the ones used originally."
    else:
        return
    raise S3ClientError("InvalidRequest", words)
