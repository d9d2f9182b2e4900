"""Writes over a known version, or over none: If-Match, If-None-Match.

Source: "Preventing object overwrites with conditional writes" in the S3 User Guide; answers of the
real S3 as they have been recorded.
"""

from __future__ import annotations

from typing import Any

from moto.s3.exceptions import PreconditionFailed
from moto.s3.models import FakeKey
from moto.s3.responses import S3Response

from local_aws.control_plane import moto_seams
from local_aws.control_plane.s3.objects import versions

_moto_put = S3Response.put_object


def install() -> None:
    moto_seams.replace(S3Response, put_object=_put)


def require_match(call: S3Response, key_name: str) -> None:
    """Raise S3ClientError unless the current version has the ETag that the request names."""
    given = call.headers.get("If-Match")
    if given is None:
        return
    bucket = call.backend.get_bucket(call.bucket_name)
    current: FakeKey = versions.found_object(bucket, key_name, None, method=call.method)
    if current.etag.strip('"') != given.strip('"'):
        raise PreconditionFailed("If-Match")


def require_absent(call: S3Response, key_name: str) -> None:
    """Raise S3ClientError when something is there that the request is not to replace."""
    if call.headers.get("If-None-Match") is None:
        return
    if isinstance(call.backend.get_bucket(call.bucket_name).keys.get(key_name), FakeKey):
        raise PreconditionFailed("If-None-Match")


def _put(self: S3Response) -> Any:
    """What is put as a whole has the checksum of the whole."""
    key_name = self.parse_key_name()
    require_match(self, key_name)
    status, headers, body = _moto_put(self)
    made = self.backend.get_object(self.bucket_name, key_name)
    if made is not None and made.checksum_algorithm:
        made.checksum_type = headers["x-amz-checksum-type"] = "FULL_OBJECT"
    return status, headers, body
