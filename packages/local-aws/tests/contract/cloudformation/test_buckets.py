"""A bucket's configurations in a stack, and its end."""

from __future__ import annotations

from typing import Any

import pytest
from stack_driver import StackDriver

AwsClient = Any

_TAG_FILTERS = [{"Key": "team", "Value": "a"}]


def _bucket(**properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::S3::Bucket", "Properties": properties}


def test_a_buckets_configurations_change_in_place_and_go(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """CloudFormation Template Reference, "AWS::S3::Bucket": no interruption."""
    rule = {"Id": "old", "Status": "Enabled", "ExpirationInDays": 3, "TagFilters": _TAG_FILTERS}
    web = {"IndexDocument": "index.html", "ErrorDocument": "error.html"}
    configured = {
        "CorsConfiguration": {"CorsRules": [{"AllowedMethods": ["GET"], "AllowedOrigins": ["*"]}]},
        "LifecycleConfiguration": {"Rules": [rule]},
        "WebsiteConfiguration": web,
        "NotificationConfiguration": {
            "TopicConfigurations": [{"Topic": {"Ref": "Topic"}, "Event": "s3:ObjectCreated:*"}]
        },
        "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
    }

    def declared(**properties: Any) -> dict[str, Any]:
        return {"Topic": {"Type": "AWS::SNS::Topic"}, "One": _bucket(**properties)}

    s3 = aws("s3")
    stacks.create(unique_name, declared())
    bucket = {"Bucket": stacks.physical_id(unique_name, "One")}
    stacks.update(unique_name, declared(**configured))
    found = (
        s3.get_bucket_cors(**bucket)["CORSRules"][0]["AllowedMethods"],
        s3.get_bucket_lifecycle_configuration(**bucket)["Rules"][0],
        s3.get_bucket_website(**bucket)["IndexDocument"],
        len(s3.get_bucket_notification_configuration(**bucket)["TopicConfigurations"]),
    )
    restored = stacks.update(unique_name, declared())

    assert found[0] == ["GET"]
    assert found[1]["Expiration"] == {"Days": 3}
    assert found[1]["Filter"] == {"Tag": _TAG_FILTERS[0]}
    assert found[2:] == ({"Suffix": "index.html"}, 1)
    assert restored["StackStatus"] == "UPDATE_COMPLETE", stacks.failures(unique_name)
    for call in (s3.get_bucket_cors, s3.get_bucket_lifecycle_configuration, s3.get_bucket_website):
        with pytest.raises(s3.exceptions.ClientError, match="NoSuch"):
            call(**bucket)


def test_objects_of_a_bucket_are_locked(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """CloudFormation Template Reference, "AWS::S3::Bucket": ObjectLockEnabled and
    ObjectLockConfiguration; recorded from AWS."""
    rule = {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 2}}
    configured = {"ObjectLockEnabled": "Enabled", "Rule": rule}
    stacks.create(
        unique_name,
        {
            "One": _bucket(ObjectLockEnabled=True, ObjectLockConfiguration=configured),
            "Two": _bucket(ObjectLockEnabled=True),
        },
    )

    def locks(name: str) -> Any:
        bucket = stacks.physical_id(unique_name, name)
        found = aws("s3").get_object_lock_configuration(Bucket=bucket)
        versions = aws("s3").get_bucket_versioning(Bucket=bucket)["Status"]
        return found["ObjectLockConfiguration"].get("Rule", {}).get("DefaultRetention"), versions

    one, two = locks("One"), locks("Two")

    assert (one[0]["Mode"], one[0]["Days"], one[1]) == ("GOVERNANCE", 2, "Enabled")
    assert two == (None, "Enabled")


def test_a_bucket_with_objects_is_not_deleted(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """CloudFormation User Guide, "Delete stack fails": S3 buckets must be empty."""
    s3 = aws("s3")
    stacks.create(unique_name, {"One": _bucket()})
    bucket = stacks.physical_id(unique_name, "One")
    s3.put_object(Bucket=bucket, Key="a", Body=b"1")

    refused = stacks.delete(unique_name)
    s3.delete_object(Bucket=bucket, Key="a")

    assert refused["StackStatus"] == "DELETE_FAILED"
    assert "not empty" in stacks.failures(unique_name)["One"]
    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_COMPLETE"
