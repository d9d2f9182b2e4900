"""One part of an object, where moto's GetObject gives the whole and its HeadObject another object.

A part keeps the number under which it was uploaded, and is answered as a range is: 206, with the
ETag of the whole. An object that was put as a whole has part 1. What the completion of an upload
does not name is no part of the object.

Source: API_GetObject and API_HeadObject, partNumber; API_CompleteMultipartUpload; "Error responses"
in the S3 API Reference: InvalidPartNumber, InvalidRequest.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate, pairwise
from typing import Any

from moto.core.responses import ActionResult
from moto.s3.exceptions import InvalidArgumentError, MissingKey, S3ClientError
from moto.s3.models import FakeKey, FakeMultipart
from moto.s3.responses import S3Response

from local_aws.control_plane import moto_seams
from local_aws.control_plane.s3.objects import object_reads
from local_aws.control_plane.s3.objects.object_reads import Answer
from local_aws.control_plane.s3.uploads import multipart_uploads

_PART_NUMBERS = range(1, 10_001)
_NO_SUCH_PART = "InvalidPartNumber"

_moto_join = FakeMultipart.complete


def install() -> None:
    moto_seams.replace(S3Response, get_object=_get, head_object=_head)
    moto_seams.replace(FakeMultipart, complete=_join)


def _get(self: S3Response) -> Answer:
    given = self.querystring.pop("partNumber", None)
    whole: Answer = object_reads.get(self)
    if given is None or whole[0] != 200:
        return whole
    try:
        return _part(self, self.parse_key_name(), given[0], whole)
    except S3ClientError as error:
        if error.code != _NO_SUCH_PART:
            raise
        _, headers, body = self.serialized(ActionResult(error))
        return 416, headers, body


def _head(
    self: S3Response, bucket_name: str, query: dict[str, Any], key_name: str, headers: Any
) -> Answer:
    given = query.pop("partNumber", None)
    whole: Answer = object_reads.head(self, bucket_name, query, key_name, headers)
    if given is None or whole[0] != 200:
        return whole
    try:
        return _part(self, key_name, given[0], whole)
    except S3ClientError as error:
        return 416 if error.code == _NO_SUCH_PART else 400, {}, ""


def _part(call: S3Response, key_name: str, given: str, whole: Answer) -> Answer:
    """Return the answer for one part, made of the answer for the whole object.

    Raises S3ClientError for a part that the object does not have, for what is no number of a part,
    and for a part beside a Range.
    """
    number = _number(given)
    if call.headers.get("Range"):
        raise S3ClientError(
            "InvalidRequest", "Cannot specify both Range header and partNumber query parameter"
        )
    version = call.querystring.get("versionId", [None])[0]
    key = call.backend.get_object(call.bucket_name, key_name, version_id=version)
    if key is None:
        raise MissingKey(key=key_name)
    parts = _byte_ranges(key)
    if number not in parts:
        raise S3ClientError(_NO_SUCH_PART, "The requested partnumber is not satisfiable")
    begin, end = parts[number]
    _, headers, body = whole
    if upload_of(key):
        # A checksum is one of the whole: a client would compare it with the part.
        headers = {name: value for name, value in headers.items() if "x-amz-checksum-" not in name}
        headers["x-amz-mp-parts-count"] = str(len(parts))
    headers["content-length"] = str(end - begin)
    if begin == end:
        return 200, headers, body
    headers["content-range"] = f"bytes {begin}-{end - 1}/{key.size}"
    return 206, headers, body[begin:end]


def _number(given: str) -> int:
    if not given.isdecimal() or int(given) not in _PART_NUMBERS:
        raise InvalidArgumentError(
            "Part number must be an integer between 1 and 10000, inclusive", "partNumber", given
        )
    return int(given)


def upload_of(key: FakeKey) -> FakeMultipart | None:
    """The upload in parts that made it; none of a copy, whose ETag counts no parts."""
    return key.multipart if "-" in key.etag else None


def _byte_ranges(key: FakeKey) -> dict[int, tuple[int, int]]:
    """Return where each part begins, and where it has ended, by its number."""
    upload = upload_of(key)
    if upload is None:
        return {1: (0, key.size)}
    sizes = (upload.parts[number].size for number in upload.partlist)
    return dict(zip(upload.partlist, pairwise(accumulate(sizes, initial=0)), strict=True))


def _join(self: FakeMultipart, body: Iterator[tuple[int, str]]) -> Any:
    named = list(body)
    multipart_uploads.require_complete(self, named)
    joined = _moto_join(self, iter(named))
    multipart_uploads.require_checksum(self, joined[2])
    self.partlist = [number for number, _ in named]
    for number in self.parts.keys() - set(self.partlist):
        self.parts.pop(number).dispose()
    return joined
