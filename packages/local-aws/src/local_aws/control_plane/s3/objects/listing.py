"""ListObjects, ListObjectsV2, ListObjectVersions and ListBuckets, page by page.

moto counts keys only, gives ListObjects a marker that is no key, and its answers lack members that
clients read.

Source: API_ListObjects (NextMarker only with a delimiter), API_ListObjectsV2,
API_ListObjectVersions, API_ListBuckets (BucketRegion only for a request with a parameter); answers
of the real S3 as they have been recorded.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from moto.core.responses import ActionResult
from moto.s3.exceptions import InvalidArgumentError, InvalidContinuationToken, MethodNotAllowed
from moto.s3.models import OWNER, FakeBucket, FakeKey, FakeTableStorageBucket, S3Backend
from moto.s3.responses import S3Response

from local_aws.control_plane import moto_seams
from local_aws.control_plane.s3.objects import pages, versions

_MOST_BUCKETS = 10_000
_OWNER = {"ID": OWNER, "DisplayName": "webfile"}


def install() -> None:
    moto_seams.replace(
        S3Response,
        all_buckets=_buckets,
        list_objects=_objects,
        list_objects_v2=_objects_v2,
        list_object_versions=_versions,
    )


def _objects(self: S3Response) -> Any:
    query = _Query(self)
    marker = query.text("marker")
    shown, is_truncated = _page_of_objects(query, after=marker)
    answer = {**query.members(shown, is_truncated), "Marker": query.encoded(marker)}
    answer["Contents"] = [
        {**_object(query, each.item), "Owner": _OWNER} for each in shown if each.item
    ]
    if is_truncated and query.delimiter:
        answer["NextMarker"] = query.encoded(shown[-1].name)
    self.data["Action"] = "ListObjects"
    return self.serialized(ActionResult(answer))


def _objects_v2(self: S3Response) -> Any:
    query = _Query(self)
    token, start_after = query.given("continuation-token"), query.text("start-after")
    after = start_after if token is None else _continued(self.backend, token)
    shown, is_truncated = _page_of_objects(query, after=after)
    answer = {**query.members(shown, is_truncated), "KeyCount": len(shown)}
    owner = {"Owner": _OWNER} if query.text("fetch-owner") == "true" else {}
    answer["Contents"] = [{**_object(query, each.item), **owner} for each in shown if each.item]
    answer["ContinuationToken"] = token
    if start_after:
        answer["StartAfter"] = query.encoded(start_after)
    if is_truncated:
        answer["NextContinuationToken"] = _token(self.backend, shown[-1].name)
    self.data["Action"] = "ListObjectsV2"
    return self.serialized(ActionResult(answer))


def _versions(self: S3Response) -> Any:
    query = _Query(self)
    key_marker, version_marker = query.text("key-marker"), query.text("version-id-marker")
    found = pages.entries(
        _after_version(query.bucket, key_marker, version_marker),
        lambda version: version.name,
        query.prefix,
        query.delimiter,
    )
    beyond = (each for each in found if each.item or each.name > key_marker)
    shown, is_truncated = pages.page(beyond, query.most)
    answer = {
        **query.members(shown, is_truncated),
        "KeyMarker": query.encoded(key_marker),
        "VersionIdMarker": version_marker,
    }
    found_versions = [each.item for each in shown if each.item]
    answer["Versions"] = [
        {**_version(query, each), **_object(query, each)}
        for each in found_versions
        if isinstance(each, FakeKey)
    ]
    answer["DeleteMarkers"] = [
        _version(query, each) for each in found_versions if not isinstance(each, FakeKey)
    ]
    if is_truncated:
        last = shown[-1]
        answer["NextKeyMarker"] = query.encoded(last.name)
        answer["NextVersionIdMarker"] = last.item.version_id if last.item else None
    self.data["Action"] = "ListObjectVersions"
    return self.serialized(ActionResult(answer))


def _buckets(self: S3Response) -> Any:
    self.data["Action"] = "ListAllMyBuckets"
    self._authenticate_and_authorize_s3_action()
    given = {
        name: self._get_param(name)
        for name in ("prefix", "bucket-region", "max-buckets", "continuation-token")
    }
    token = given["continuation-token"]
    after = _continued(self.backend, token) if token else ""
    names = sorted(
        name
        for name, bucket in self.backend.buckets.items()
        if name.startswith(given["prefix"] or "")
        and given["bucket-region"] in (None, bucket.region_name)
        and name > after
    )
    wanted = given["max-buckets"] or str(_MOST_BUCKETS)
    most = pages.wanted(wanted, "max-buckets", 1, _MOST_BUCKETS)
    shown = [self.backend.buckets[name] for name in names[:most]]
    has_any = any(given.values())
    answer: dict[str, Any] = {
        "Owner": _OWNER,
        "Prefix": given["prefix"],
        "Buckets": [
            {
                "Name": each.name,
                "CreationDate": each.creation_date_ISO8601,
                **({"BucketRegion": each.region_name} if has_any else {}),
            }
            for each in shown
        ],
    }
    if len(names) > most:
        answer["ContinuationToken"] = _token(self.backend, shown[-1].name)
    self.data["Action"] = "ListBuckets"
    return self.serialized(ActionResult(answer))


class _Query:
    """What a list is to have, from the query of its request."""

    def __init__(self, call: S3Response) -> None:
        self._given = call._get_querystring(call.request, call.uri)
        self.bucket: FakeBucket = call.backend.get_bucket(call.bucket_name)
        self.prefix = self.text("prefix")
        self.delimiter = self.text("delimiter")
        self.encoding = self.text("encoding-type")
        if self.encoding not in ("", "url"):
            raise InvalidArgumentError(
                "Invalid Encoding Method specified in Request", "encoding-type", self.encoding
            )
        wanted = self.text("max-keys") or str(pages.MOST)
        self.most = min(pages.wanted(wanted, "max-keys", 0, pages.LARGEST), pages.MOST)

    def given(self, name: str) -> str | None:
        value = self._given.get(name, [None])[0]
        return None if value is None else str(value)

    def text(self, name: str) -> str:
        return self.given(name) or ""

    def encoded(self, name: str) -> str:
        return quote(name) if self.encoding else name

    def members(self, shown: list[pages.Entry[Any]], is_truncated: bool) -> dict[str, Any]:
        """The members that each list has."""
        prefixes = [{"Prefix": self.encoded(each.name)} for each in shown if each.item is None]
        return {
            "Name": self.bucket.name,
            "Prefix": self.encoded(self.prefix),
            "Delimiter": self.encoded(self.delimiter) if self.delimiter else None,
            "MaxKeys": self.most,
            "EncodingType": self.encoding or None,
            "IsTruncated": is_truncated,
            "CommonPrefixes": prefixes or None,
        }


def _page_of_objects(query: _Query, after: str) -> tuple[list[pages.Entry[FakeKey]], bool]:
    """The current versions behind that key, or behind all that begins with that common prefix."""
    if isinstance(query.bucket, FakeTableStorageBucket):
        raise MethodNotAllowed
    current = (query.bucket.keys[name] for name in sorted(query.bucket.keys) if name > after)
    objects = (each for each in current if isinstance(each, FakeKey))
    found = pages.entries(objects, lambda key: str(key.name), query.prefix, query.delimiter)
    return pages.page((each for each in found if each.name > after), query.most)


def _object(query: _Query, key: FakeKey) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "Key": query.encoded(key.name),
        "LastModified": key.last_modified_ISO8601,
        "ETag": key.etag,
        "Size": key.size,
        "StorageClass": key.storage_class,
    }
    if key.checksum_algorithm:
        shown["ChecksumAlgorithm"] = [key.checksum_algorithm]
        shown["ChecksumType"] = key.checksum_type
    return shown


def _after_version(
    bucket: FakeBucket, key_marker: str, version_marker: str
) -> Iterator[versions.Version]:
    """All versions by key, each key's from the current one on, behind the markers' version."""
    for name in sorted(bucket.keys):
        newest_first = versions.of(bucket, name)[::-1]
        if name == key_marker:
            ids = [each.version_id for each in newest_first]
            is_there = version_marker in ids
            newest_first = newest_first[ids.index(version_marker) + 1 :] if is_there else []
        if name >= key_marker:
            yield from newest_first


def _version(query: _Query, version: versions.Version) -> dict[str, Any]:
    return {
        "Key": query.encoded(version.name),
        "VersionId": version.version_id,
        "IsLatest": version is query.bucket.keys[version.name],
        "LastModified": version.last_modified_ISO8601,
        "Owner": _OWNER,
    }


def _token(backend: S3Backend, name: str) -> str:
    """What a list goes on with behind that name."""
    token = hashlib.sha256(name.encode()).hexdigest()
    backend._pagination_tokens[token] = name
    return token


def _continued(backend: S3Backend, token: str) -> str:
    name: str | None = backend._pagination_tokens.get(token)
    if name is None:
        raise InvalidContinuationToken
    return name
