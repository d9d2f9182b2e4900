"""GetObject, HeadObject and what else is read of an object's version.

moto's HeadObject knows no version of a bucket whose versioning is suspended, and fails for a range
that is not written as in AWS's documents.

Source: API_GetObject, API_HeadObject, API_GetObjectTagging; "Working with delete markers" in the
S3 User Guide; answers of the real S3 as they have been recorded.
"""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import rfc_1123_datetime, utcnow
from moto.s3.exceptions import InvalidObjectState, PreconditionFailed, S3ClientError
from moto.s3.models import FakeDeleteMarker, FakeKey
from moto.s3.responses import S3Response
from moto.s3.utils import ARCHIVE_STORAGE_CLASSES

from local_aws.control_plane import moto_seams
from local_aws.control_plane.s3.data_protection import customer_keys
from local_aws.control_plane.s3.objects import preconditions, versions

Answer = tuple[int, dict[str, Any], Any]
"""Status, headers and body, as moto's responses give them."""

_STATUS = {
    "AccessDenied": 403,
    "InvalidArgument": 400,
    "InvalidObjectState": 403,
    "InvalidRequest": 400,
    "MethodNotAllowed": 405,
    "PreconditionFailed": 412,
}
"""Of the errors of HeadObject, which has no other way to say them; the others are 404."""

_OF_SETTINGS = frozenset({"legal-hold", "retention"})
"""What is read of an object without its content, and without its key."""

_moto_get = S3Response.get_object
_moto_range = S3Response._handle_range_header
_moto_tags = S3Response.get_object_tagging
_moto_tag = S3Response.put_object_tagging


def install() -> None:
    moto_seams.replace(
        S3Response,
        _get_key=_read,
        _handle_range_header=_range,
        get_object_tagging=_tags,
        put_object_tagging=_tag,
    )


def get(call: S3Response) -> Answer:
    """The answer to GetObject, of the whole object."""
    try:
        status, headers, body = _moto_get(call)
    except S3ClientError as error:
        return refused(call, error)
    return status, {**headers, **_version_of(call)}, body


def refused(call: S3Response, error: S3ClientError) -> Answer:
    """The error as an answer that says of a delete marker that it is one.

    Raises the error where it is about something else.
    """
    shown = _of_marker(call, call.parse_key_name())
    if not shown:
        raise error
    status, headers, body = call.serialized(ActionResult(error))
    return status, {**headers, **shown}, body


def head(
    call: S3Response, bucket_name: str, query: dict[str, Any], key_name: str, _headers: Any
) -> Answer:
    """The answer to HeadObject, of the whole object; a missing bucket is moto's to say."""
    call._set_action("KEY", "HEAD", query)
    call._authenticate_and_authorize_s3_action(bucket_name=bucket_name, key_name=key_name)
    try:
        key, is_known = call._get_key(validate_storage_class=False)
    except S3ClientError as error:
        return _STATUS.get(error.code, 404), _of_marker(call, key_name), ""
    shown = {**key.metadata, **key.response_dict, "Accept-Ranges": "bytes", **_version_of(call)}
    if call.headers.get("x-amz-checksum-mode") == "ENABLED" and key.checksum_algorithm:
        parts = f"-{key.checksum_parts}" if key.checksum_type == "COMPOSITE" else ""
        shown[f"x-amz-checksum-{key.checksum_algorithm.lower()}"] = f"{key.checksum_value}{parts}"
        shown["x-amz-checksum-type"] = key.checksum_type
    return (304 if is_known else 200), shown, ""


def _read(self: S3Response, validate_storage_class: bool = True) -> tuple[FakeKey, bool]:
    """The version that the request names, and whether its client has it already."""
    key = _named(self)
    key.advance()
    restored = 'ongoing-request="false"' in key.response_dict.get("x-amz-restore", "")
    if validate_storage_class and key.storage_class in ARCHIVE_STORAGE_CLASSES and not restored:
        raise InvalidObjectState(storage_class=key.storage_class)
    failed = preconditions.failed(self.headers, key.etag, key.last_modified, utcnow())
    if failed and failed not in preconditions.NOT_MODIFIED:
        raise PreconditionFailed(failed)
    if not _OF_SETTINGS & self.querystring.keys():
        customer_keys.require_key_of(key, self.headers)
    return key, failed is not None


def _named(call: S3Response) -> FakeKey:
    bucket = call.backend.get_bucket(call.bucket_name)
    version = call.querystring.get("versionId", [None])[0]
    return versions.found_object(bucket, call.parse_key_name(), version, method=call.method)


def _version_of(call: S3Response) -> dict[str, str]:
    """Shown in each bucket that has, or has had, versions: of some objects it is "null"."""
    if not call.backend.get_bucket(call.bucket_name).versioning_status:
        return {}
    return {"x-amz-version-id": _named(call).version_id}


def _of_marker(call: S3Response, key_name: str) -> dict[str, str]:
    bucket = call.backend.get_bucket(call.bucket_name)
    version = call.querystring.get("versionId", [None])[0]
    try:
        found = versions.found(bucket, key_name, version)
    except S3ClientError:
        return {}
    if not isinstance(found, FakeDeleteMarker):
        return {}
    shown = {"x-amz-delete-marker": "true", "x-amz-version-id": found.version_id}
    if not version:
        return shown
    # The answer to a request for the marker itself, by its id, says when it was made, and that it
    # can be nothing but deleted.
    made = rfc_1123_datetime(found.last_modified)
    return {**shown, "last-modified": made, "allow": "DELETE"}


def _range(self: S3Response, request: Any, headers: dict[str, Any], content: Any) -> Any:
    """A header that says no range in bytes does not count."""
    unit, equals, ranges = request.headers["range"].partition("=")
    if unit.strip() != "bytes" or not equals or "=" in ranges:
        return 200, headers, content
    return _moto_range(self, request, headers, content)


def _tags(self: S3Response) -> Any:
    """A delete marker has none, be it the current version or not."""
    bucket = self.backend.get_bucket(self.bucket_name)
    version = self.querystring.get("versionId", [None])[0]
    versions.changeable(bucket, self.parse_key_name(), version, method=self.method)
    status, headers, body = _moto_tags(self)
    return status, {**headers, **_version_of(self)}, body


def _tag(self: S3Response) -> Any:
    status, headers, body = _moto_tag(self)
    return status, {**headers, **_version_of(self)}, body
