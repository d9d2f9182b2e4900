"""The Region of a new bucket: named by a location constraint, or by the endpoint."""

from __future__ import annotations

from typing import Any

import pytest
from refusals import refusal_of

NOT_VALID = (400, "InvalidLocationConstraint", "The specified location-constraint is not valid")


def _in(location: str, name: str) -> dict[str, Any]:
    return {"Bucket": name, "CreateBucketConfiguration": {"LocationConstraint": location}}


@pytest.mark.parametrize("location", ["us-east-1", "nowhere"])
def test_us_east_1_is_no_constraint(s3: Any, unique_name: str, location: str) -> None:
    """API_CreateBucket; recorded from AWS (minio/minio-py 166): InvalidLocationConstraint."""
    assert refusal_of(s3.create_bucket, **_in(location, unique_name)) == NOT_VALID
    assert refusal_of(s3.head_bucket, Bucket=unique_name)[0] == 404


@pytest.mark.parametrize("location", ["us-east-1", "eu-central-1", "nowhere"])
def test_another_region_creates_buckets_of_its_own(
    aws: Any, unique_name: str, location: str
) -> None:
    """ "Error responses" in the S3 API Reference: IllegalLocationConstraintException."""
    refused = refusal_of(aws("s3", "eu-west-1").create_bucket, **_in(location, unique_name))
    assert refused[:2] == (400, "IllegalLocationConstraintException")
    assert refused[2].startswith(f"The {location} location constraint is incompatible")


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1"])
@pytest.mark.parametrize("location", ["EU", "eu-west-1"])
def test_eu_is_the_region_eu_west_1(aws: Any, unique_name: str, region: str, location: str) -> None:
    """API_CreateBucketConfiguration: LocationConstraint."""
    s3 = aws("s3", region)
    s3.create_bucket(**_in(location, unique_name))
    assert s3.head_bucket(Bucket=unique_name)["BucketRegion"] == "eu-west-1"
    s3.delete_bucket(Bucket=unique_name)
