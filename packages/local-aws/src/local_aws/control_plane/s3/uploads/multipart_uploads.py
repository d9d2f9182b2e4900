"""Uploads in parts: how they begin, how they are listed, and what completes them.

Source: API_CreateMultipartUpload, API_ListMultipartUploads, API_CompleteMultipartUpload
(EntityTooSmall, InvalidPart, InvalidPartOrder); answers of the real S3 as they have been recorded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any
from urllib.parse import quote

from moto.core.responses import ActionResult
from moto.core.utils import iso_8601_datetime_without_milliseconds_s3, utcnow
from moto.s3.exceptions import S3ClientError
from moto.s3.models import OWNER, FakeKey, FakeMultipart
from moto.s3.responses import S3Response

from local_aws.control_plane import moto_seams
from local_aws.control_plane.api_errors import ApiError
from local_aws.control_plane.s3.data_protection import checksums, encryption
from local_aws.control_plane.s3.objects import conditional_writes, pages
from local_aws.control_plane.s3.uploads import known_uploads, part_checksums

_SMALLEST_PART = 5 * 1024 * 1024
"""In bytes, of each part but the last."""
_OWNER = {"ID": OWNER, "DisplayName": "webfile"}

_moto_post = S3Response._key_response_post


@dataclass
class _Beginning:
    """When an upload began, in UTC without a zone."""

    at: datetime = field(default_factory=utcnow)


@dataclass
class _Completion:
    """What the request that completes an upload says of checksums.

    Of the object in headers, their names in lower case; of the parts in its document.
    """

    headers: Mapping[str, str] = field(default_factory=dict)
    checksums: part_checksums.Given = field(default_factory=dict)


def install() -> None:
    moto_seams.replace(S3Response, _key_response_post=_post, list_multipart_uploads=_list)


def require_complete(upload: FakeMultipart, named: Sequence[tuple[int, str]]) -> None:
    """Raise an error unless the parts, by their numbers and ETags, are those of an object."""
    if any(second <= first for (first, _), (second, _) in pairwise(named)):
        raise S3ClientError(
            "InvalidPartOrder",
            "The list of parts was not in ascending order. Parts must be ordered by part number.",
        )
    for number, etag in named:
        part = upload.parts.get(number)
        if part is None or part.etag.strip('"') != etag.strip('"'):
            raise part_checksums.other_part(upload, number, etag)
    _require_size(upload, named)
    part_checksums.require_same(upload, named, moto_seams.notes(upload, _Completion).checksums)
    for number, etag in named[:-1]:
        size = upload.parts[number].size
        if size < _SMALLEST_PART:
            raise ApiError(
                "400 Bad Request",
                "EntityTooSmall",
                "Your proposed upload is smaller than the minimum allowed size",
                {
                    "ETag": etag.strip('"'),
                    "MinSizeAllowed": str(_SMALLEST_PART),
                    "PartNumber": str(number),
                    "ProposedSize": str(size),
                },
            )


def _require_size(upload: FakeMultipart, named: Sequence[tuple[int, str]]) -> None:
    """AWS: the request may say how many bytes the parts have together."""
    given = moto_seams.notes(upload, _Completion).headers.get("x-amz-mp-object-size")
    size = sum(upload.parts[number].size for number, _ in named)
    if given is not None and given != str(size):
        raise S3ClientError(
            "InvalidRequest",
            f"The provided 'x-amz-mp-object-size' header value {given} does not match what was "
            f"computed: {size}",
        )


def require_checksum(upload: FakeMultipart, found: tuple[str, str, int] | None) -> None:
    """Raise an error unless the joined parts have the checksum that the request gives."""
    algorithm = part_checksums.algorithm_of(upload)
    if algorithm and found:
        headers = moto_seams.notes(upload, _Completion).headers
        checksums.require_joined(headers, algorithm, found)


def _post(
    self: S3Response,
    request: Any,
    body: bytes,
    bucket_name: str,
    query: dict[str, Any],
    key_name: str,
) -> Any:
    if query.get("uploadId"):
        known_uploads.require_known(self, query["uploadId"][0], key_name)
        conditional_writes.require_match(self, key_name)
        _note_checksums(self, bucket_name, query["uploadId"][0], body)
    else:
        checksums.require_possible(self.headers)
    status, headers, answer = _moto_post(self, request, body, bucket_name, query, key_name)
    if query.get("uploadId"):
        return _completed(self, key_name, (status, headers, answer))
    if "uploads" in query:
        bucket = self.backend.get_bucket(bucket_name)
        *_, upload = bucket.multiparts.values()
        moto_seams.notes(upload, _Beginning)
        headers |= encryption.headers_of(bucket, upload.sse_encryption, upload.kms_key_id)
    return status, headers, answer


def _note_checksums(call: S3Response, bucket_name: str, upload_id: str, document: bytes) -> None:
    """What the request says of checksums, for when the parts are joined."""
    upload = call.backend.get_bucket(bucket_name).multiparts.get(upload_id)
    if upload is not None:
        given = {name.lower(): value for name, value in call.headers.items()}
        completion = moto_seams.notes(upload, _Completion)
        completion.headers, completion.checksums = given, part_checksums.given(document)


def _completed(call: S3Response, key_name: str, answer: Any) -> Any:
    """A version's id is shown where there are versions, an object's checksum where it has one."""
    status, headers, body = answer
    bucket = call.backend.get_bucket(call.bucket_name)
    made = bucket.keys.get(key_name)
    if status != 200 or not isinstance(made, FakeKey):
        return answer
    if not bucket.is_versioned:
        headers.pop("x-amz-version-id", None)
    headers |= encryption.headers_of(bucket, made.encryption, made.kms_key_id)
    if not made.checksum_algorithm:
        return status, headers, body
    parts = f"-{made.checksum_parts}" if made.checksum_type == "COMPOSITE" else ""
    members = {
        "Location": f"http://{bucket.name}.s3.amazonaws.com/{quote(key_name)}",
        "Bucket": bucket.name,
        "Key": key_name,
        "ETag": made.etag,
        f"Checksum{made.checksum_algorithm}": f"{made.checksum_value}{parts}",
        "ChecksumType": made.checksum_type,
    }
    _, _, with_checksum = call.serialized(ActionResult(members))
    return status, headers, with_checksum


def _list(self: S3Response) -> Any:
    given = self._get_querystring(self.request, self.uri)

    def text(name: str) -> str:
        return str(given.get(name, [""])[0])

    key_marker, id_marker = text("key-marker"), text("upload-id-marker")
    encoded = quote if text("encoding-type") == "url" else str
    uploads = _after(self.backend.list_multipart_uploads(self.bucket_name), key_marker, id_marker)
    found = pages.entries(
        uploads, lambda each: str(each.key_name), text("prefix"), text("delimiter")
    )
    wanted = pages.wanted(text("max-uploads") or str(pages.MOST), "max-uploads", 0, pages.LARGEST)
    most = min(wanted, pages.MOST)
    beyond = (each for each in found if each.item or each.name > key_marker)
    shown, is_truncated = pages.page(beyond, most)
    prefixes = [{"Prefix": encoded(each.name)} for each in shown if each.item is None]
    answer: dict[str, Any] = {
        "Bucket": self.bucket_name,
        "KeyMarker": encoded(key_marker),
        "UploadIdMarker": id_marker,
        "Prefix": encoded(text("prefix")),
        "Delimiter": encoded(text("delimiter")) or None,
        "EncodingType": text("encoding-type") or None,
        "MaxUploads": most,
        "IsTruncated": is_truncated,
        "CommonPrefixes": prefixes or None,
        "Uploads": [_upload(each.item, encoded(each.name)) for each in shown if each.item],
    }
    if is_truncated:
        last = shown[-1]
        answer["NextKeyMarker"] = encoded(last.name)
        answer["NextUploadIdMarker"] = last.item.id if last.item else ""
    self.data["Action"] = "ListMultipartUploads"
    return self.serialized(ActionResult(answer))


def _after(
    uploads: dict[str, FakeMultipart], key_marker: str, id_marker: str
) -> Iterator[FakeMultipart]:
    """Those behind the markers, by key and then in the order in which they began."""
    in_order = sorted(uploads.values(), key=lambda upload: str(upload.key_name))
    is_behind = not id_marker
    for upload in in_order:
        if upload.key_name > key_marker or (
            upload.key_name == key_marker and is_behind and id_marker
        ):
            yield upload
        is_behind = is_behind or upload.id == id_marker


def _upload(upload: FakeMultipart, name: str) -> dict[str, Any]:
    began = moto_seams.notes(upload, _Beginning).at
    return {
        "Key": name,
        "UploadId": upload.id,
        "Initiator": _OWNER,
        "Owner": _OWNER,
        "StorageClass": upload.storage,
        "Initiated": iso_8601_datetime_without_milliseconds_s3(began),
        "ChecksumAlgorithm": part_checksums.algorithm_of(upload),
        "ChecksumType": part_checksums.type_of(upload),
    }
