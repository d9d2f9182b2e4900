"""CopyObject and UploadPartCopy: what is copied, under which conditions, and to where.

Source: API_CopyObject, API_UploadPartCopy, API_CopyPartResult; answers of the real S3 as they have
been recorded.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.s3.exceptions import (
    CopyObjectMustChangeSomething,
    InvalidArgumentError,
    PreconditionFailed,
    S3ClientError,
)
from moto.s3.models import FakeDeleteMarker, FakeKey
from moto.s3.responses import S3Response

from local_aws.control_plane import moto_seams
from local_aws.control_plane.s3.data_protection import customer_keys
from local_aws.control_plane.s3.objects import conditional_writes, preconditions, versions
from local_aws.control_plane.s3.uploads import known_uploads, part_checksums

_SOURCE = "x-amz-copy-source"
_RANGE = "x-amz-copy-source-range"
_CHANGES = (
    "x-amz-server-side-encryption",
    "x-amz-server-side-encryption-customer-key",
    "x-amz-storage-class",
    "x-amz-website-redirect-location",
)
"""Headers with which a copy onto itself changes something."""

_moto_copy = S3Response.copy_object
_moto_part_copy = S3Response.upload_part_copy


def install() -> None:
    moto_seams.replace(S3Response, copy_object=_copy, upload_part_copy=_part_copy)


def _copy(self: S3Response) -> Any:
    source = _source(self)
    if _is_itself(self, source):
        raise CopyObjectMustChangeSomething
    conditional_writes.require_match(self, self.parse_key_name())
    conditional_writes.require_absent(self, self.parse_key_name())
    answer = _moto_copy(self)
    made = self.backend.get_object(self.bucket_name, self.parse_key_name())
    if made is not None and made.checksum_algorithm:
        made.checksum_type = "FULL_OBJECT"
    return answer


def _part_copy(self: S3Response) -> Any:
    _require_in(self.headers.get(_RANGE), _source(self).size)
    known_uploads.require_known(self, self._get_param("uploadId"), self.parse_key_name())
    status, headers, _ = _moto_part_copy(self)
    upload = self.backend.get_bucket(self.bucket_name).multiparts[self._get_param("uploadId")]
    part = upload.parts[self._get_int_param("partNumber")]
    result = {"LastModified": part.last_modified_ISO8601, "ETag": part.etag}
    result |= part_checksums.shown(upload, part)
    _, _, body = self.serialized(ActionResult({"CopyPartResult": result}))
    return status, {**headers, "content-length": str(len(body))}, body


def _source(call: S3Response) -> FakeKey:
    """The version that is copied.

    Raises S3ClientError where the request names none, where there is none, for a delete marker,
    and for a condition on it that does not hold.
    """
    given = str(call.headers.get(_SOURCE, ""))
    parts = urlsplit(given)
    version_id = _version_id(call)
    bucket, _, key = unquote(parts.path).lstrip("/").partition("/")
    if not bucket or not key:
        raise InvalidArgumentError(
            "Copy Source must mention the source bucket and key: sourcebucket/sourcekey",
            _SOURCE,
            given,
        )
    found = versions.found(call.backend.get_bucket(bucket), key, version_id)
    if isinstance(found, FakeDeleteMarker):
        if version_id is None:
            raise versions.missing(key)
        raise S3ClientError(
            "InvalidRequest",
            "The source of a copy request may not specifically refer to a delete marker by "
            "version id.",
        )
    failed = preconditions.failed(
        call.headers, found.etag, found.last_modified, utcnow(), prefix=f"{_SOURCE}-"
    )
    if failed:
        raise PreconditionFailed(f"{_SOURCE}-{failed}")
    customer_keys.require_key_of(found, call.headers, is_source=True)
    return found


def _version_id(call: S3Response) -> str | None:
    """The one of the source that the request names."""
    return parse_qs(urlsplit(str(call.headers.get(_SOURCE, ""))).query).get("versionId", [None])[0]


def _is_itself(call: S3Response, source: FakeKey) -> bool:
    """Whether nothing would be another one than before. With versions, a named one is copied."""
    here = (call.bucket_name, call.parse_key_name())
    bucket = call.backend.get_bucket(call.bucket_name)
    return (
        (source.bucket_name, source.name) == here
        and source is bucket.keys.get(source.name)
        and not (bucket.is_versioned and _version_id(call))
        and call.headers.get("x-amz-metadata-directive") != "REPLACE"
        and not any(name in call.headers for name in _CHANGES)
    )


def _require_in(given: str | None, size: int) -> None:
    """Refuse a range that the source does not have; its form has been looked at before."""
    if given is None:
        return
    first, last = (int(each) for each in re.findall(r"\d+", given))
    if first >= size:
        raise S3ClientError(
            "InvalidRequest", "The specified copy range is invalid for the source object size"
        )
    if last >= size:
        raise InvalidArgumentError(
            f"Range specified is not valid for source object of size: {size}", _RANGE, given
        )
