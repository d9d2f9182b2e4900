"""GetObjectAttributes: which attributes there are."""

from __future__ import annotations

from typing import Any

import pytest
from refusals import refusal_of


@pytest.mark.parametrize("names", [["Size"], ["ETag", "Owner"], [], ["etag"]])
def test_an_attribute_has_one_of_five_names(s3: Any, bucket: str, names: list[str]) -> None:
    """API_GetObjectAttributes, x-amz-object-attributes: InvalidArgument, as scality/cloudserver
    tests it."""
    at = {"Bucket": bucket, "Key": "k"}
    s3.put_object(**at, Body=b"1")
    refused = refusal_of(s3.get_object_attributes, **at, ObjectAttributes=names)
    assert refused == (400, "InvalidArgument", "Invalid attribute name specified.")


def test_all_of_them_are_returned_together(s3: Any, bucket: str) -> None:
    """API_GetObjectAttributes: the members of the answer; an object without parts has none."""
    at = {"Bucket": bucket, "Key": "k"}
    s3.put_object(**at, Body=b"1")
    names = ["Checksum", "ETag", "ObjectParts", "ObjectSize", "StorageClass"]
    found = s3.get_object_attributes(**at, ObjectAttributes=names)
    assert (found["ObjectSize"], found["StorageClass"]) == (1, "STANDARD")
    assert {"Checksum", "ETag"} <= found.keys()
    assert "ObjectParts" not in found
