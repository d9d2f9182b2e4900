"""Versions of objects and their delete markers, in buckets whose versioning is on or suspended.

moto forgets all versions of an object that is put while versioning is suspended, creates a delete
marker only for an object that exists, and reports a missing version as deleted.

Source: "How S3 Versioning works", "Adding objects to versioning-suspended buckets", "Deleting
objects from versioning-suspended buckets" and "Working with delete markers" in the S3 User Guide;
API_DeleteObject; answers of the real S3 as they have been recorded.
"""

from __future__ import annotations

from typing import Any

from moto.core.utils import utcnow
from moto.s3 import notifications
from moto.s3.exceptions import InvalidVersion, MethodNotAllowed, MissingKey, MissingVersion
from moto.s3.models import (
    FakeBucket,
    FakeDeleteMarker,
    FakeKey,
    FakeTableStorageBucket,
    S3Backend,
)

from local_aws.control_plane import moto_seams
from local_aws.control_plane.s3.objects import object_locks, version_ids
from local_aws.control_plane.s3.objects.version_ids import NULL

Version = FakeKey | FakeDeleteMarker
"""The versions of an object are kept from the oldest to the current one."""

_DELETED = notifications.S3NotificationEvent.OBJECT_REMOVED_DELETE_EVENT
_MARKED = notifications.S3NotificationEvent.OBJECT_REMOVED_DELETE_MARKER_CREATED_EVENT

_moto_init = FakeKey.__init__
_moto_put = S3Backend.put_object


class DeleteMarker(FakeDeleteMarker):
    """A delete marker, which needs no object that it hides."""

    def __init__(self, name: str, version_id: str) -> None:
        self.name = name
        self.last_modified = utcnow()
        self._version_id = version_id


def install() -> None:
    moto_seams.replace(FakeKey, __init__=_init)
    moto_seams.replace(S3Backend, put_object=_put, delete_object=_delete)


def of(bucket: FakeBucket, key_name: str) -> list[Version]:
    return list(bucket.keys.getlist(key_name, []))


def found(bucket: FakeBucket, key_name: str, version_id: str | None) -> Version:
    """The version of that id, the current one without an id; it may be a delete marker.

    Raises MissingKey, MissingVersion, and InvalidVersion for an id that S3 never made.
    """
    versions = of(bucket, key_name)
    if version_id is None:
        if not versions:
            raise missing(key_name)
        return versions[-1]
    for version in versions:
        if version.version_id == version_id:
            return version
    if version_ids.was_made(version_id):
        raise MissingVersion(key=key_name, version_id=version_id)
    raise InvalidVersion(version_id)


def found_object(
    bucket: FakeBucket, key_name: str, version_id: str | None, *, method: str
) -> FakeKey:
    """As `found`, with an error for a delete marker, which has no content."""
    version = found(bucket, key_name, version_id)
    if isinstance(version, FakeKey):
        return version
    if version_id is None:
        raise missing(key_name)
    raise MethodNotAllowed(method=method, resource_type="DeleteMarker")


def missing(key_name: str) -> MissingKey:
    return MissingKey(key=key_name)


def changeable(
    bucket: FakeBucket, key_name: str, version_id: str | None, *, method: str
) -> FakeKey:
    """As `found`, for what a delete marker cannot have either where it is the current version."""
    version = found(bucket, key_name, version_id)
    if isinstance(version, FakeDeleteMarker):
        raise MethodNotAllowed(method=method, resource_type="DeleteMarker")
    return version


def _init(self: FakeKey, *arguments: Any, version_id: str | None = None, **named: Any) -> None:
    """moto's own ids are UUIDs."""
    named["version_id"] = version_id if version_id in (None, NULL) else version_ids.new()
    _moto_init(self, *arguments, **named)


def _put(self: S3Backend, bucket_name: str, key_name: str, *arguments: Any, **named: Any) -> Any:
    """While versioning is suspended, take the place of the null version only."""
    bucket = self.get_bucket(bucket_name)
    earlier = of(bucket, key_name)
    kept = [each for each in earlier if each.version_id != NULL]
    if bucket.versioning_status != "Suspended" or not kept:
        return _moto_put(self, bucket_name, key_name, *arguments, **named)
    # What moto sees in the bucket it disposes of.
    _set(bucket, key_name, [each for each in earlier if each.version_id == NULL])
    try:
        made = _moto_put(self, bucket_name, key_name, *arguments, **named)
    except Exception:
        _set(bucket, key_name, earlier)
        raise
    _set(bucket, key_name, [*kept, made])
    return made


def _set(bucket: FakeBucket, key_name: str, versions: list[Version]) -> None:
    """Put them in the bucket, without disposing of those that were there."""
    dict.__setitem__(bucket.keys, key_name, versions)


def _delete(
    self: S3Backend,
    bucket_name: str,
    key_name: str,
    version_id: str | None = None,
    bypass: bool = False,
) -> tuple[bool, dict[str, Any]]:
    """Return whether something was deleted, and the answer's members as moto names its headers.

    Raises InvalidVersion for an id that S3 never made; one whose version is gone deletes nothing.
    """
    bucket = self.get_bucket(bucket_name)
    if isinstance(bucket, FakeTableStorageBucket):
        raise MethodNotAllowed
    if version_id is None and bucket.versioning_status:
        return True, _mark(self, bucket, key_name)
    return _remove(self, bucket, key_name, version_id or NULL, bypass=bypass)


def _mark(backend: S3Backend, bucket: FakeBucket, key_name: str) -> dict[str, Any]:
    is_enabled = bucket.is_versioned
    marker = DeleteMarker(key_name, version_ids.new() if is_enabled else NULL)
    kept = [each for each in of(bucket, key_name) if is_enabled or each.version_id != NULL]
    bucket.keys.setlist(key_name, [*kept, marker])
    notifications.send_event(backend.account_id, _MARKED, bucket, _named(backend, marker))
    return {"version-id": marker.version_id, "delete-marker": "true"}


def _remove(
    backend: S3Backend, bucket: FakeBucket, key_name: str, version_id: str, *, bypass: bool
) -> tuple[bool, dict[str, Any]]:
    shown = {"version-id": version_id} if bucket.versioning_status else {}
    try:
        version = found(bucket, key_name, version_id)
    except MissingVersion:
        return False, shown
    if isinstance(version, FakeDeleteMarker):
        shown["delete-marker"] = "true"
    elif version.is_locked(governance_bypass=bypass):
        raise object_locks.is_protected()
    kept = [each for each in of(bucket, key_name) if each is not version]
    notifications.send_event(backend.account_id, _DELETED, bucket, _named(backend, version))
    bucket.keys.setlist(key_name, kept)
    if not kept:
        dict.pop(bucket.keys, key_name)
    return True, shown


def _named(backend: S3Backend, version: Version) -> FakeKey:
    """A notification is about an object: of a delete marker, one without content."""
    if isinstance(version, FakeKey):
        return version
    return FakeKey(
        name=version.name,
        value=b"",
        account_id=backend.account_id,
        region_name=backend.region_name,
        version_id=NULL,
    )
