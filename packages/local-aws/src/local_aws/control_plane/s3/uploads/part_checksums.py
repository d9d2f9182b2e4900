"""Checksums of an upload's parts: those that its completion names, and those that are shown.

An upload that was begun with a composite checksum is completed by the checksums of its parts.

Source: "Checking object integrity for data uploads" in the S3 User Guide; API_CompletedPart; the
words of the errors as clients' tests against the real S3 have them.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from xml.etree import ElementTree

from moto.s3.exceptions import InvalidArgumentError, S3ClientError
from moto.s3.models import FakeKey, FakeMultipart

from local_aws.control_plane.api_errors import ApiError
from local_aws.control_plane.s3.data_protection import checksums

Given = Mapping[int, Mapping[str, str]]
"""By a part's number, its checksums by the names of their algorithms."""

_ELEMENT = "Checksum"


def given(document: bytes) -> Given:
    """What a CompleteMultipartUpload document says of its parts.

    Raises InvalidArgumentError for a part with several checksums, or with one that is none.
    """
    found: dict[int, dict[str, str]] = {}
    for part in ElementTree.fromstring(document):  # noqa: S314 - request_documents.py has read it
        texts = {_name(each): (each.text or "").strip() for each in part}
        named = {
            name.removeprefix(_ELEMENT): text
            for name, text in texts.items()
            if name.removeprefix(_ELEMENT) in checksums.BYTES
        }
        if len(named) > 1 or not all(_is_one(*each) for each in named.items()):
            raise InvalidArgumentError(
                "Invalid Base64 or multiple checksums present in request",
                "Checksum",
                "".join(f"{name}:{text};" for name, text in named.items()),
            )
        if texts.get("PartNumber", "").isdecimal():
            found[int(texts["PartNumber"])] = named
    return found


def algorithm_of(upload: FakeMultipart) -> str | None:
    """None of an upload without checksums."""
    found: str | None = upload.metadata.get("x-amz-checksum-algorithm")
    return found


def type_of(upload: FakeMultipart) -> str | None:
    """What the checksum of the object is of; an upload that does not say so has its algorithm's."""
    algorithm = algorithm_of(upload)
    usual = "FULL_OBJECT" if algorithm == "CRC64NVME" else "COMPOSITE"
    found: str = upload.metadata.get("x-amz-checksum-type", usual)
    return found if algorithm else None


def require_same(upload: FakeMultipart, named: Sequence[tuple[int, str]], said: Given) -> None:
    """Raise an error unless each part, by its number and ETag, has the checksum that is said of it.

    Raises S3ClientError for a part of a composite checksum of which nothing is said, and ApiError
    for one that has another checksum.
    """
    algorithm = algorithm_of(upload)
    is_needed = type_of(upload) == "COMPOSITE"
    for number, etag in named:
        of_part = said.get(number, {})
        if algorithm and is_needed and algorithm not in of_part:
            raise S3ClientError(
                "InvalidRequest",
                f"The upload was created using a {algorithm.lower()} checksum. The complete "
                "request must include the checksum for each part. It was missing for part "
                f"{number} in the request.",
            )
        part = upload.parts[number]
        if any(_of(part, name) != value for name, value in of_part.items()):
            raise other_part(upload, number, etag)


def other_part(upload: FakeMultipart, number: int, etag: str) -> ApiError:
    """The error for a part that was not uploaded as the completion has it."""
    return ApiError(
        "400 Bad Request",
        "InvalidPart",
        "One or more of the specified parts could not be found.  The part may not have "
        "been uploaded, or the specified entity tag may not match the part's entity tag.",
        {"UploadId": upload.id, "PartNumber": str(number), "ETag": etag.strip('"')},
    )


def shown(upload: FakeMultipart, part: FakeKey) -> dict[str, str]:
    """The member of an answer that has a part's checksum; none of an upload without checksums."""
    algorithm = algorithm_of(upload)
    return {f"{_ELEMENT}{algorithm}": _of(part, algorithm)} if algorithm else {}


def _of(part: FakeKey, algorithm: str) -> str:
    """The part's checksum, which it keeps once it is computed."""
    if part.checksum_algorithm != algorithm or not part.checksum_value:
        part.checksum_value = checksums.computed(part.value, algorithm).decode()
        part.checksum_algorithm = algorithm
    return str(part.checksum_value)


def _is_one(algorithm: str, text: str) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) == checksums.BYTES[algorithm]
    except ValueError:
        return False


def _name(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]
