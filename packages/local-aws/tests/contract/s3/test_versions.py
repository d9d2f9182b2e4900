"""Versions of objects and delete markers, while a bucket's versioning is on and suspended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from refusals import refusal_of

KEY = "report"
NEVER_MADE = "HPniJFCxqTsMuIH9KX8K8wEjNUgmABCD"

Versioning = Callable[[str], None]


@pytest.fixture
def at(s3: Any, unique_name: str) -> Iterator[dict[str, str]]:
    """An object's place in a bucket of its own, which is emptied version by version."""
    s3.create_bucket(Bucket=unique_name)
    yield {"Bucket": unique_name, "Key": KEY}
    found = s3.list_object_versions(Bucket=unique_name)
    for each in found.get("Versions", []) + found.get("DeleteMarkers", []):
        s3.delete_object(Bucket=unique_name, Key=each["Key"], VersionId=each["VersionId"])
    s3.delete_bucket(Bucket=unique_name)


@pytest.fixture
def versioning(s3: Any, at: dict[str, str]) -> Versioning:
    def put(status: str) -> None:
        s3.put_bucket_versioning(Bucket=at["Bucket"], VersioningConfiguration={"Status": status})

    return put


def ids(s3: Any, at: dict[str, str], kind: str = "Versions") -> list[str]:
    found = s3.list_object_versions(Bucket=at["Bucket"]).get(kind, [])
    return [each["VersionId"] for each in found]


def test_versions_stay_while_versioning_is_suspended(
    s3: Any, at: dict[str, str], versioning: Versioning
) -> None:
    """S3 User Guide, "Adding objects to versioning-suspended buckets"; recorded from AWS."""
    versioning("Enabled")
    first, second = (s3.put_object(**at, Body=body)["VersionId"] for body in (b"1", b"2"))
    versioning("Suspended")
    for body in (b"3", b"4"):
        assert "VersionId" not in s3.put_object(**at, Body=body)
        assert ids(s3, at) == ["null", second, first]
    assert s3.get_object(**at, VersionId=first)["Body"].read() == b"1"
    assert s3.head_object(**at, VersionId=second)["ContentLength"] == 1
    current = s3.get_object(**at)
    assert (current["VersionId"], current["Body"].read()) == ("null", b"4")


def test_a_deletion_while_versioning_is_suspended_leaves_a_null_marker(
    s3: Any, at: dict[str, str], versioning: Versioning
) -> None:
    """S3 User Guide, "Deleting objects from versioning-suspended buckets"; recorded from AWS."""
    versioning("Enabled")
    kept = s3.put_object(**at, Body=b"1")["VersionId"]
    versioning("Suspended")
    s3.put_object(**at, Body=b"2")
    for _ in range(2):
        deleted = s3.delete_object(**at)
        assert (deleted["DeleteMarker"], deleted["VersionId"]) == (True, "null")
        assert (ids(s3, at, "DeleteMarkers"), ids(s3, at)) == (["null"], [kept])


def test_a_version_that_is_refused_changes_none(
    s3: Any, at: dict[str, str], versioning: Versioning
) -> None:
    """API_PutObject: InvalidStorageClass."""
    versioning("Enabled")
    kept = s3.put_object(**at, Body=b"1")["VersionId"]
    versioning("Suspended")
    assert refusal_of(s3.put_object, **at, StorageClass="NONE")[1] == "InvalidStorageClass"
    assert ids(s3, at) == [kept]


def test_what_is_deleted_has_a_marker_also_where_nothing_was(
    s3: Any, at: dict[str, str], versioning: Versioning
) -> None:
    """S3 User Guide, "Working with delete markers"; recorded from AWS."""
    versioning("Enabled")
    marker = s3.delete_object(**at)
    assert marker["DeleteMarker"] is True
    assert ids(s3, at, "DeleteMarkers") == [marker["VersionId"]]
    removed = s3.delete_object(**at, VersionId=marker["VersionId"])
    assert (removed["DeleteMarker"], removed["VersionId"]) == (True, marker["VersionId"])
    assert ids(s3, at, "DeleteMarkers") == []


