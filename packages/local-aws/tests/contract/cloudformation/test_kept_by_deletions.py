"""Deletions of stacks that leave resources behind: those named, or those that cannot be deleted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from stack_driver import StackDriver, parameter

AwsClient = Any

_ONLY_AFTER_A_FAILURE = "only when the stack is in the DELETE_FAILED state."


@pytest.fixture
def bucket(aws: AwsClient, unique_name: str) -> Iterator[str]:
    """The name of a bucket that holds an object as soon as a stack has created it."""
    yield unique_name
    s3 = aws("s3")
    s3.delete_object(Bucket=unique_name, Key="kept")
    s3.delete_bucket(Bucket=unique_name)


@pytest.fixture
def failed(stacks: StackDriver, aws: AwsClient, unique_name: str, bucket: str) -> str:
    """The id of a stack in DELETE_FAILED, whose bucket is not empty."""
    full = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": bucket}}
    stacks.create(unique_name, {"Full": full, "One": parameter("1")})
    aws("s3").put_object(Bucket=bucket, Key="kept", Body=b"1")
    deleted = stacks.delete(unique_name)
    assert deleted["StackStatus"] == "DELETE_FAILED"
    return str(deleted["StackId"])


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ({"RetainResources": ["One"]}, "specify which resources to retain"),
        ({"DeletionMode": "FORCE_DELETE_STACK"}, "specify FORCE_DELETE_STACK"),
    ],
    ids=["named", "forced"],
)
def test_resources_are_kept_only_after_a_deletion_that_failed(
    stacks: StackDriver, unique_name: str, options: dict[str, Any], what: str
) -> None:
    """API_DeleteStack: RetainResources, DeletionMode; the first has AWS's words as reported."""
    stack_id = stacks.create(unique_name, {"One": parameter("1")})["StackId"]

    with pytest.raises(ClientError) as refused:
        stacks.client.delete_stack(StackName=unique_name, **options)

    assert refused.value.response["Error"]["Message"] == (
        f"Invalid operation on stack [{stack_id}]. When you delete a stack, {what} "
        f"{_ONLY_AFTER_A_FAILURE}"
    )
    assert stacks.described(unique_name)["StackStatus"] == "CREATE_COMPLETE"


def test_what_is_deleted_already_cannot_be_kept(stacks: StackDriver, failed: str) -> None:
    """The words as aws-nuke#270 reports them."""
    with pytest.raises(ClientError) as refused:
        stacks.client.delete_stack(StackName=failed, RetainResources=["Full", "One"])

    assert refused.value.response["Error"]["Message"] == (
        "The specified resources to retain must be in a valid state. Do not specify resources that "
        "are in the DELETE_COMPLETE state."
    )


def test_a_forced_deletion_keeps_what_cannot_be_deleted(
    stacks: StackDriver, aws: AwsClient, failed: str, bucket: str
) -> None:
    """API_DeleteStack: DeletionMode."""
    stacks.client.delete_stack(StackName=failed, DeletionMode="FORCE_DELETE_STACK")

    assert stacks.settled(failed)["StackStatus"] == "DELETE_COMPLETE"
    events = [event[1] for event in stacks.events(failed) if event[0] == "Full"]
    assert events[-1] == "DELETE_SKIPPED"
    assert aws("s3").get_object(Bucket=bucket, Key="kept")["Body"].read() == b"1"


def test_a_volume_leaves_a_snapshot_by_its_policy(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """Template Reference, "DeletionPolicy attribute": Snapshot."""
    volume = {
        "Type": "AWS::EC2::Volume",
        "DeletionPolicy": "Snapshot",
        "Properties": {"Size": 1, "AvailabilityZone": "us-east-1a"},
    }
    stacks.create(unique_name, {"One": volume})
    named = [{"Name": "volume-id", "Values": [stacks.physical_id(unique_name, "One")]}]
    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_COMPLETE"
    assert len(aws("ec2").describe_snapshots(Filters=named)["Snapshots"]) == 1
