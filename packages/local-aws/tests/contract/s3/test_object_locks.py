"""Object Lock of buckets and of objects."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from refusals import refusal_of

ENABLED = {"ObjectLockEnabled": "Enabled"}
NO_LOCK_IN_BUCKET = (400, "InvalidRequest", "Bucket is missing Object Lock Configuration")


@pytest.fixture
def locked(s3: Any, unique_name: str) -> str:
    """A bucket with Object Lock, which stays: what it holds may be locked."""
    s3.create_bucket(Bucket=unique_name, ObjectLockEnabledForBucket=True)
    return unique_name


def rule(**retention: Any) -> dict[str, Any]:
    return {**ENABLED, "Rule": {"DefaultRetention": retention}}


def test_an_object_s_lock_is_read(s3: Any, locked: str) -> None:
    """API_GetObjectRetention, API_GetObjectLegalHold; reported of AWS: 404 without a lock."""
    at = {"Bucket": locked, "Key": "k"}
    s3.put_object(**at, Body=b"1")
    for call in (s3.get_object_retention, s3.get_object_legal_hold):
        assert refusal_of(call, **at) == (
            404,
            "NoSuchObjectLockConfiguration",
            "The specified object does not have a ObjectLock configuration",
        )
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)
    retention = {"Mode": "GOVERNANCE", "RetainUntilDate": until}
    s3.put_object_retention(**at, Retention=retention)
    assert s3.get_object_retention(**at)["Retention"] == retention
    s3.put_object_legal_hold(**at, LegalHold={"Status": "ON"})
    assert s3.get_object_legal_hold(**at)["LegalHold"] == {"Status": "ON"}
    version = s3.head_object(**at)["VersionId"]
    assert refusal_of(s3.delete_object, **at, VersionId=version) == (
        403,
        "AccessDenied",
        "Access Denied because object protected by object lock.",
    )


def test_a_bucket_without_object_lock_has_none_to_read(s3: Any, bucket: str) -> None:
    """Reported of AWS: InvalidRequest; ObjectLockConfigurationNotFoundError names the bucket."""
    at = {"Bucket": bucket, "Key": "k"}
    s3.put_object(**at, Body=b"1")
    assert refusal_of(s3.get_object_retention, **at) == NO_LOCK_IN_BUCKET
    assert refusal_of(s3.get_object_legal_hold, **at) == NO_LOCK_IN_BUCKET
    with pytest.raises(ClientError) as refused:
        s3.get_object_lock_configuration(Bucket=bucket)
    error = refused.value.response["Error"]
    assert (error["Code"], error["BucketName"]) == ("ObjectLockConfigurationNotFoundError", bucket)


def test_governance_is_bypassed_only_where_there_is_some(s3: Any, bucket: str) -> None:
    """Recorded from AWS: InvalidArgument."""
    s3.put_object(Bucket=bucket, Key="k")
    words = "x-amz-bypass-governance-retention is only applicable to Object Lock enabled buckets."
    refused = (400, "InvalidArgument", words)
    at = {"Bucket": bucket, "BypassGovernanceRetention": True}
    assert refusal_of(s3.delete_object, Key="k", **at) == refused
    assert refusal_of(s3.delete_objects, Delete={"Objects": [{"Key": "k"}]}, **at) == refused


def test_object_lock_comes_to_a_bucket_with_versioning(s3: Any, unique_name: str) -> None:
    """S3 User Guide, "Object Lock considerations": existing buckets; recorded from AWS: 409."""
    s3.create_bucket(Bucket=unique_name)
    put = {"Bucket": unique_name, "ObjectLockConfiguration": ENABLED}
    words = "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration"
    refused = refusal_of(s3.put_object_lock_configuration, **put)
    assert refused == (409, "InvalidBucketState", words)
    enabled = {"Bucket": unique_name, "VersioningConfiguration": {"Status": "Enabled"}}
    s3.put_bucket_versioning(**enabled)
    s3.put_object(Bucket=unique_name, Key="k")
    s3.put_object_lock_configuration(**put)
    found = s3.get_object_lock_configuration(Bucket=unique_name)
    assert found["ObjectLockConfiguration"] == ENABLED
    suspended = {**enabled, "VersioningConfiguration": {"Status": "Suspended"}}
    words = "An Object Lock configuration is present on this bucket, so the versioning state "
    refused = refusal_of(s3.put_bucket_versioning, **suspended)
    assert refused == (409, "InvalidBucketState", f"{words}cannot be changed.")
    s3.put_bucket_versioning(**enabled)


def test_a_default_retention_is_of_days_or_of_years(s3: Any, locked: str) -> None:
    """API_DefaultRetention; recorded from AWS: MalformedXML."""
    put = s3.put_object_lock_configuration
    for wrong in (
        {**ENABLED, "Rule": {}},
        rule(),
        rule(Mode="GOVERNANCE"),
        rule(Mode="GOVERNANCE", Days=1, Years=1),
    ):
        refused = refusal_of(put, Bucket=locked, ObjectLockConfiguration=wrong)
        assert refused[:2] == (400, "MalformedXML"), wrong
    for right in (rule(Mode="GOVERNANCE", Days=1), rule(Mode="COMPLIANCE", Years=1), ENABLED):
        put(Bucket=locked, ObjectLockConfiguration=right)
        found = s3.get_object_lock_configuration(Bucket=locked)
        assert found["ObjectLockConfiguration"] == right