def test_a_delete_marker_has_no_content(
    s3: Any, at: dict[str, str], versioning: Versioning
) -> None:
    """S3 User Guide, "Working with delete markers": 405, and 404 for the current one."""
    versioning("Enabled")
    s3.put_object(**at, Body=b"1")
    marker = s3.delete_object(**at)["VersionId"]
    with pytest.raises(ClientError) as refused:
        s3.get_object(**at, VersionId=marker)
    error = refused.value.response["Error"]
    assert (error["Code"], error["Method"], error["ResourceType"]) == (
        "MethodNotAllowed",
        "GET",
        "DeleteMarker",
    )
    assert refusal_of(s3.head_object, **at, VersionId=marker)[0] == 405
    assert refusal_of(s3.get_object, **at)[:2] == (404, "NoSuchKey")
    with pytest.raises(ClientError) as hidden:
        s3.head_object(**at)
    headers = hidden.value.response["ResponseMetadata"]["HTTPHeaders"]
    assert (headers["x-amz-delete-marker"], headers["x-amz-version-id"]) == ("true", marker)


@pytest.mark.parametrize("names_it", [True, False])
def test_a_delete_marker_has_no_tags(
    s3: Any, at: dict[str, str], versioning: Versioning, *, names_it: bool
) -> None:
    """Recorded from AWS: MethodNotAllowed, of the current version too."""
    versioning("Enabled")
    s3.put_object(**at, Body=b"1")
    marker = s3.delete_object(**at)["VersionId"]
    of = {**at, **({"VersionId": marker} if names_it else {})}
    for call in (s3.get_object_tagging, s3.delete_object_tagging):
        assert refusal_of(call, **of)[:2] == (405, "MethodNotAllowed")
    assert refusal_of(s3.put_object_tagging, **of, Tagging={"TagSet": []})[0] == 405


def test_tags_are_those_of_a_version(s3: Any, at: dict[str, str], versioning: Versioning) -> None:
    """API_PutObjectTagging, API_GetObjectTagging: VersionId."""
    versioning("Enabled")
    first = s3.put_object(**at, Body=b"1", Tagging="a=1")["VersionId"]
    second = s3.put_object(**at, Body=b"2")["VersionId"]
    tags = [{"Key": "b", "Value": "2"}]
    assert s3.put_object_tagging(**at, Tagging={"TagSet": tags})["VersionId"] == second
    assert s3.get_object_tagging(**at)["TagSet"] == tags
    older = s3.get_object_tagging(**at, VersionId=first)
    assert (older["VersionId"], older["TagSet"]) == (first, [{"Key": "a", "Value": "1"}])


def test_an_id_that_s3_never_issued_is_not_that_of_a_deleted_version(
    s3: Any, at: dict[str, str], versioning: Versioning
) -> None:
    """Recorded from AWS: InvalidArgument with versionId, NoSuchVersion; ids of 32 characters."""
    invalid = (400, "InvalidArgument", "Invalid version id specified")
    s3.put_object(**at, Body=b"1")
    for call in (s3.get_object, s3.delete_object):
        assert refusal_of(call, **at, VersionId=NEVER_MADE) == invalid
    versioning("Enabled")
    gone = s3.put_object(**at, Body=b"1")["VersionId"]
    assert len(gone) == 32
    s3.delete_object(**at, VersionId=gone)
    assert s3.delete_object(**at, VersionId=gone)["VersionId"] == gone
    with pytest.raises(ClientError) as refused:
        s3.get_object(**at, VersionId=gone)
    error = refused.value.response["Error"]
    assert (error["Code"], error["Key"], error["VersionId"]) == ("NoSuchVersion", KEY, gone)
    for call in (s3.get_object, s3.delete_object):
        assert refusal_of(call, **at, VersionId="x") == invalid


