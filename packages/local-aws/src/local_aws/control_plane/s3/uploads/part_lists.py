"""Lists of parts, of an upload and of the object that it made: page by page, with their checksums.

moto takes the number of the last part on a page for how many parts came before, shows no parts of
an object, and takes any name for an attribute of one.

Source: API_ListParts; API_GetObjectAttributes: ObjectParts, whose Parts are there only for an
object with a checksum.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.core.responses import ActionResult
from moto.s3.exceptions import InvalidArgumentError, NoSuchUpload, S3ClientError
from moto.s3.models import OWNER, FakeKey, FakeMultipart
from moto.s3.responses import S3Response

from local_aws.control_plane import moto_seams
from local_aws.control_plane.s3.objects import object_reads, pages
from local_aws.control_plane.s3.objects.object_reads import Answer
from local_aws.control_plane.s3.uploads import object_parts, part_checksums

_ATTRIBUTES = "x-amz-object-attributes"
_NAMES = frozenset({"Checksum", "ETag", "ObjectParts", "ObjectSize", "StorageClass"})
_OWNER = {"ID": OWNER, "DisplayName": "webfile"}


def install() -> None:
    moto_seams.replace(S3Response, list_parts=_list, get_object_attributes=_attributes)


def _list(self: S3Response) -> Answer:
    upload_id = self._get_param("uploadId")
    upload = self.backend.get_bucket(self.bucket_name).multiparts.get(upload_id)
    if upload is None:
        raise NoSuchUpload(upload_id=upload_id)
    given = self._get_querystring(self.request, self.uri)
    asked = {str(name): str(texts[0]) for name, texts in given.items()}
    answer = {
        "Bucket": self.bucket_name,
        "Key": self.parse_key_name(),
        "UploadId": upload_id,
        "StorageClass": upload.storage,
        "Initiator": _OWNER,
        "Owner": _OWNER,
        "ChecksumAlgorithm": part_checksums.algorithm_of(upload),
        "ChecksumType": part_checksums.type_of(upload),
        **_page(upload, asked, ""),
    }
    for part in answer["Parts"]:
        key = upload.parts[part["PartNumber"]]
        part |= {"ETag": key.etag, "LastModified": key.last_modified_ISO8601}
    self.data["Action"] = "ListParts"
    status, headers, body = self.serialized(ActionResult(answer))
    return status, {**headers, **self._get_cors_headers_other()}, body


def _attributes(self: S3Response) -> Answer:
    wanted = _wanted(self.headers.get(_ATTRIBUTES, ""))
    try:
        key, is_known = self._get_key(validate_storage_class=False)
    except S3ClientError as error:
        return object_reads.refused(self, error)
    headers = self._get_cors_headers_other()
    if is_known:
        return 304, headers, "Not Modified"
    if key.version_id != "null":
        headers["x-amz-version-id"] = key.version_id
    found = self.backend.get_object_attributes(key, wanted)
    answer = {
        "LastModified": key.last_modified,
        "ETag": found["etag"],
        "Checksum": _checksum(found["checksum"]),
        "ObjectParts": _object_parts(key, self.headers) if "ObjectParts" in wanted else None,
        "ObjectSize": found["size"],
        "StorageClass": found["storage_class"],
    }
    self.data["Action"] = "GetObjectAttributes"
    status, more, body = self.serialized(ActionResult(answer))
    return status, {**more, **headers}, body


def _wanted(given: str) -> list[str]:
    """Raises InvalidArgumentError for a name that no attribute has, and for none at all."""
    names = [name.strip() for name in given.split(",")]
    if not _NAMES.issuperset(names):
        raise InvalidArgumentError("Invalid attribute name specified.", _ATTRIBUTES, given)
    return names


def _checksum(found: Mapping[str, str] | None) -> dict[str, str] | None:
    """As moto names it: the type beside the value, by the name of the algorithm."""
    if not found:
        return None
    names = {"type": "ChecksumType"}
    return {names.get(name, f"Checksum{name}"): text for name, text in found.items()}


def _object_parts(key: FakeKey, headers: Mapping[str, str]) -> dict[str, Any] | None:
    upload = object_parts.upload_of(key)
    if upload is None:
        return None
    total = {"TotalPartsCount": len(upload.partlist)}
    if not key.checksum_algorithm:
        return total
    return {**total, **_page(upload, headers, "x-amz-")}


def _page(upload: FakeMultipart, asked: Mapping[str, str], prefix: str) -> dict[str, Any]:
    """The members of an answer that say of a page of parts, with their sizes and checksums.

    `asked` has the page's size and beginning under these names, behind `prefix`.
    """
    of_marker, of_size = f"{prefix}part-number-marker", f"{prefix}max-parts"
    marker = pages.wanted(asked.get(of_marker) or "0", of_marker, 0, pages.LARGEST)
    wanted = asked.get(of_size) or str(pages.MOST)
    most = min(pages.wanted(wanted, of_size, 0, pages.LARGEST), pages.MOST)
    beyond = [number for number in upload.partlist if number > marker]
    numbers = beyond[:most]
    parts = [
        {
            "PartNumber": number,
            "Size": upload.parts[number].size,
            **part_checksums.shown(upload, upload.parts[number]),
        }
        for number in numbers
    ]
    return {
        "PartNumberMarker": marker,
        "NextPartNumberMarker": numbers[-1] if numbers else 0,
        "MaxParts": most,
        "IsTruncated": 0 < most < len(beyond),
        "Parts": parts,
    }
