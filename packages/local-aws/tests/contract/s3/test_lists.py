"""Lists of objects, versions and buckets, page by page."""

from __future__ import annotations

from typing import Any

import pytest
from refusals import refusal_of

KEYS = ["a b", "bar/1", "bar/2", "foo/1", "z"]


@pytest.fixture
def full(s3: Any, bucket: str) -> str:
    for key in KEYS:
        s3.put_object(Bucket=bucket, Key=key, Body=b"1")
    return bucket


def entries(page: dict[str, Any]) -> list[str]:
    found = [each["Key"] for each in page.get("Contents", [])]
    return sorted(found + [each["Prefix"] for each in page.get("CommonPrefixes", [])])


def test_common_prefixes_count_as_keys(s3: Any, full: str) -> None:
    """API_ListObjects, NextMarker: "only if you have the delimiter request parameter specified"."""
    marker, found = "", []
    for _ in KEYS:
        page = s3.list_objects(Bucket=full, Delimiter="/", MaxKeys=1, Marker=marker)
        assert (page["Marker"], page["MaxKeys"], page["Prefix"]) == (marker, 1, "")
        found += entries(page)
        if not page["IsTruncated"]:
            break
        marker = page["NextMarker"]
    assert found == ["a b", "bar/", "foo/", "z"]
    assert "NextMarker" not in s3.list_objects(Bucket=full, MaxKeys=1)
    behind = s3.list_objects(Bucket=full, Marker="bar/1")
    assert entries(behind) == ["bar/2", "foo/1", "z"]


@pytest.mark.parametrize("size", [1, 2, 3])
def test_pages_together_are_the_list(s3: Any, full: str, size: int) -> None:
    """API_ListObjectsV2, API_ListObjectVersions: each entry is on one page."""
    for operation, name in (("list_objects_v2", "Contents"), ("list_object_versions", "Versions")):
        pages = s3.get_paginator(operation).paginate(
            Bucket=full, PaginationConfig={"PageSize": size}
        )
        assert [each["Key"] for page in pages for each in page.get(name, [])] == KEYS
        grouped = s3.get_paginator(operation).paginate(
            Bucket=full, Delimiter="/", PaginationConfig={"PageSize": size}
        )
        prefixes = [each["Prefix"] for page in grouped for each in page.get("CommonPrefixes", [])]
        assert prefixes == ["bar/", "foo/"]


def test_a_list_says_what_it_is_of(s3: Any, full: str) -> None:
    """Recorded from AWS: members of ListObjectsV2 and ListObjectVersions."""
    first = s3.list_objects_v2(Bucket=full, MaxKeys=1)
    token = first["NextContinuationToken"]
    second = s3.list_objects_v2(Bucket=full, MaxKeys=1, ContinuationToken=token)
    assert (second["ContinuationToken"], second["KeyCount"]) == (token, 1)
    [entry] = second["Contents"]
    assert (entry["ChecksumAlgorithm"], entry["ChecksumType"]) == (["CRC32"], "FULL_OBJECT")
    assert "Owner" not in entry
    versions = s3.list_object_versions(Bucket=full, MaxKeys=1)
    assert (versions["KeyMarker"], versions["VersionIdMarker"]) == ("", "")
    assert (versions["NextKeyMarker"], versions["NextVersionIdMarker"]) == (KEYS[0], "null")
    assert versions["EncodingType"] == "url"
    assert s3.list_objects_v2(Bucket=full, MaxKeys=2000)["MaxKeys"] == 1000
    assert s3.list_objects_v2(Bucket=full, MaxKeys=0)["IsTruncated"] is False
    refused = refusal_of(s3.list_objects_v2, Bucket=full, EncodingType="none")
    assert refused[:2] == (400, "InvalidArgument")


def test_versions_are_listed_from_the_current_one(s3: Any, unique_name: str) -> None:
    """API_ListObjectVersions; all of them were put within a moment."""
    at = {"Bucket": unique_name, "Key": "k"}
    s3.create_bucket(Bucket=unique_name)
    enabled = {"Status": "Enabled"}
    s3.put_bucket_versioning(Bucket=unique_name, VersioningConfiguration=enabled)
    ids = [s3.put_object(**at)["VersionId"] for _ in range(20)][::-1]
    pages = s3.get_paginator("list_object_versions").paginate(
        Bucket=unique_name, PaginationConfig={"PageSize": 3}
    )
    found = [each for page in pages for each in page["Versions"]]
    assert [each["VersionId"] for each in found] == ids
    assert [each["IsLatest"] for each in found] == [True] + [False] * 19
    for each in ids:
        s3.delete_object(**at, VersionId=each)
    s3.delete_bucket(Bucket=unique_name)


def test_buckets_are_found_by_their_names_page_by_page(s3: Any, unique_name: str) -> None:
    """API_ListBuckets: BucketRegion in answers to requests with a parameter, ContinuationToken."""
    names = [f"{unique_name}-{letter}" for letter in "abc"]
    for name in names:
        s3.create_bucket(Bucket=name)
    first = s3.list_buckets(Prefix=f"{unique_name}-", MaxBuckets=2)
    assert first["Prefix"] == f"{unique_name}-"
    assert [each["Name"] for each in first["Buckets"]] == names[:2]
    assert {each["BucketRegion"] for each in first["Buckets"]} == {"us-east-1"}
    token = first["ContinuationToken"]
    rest = s3.list_buckets(Prefix=f"{unique_name}-", MaxBuckets=2, ContinuationToken=token)
    assert [each["Name"] for each in rest["Buckets"]] == names[2:]
    assert "ContinuationToken" not in rest
    assert "BucketRegion" not in s3.list_buckets()["Buckets"][0]
    for name in names:
        s3.delete_bucket(Bucket=name)


@pytest.mark.parametrize(
    ("operation", "parameter", "wanted"),
    [
        ("list_buckets", "MaxBuckets", -1),
        ("list_buckets", "MaxBuckets", 0),
        ("list_buckets", "MaxBuckets", 10_001),
        ("list_objects_v2", "MaxKeys", -1),
        ("list_multipart_uploads", "MaxUploads", -1),
    ],
)
def test_a_list_of_less_than_nothing_is_refused(
    unchecked: Any, full: str, operation: str, parameter: str, wanted: int
) -> None:
    """API_ListBuckets: "Valid Range: Minimum value of 1. Maximum value of 10000."; InvalidArgument,
    of "Error responses" in the S3 API Reference."""
    bucket = {} if operation == "list_buckets" else {"Bucket": full}
    call = getattr(unchecked("s3"), operation)
    assert refusal_of(call, **bucket, **{parameter: wanted})[:2] == (400, "InvalidArgument")