def test_several_deletions_say_what_became_of_each(
    s3: Any, at: dict[str, str], versioning: Versioning
) -> None:
    """API_DeleteObjects: DeleteMarker, DeleteMarkerVersionId, Errors; recorded from AWS."""
    versioning("Enabled")
    s3.put_object(**at, Body=b"1")
    bucket = at["Bucket"]
    two = {"Objects": [{"Key": KEY}, {"Key": "none"}]}
    marked = s3.delete_objects(Bucket=bucket, Delete=two)["Deleted"]
    assert [each["DeleteMarker"] for each in marked] == [True, True]
    marker = marked[0]["DeleteMarkerVersionId"]
    named = {"Objects": [{"Key": KEY, "VersionId": each} for each in (marker, NEVER_MADE)]}
    answer = s3.delete_objects(Bucket=bucket, Delete=named)
    assert answer["Deleted"] == [
        {
            "Key": KEY,
            "VersionId": marker,
            "DeleteMarker": True,
            "DeleteMarkerVersionId": marker,
        }
    ]
    [error] = answer["Errors"]
    assert (error["Code"], error["VersionId"]) == ("NoSuchVersion", NEVER_MADE)
    quiet = s3.delete_objects(Bucket=bucket, Delete={**named, "Quiet": True})
    assert "Deleted" not in quiet
    assert [each["Code"] for each in quiet["Errors"]] == ["NoSuchVersion"]


def test_a_bucket_with_versions_is_not_empty(
    s3: Any, at: dict[str, str], versioning: Versioning
) -> None:
    """Recorded from AWS: BucketNotEmpty, with what to do in a bucket with versioning."""
    s3.put_object(**at)
    words = "The bucket you tried to delete is not empty"
    refused = refusal_of(s3.delete_bucket, Bucket=at["Bucket"])
    assert refused == (409, "BucketNotEmpty", words)
    versioning("Enabled")
    refused = refusal_of(s3.delete_bucket, Bucket=at["Bucket"])
    assert refused[2] == f"{words}. You must delete all versions in the bucket."


@pytest.mark.parametrize("call", ["head_object", "get_object", "get_object_attributes"])
def test_a_delete_marker_says_that_it_is_one_and_when_it_was_made(
    s3: Any, at: dict[str, str], versioning: Versioning, call: str
) -> None:
    """API_GetObject, API_HeadObject, API_GetObjectAttributes: x-amz-delete-marker; for a marker's
    own version 405, Last-Modified and Allow."""
    versioning("Enabled")
    s3.put_object(**at, Body=b"x")
    marker = s3.delete_object(**at)["VersionId"]
    read = getattr(s3, call)
    more = {"ObjectAttributes": ["ETag"]} if call == "get_object_attributes" else {}

    with pytest.raises(ClientError) as refused:
        read(**at, VersionId=marker, **more)
    answer = refused.value.response["ResponseMetadata"]
    headers = answer["HTTPHeaders"]
    assert (answer["HTTPStatusCode"], headers["x-amz-delete-marker"]) == (405, "true")
    assert headers["last-modified"].endswith("GMT")
    assert headers["allow"] == "DELETE"
    with pytest.raises(ClientError) as missing:
        read(**at, **more)
    answer = missing.value.response["ResponseMetadata"]
    headers = answer["HTTPHeaders"]
    assert (answer["HTTPStatusCode"], headers["x-amz-delete-marker"]) == (404, "true")
    assert headers["x-amz-version-id"] == marker
    assert not {"last-modified", "allow"} & headers.keys()
    with pytest.raises(ClientError) as unknown:
        read(**{**at, "Key": "another"}, **more)
    headers = unknown.value.response["ResponseMetadata"]["HTTPHeaders"]
    assert "x-amz-delete-marker" not in headers
