"""What a new bucket has, and which ACLs and policies a bucket takes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from refusals import refusal_of
from stack_driver import StackDriver

NOT_TAKEN = (400, "AccessControlListNotSupported", "The bucket does not allow ACLs")
DENIED = (403, "AccessDenied", "Access Denied")
ALL = dict.fromkeys(
    ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True
)


@pytest.fixture
def buckets(s3: Any) -> Iterator[list[str]]:
    """Names of further buckets, which are deleted if they were made."""
    names: list[str] = []
    yield names
    for bucket in s3.list_buckets()["Buckets"]:
        if bucket["Name"] in names:
            s3.delete_bucket(Bucket=bucket["Name"])


@contextmanager
def owning_by_header(s3: Any) -> Iterator[None]:
    """Meanwhile every call has the header that only CreateBucket knows."""

    def add(params: dict[str, Any], **_: Any) -> None:
        params["headers"]["x-amz-object-ownership"] = "ObjectWriter"

    s3.meta.events.register("before-call.s3", add)
    yield
    s3.meta.events.unregister("before-call.s3", add)


def own(s3: Any, bucket: str, ownership: str) -> None:
    rules = {"Rules": [{"ObjectOwnership": ownership}]}
    s3.put_bucket_ownership_controls(Bucket=bucket, OwnershipControls=rules)


def test_a_new_bucket_is_encrypted_and_has_neither_acls_nor_public_access(
    s3: Any, bucket: str
) -> None:
    """S3 User Guide, "Default settings for new S3 buckets FAQ", "Default encryption FAQ"."""
    encryption = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]
    assert encryption["Rules"] == [
        {
            "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"},
            "BucketKeyEnabled": False,
            "BlockedEncryptionTypes": {"EncryptionType": ["SSE-C"]},
        }
    ]
    controls = s3.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]
    assert controls["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    blocked = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    assert blocked == ALL

    assert s3.put_object(Bucket=bucket, Key="k", Body=b"1")["ServerSideEncryption"] == "AES256"
    assert s3.head_object(Bucket=bucket, Key="k")["ServerSideEncryption"] == "AES256"


def test_encryption_is_reset_and_the_other_two_are_removed(s3: Any, bucket: str) -> None:
    """API_DeleteBucketEncryption, API_DeletePublicAccessBlock and its like."""
    s3.put_bucket_encryption(
        Bucket=bucket,
        ServerSideEncryptionConfiguration={
            "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}]
        },
    )
    s3.delete_bucket_encryption(Bucket=bucket)
    s3.delete_bucket_ownership_controls(Bucket=bucket)
    s3.delete_public_access_block(Bucket=bucket)

    encryption = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]
    [rule] = encryption["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    assert refusal_of(s3.get_bucket_ownership_controls, Bucket=bucket)[:2] == (
        404,
        "OwnershipControlsNotFoundError",
    )
    assert refusal_of(s3.get_public_access_block, Bucket=bucket)[:2] == (
        404,
        "NoSuchPublicAccessBlockConfiguration",
    )


def test_a_bucket_without_acls_takes_none_but_the_owners(s3: Any, bucket: str) -> None:
    """S3 User Guide, "Controlling ownership of objects and disabling ACLs for your bucket"."""
    at = {"Bucket": bucket, "Key": "k"}
    assert refusal_of(s3.put_bucket_acl, Bucket=bucket, ACL="private") == NOT_TAKEN
    assert refusal_of(s3.put_object, **at, Body=b"1", ACL="public-read") == NOT_TAKEN
    everyone = "uri=http://acs.amazonaws.com/groups/global/AllUsers"
    assert refusal_of(s3.put_object, **at, Body=b"1", GrantRead=everyone) == NOT_TAKEN
    assert refusal_of(s3.create_multipart_upload, **at, ACL="public-read") == NOT_TAKEN
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket)

    for acl in ("private", "bucket-owner-full-control"):
        s3.put_object(**at, Body=b"1", ACL=acl)
    assert refusal_of(s3.put_object_acl, **at, ACL="public-read") == NOT_TAKEN
    copy = {"Bucket": bucket, "Key": "copy", "CopySource": at}
    assert refusal_of(s3.copy_object, **copy, ACL="public-read") == NOT_TAKEN
    assert s3.get_bucket_acl(Bucket=bucket)["Grants"][0]["Permission"] == "FULL_CONTROL"


def test_only_a_new_bucket_gets_its_ownership_from_a_header(s3: Any, bucket: str) -> None:
    """API_CreateBucket has x-amz-object-ownership; API_PutObject and PutBucketAcl do not."""
    public = {"Bucket": bucket, "ACL": "public-read"}
    with owning_by_header(s3):
        assert refusal_of(s3.put_bucket_acl, **public) == NOT_TAKEN
        assert refusal_of(s3.put_object, **public, Key="k", Body=b"1") == NOT_TAKEN
        assert refusal_of(s3.create_multipart_upload, **public, Key="k") == NOT_TAKEN


@pytest.mark.parametrize("ownership", ["BucketOwnerPreferred", "ObjectWriter"])
def test_a_bucket_with_acls_takes_public_ones_unless_they_are_blocked(
    s3: Any, bucket: str, ownership: str
) -> None:
    """S3 User Guide, "Block public access settings": BlockPublicAcls."""
    own(s3, bucket, ownership)
    at = {"Bucket": bucket, "Key": "k"}
    for public in ("public-read", "authenticated-read"):
        assert refusal_of(s3.put_bucket_acl, Bucket=bucket, ACL=public) == DENIED
        assert refusal_of(s3.put_object, **at, Body=b"1", ACL=public) == DENIED
    s3.put_bucket_acl(Bucket=bucket, ACL="log-delivery-write")

    off = {**ALL, "BlockPublicAcls": False}
    s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=off)
    s3.put_bucket_acl(Bucket=bucket, ACL="public-read")
    s3.put_object(**at, Body=b"1", ACL="public-read")


def test_a_bucket_that_cannot_have_its_acl_is_not_created(
    s3: Any, unique_name: str, buckets: list[str]
) -> None:
    """API_CreateBucket; "Default settings for new S3 buckets FAQ": all four settings are on."""
    buckets.append(unique_name)
    named = {"Bucket": unique_name}
    for acl in ("public-read", "authenticated-read"):
        assert refusal_of(s3.create_bucket, **named, ACL=acl) == (
            400,
            "InvalidBucketAclWithObjectOwnership",
            "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
        )
        owned = {**named, "ObjectOwnership": "ObjectWriter", "ACL": acl}
        assert refusal_of(s3.create_bucket, **owned) == (
            400,
            "InvalidBucketAclWithBlockPublicAccessError",
            "Bucket cannot have public ACLs set with BlockPublicAccess enabled",
        )
    assert unique_name not in {each["Name"] for each in s3.list_buckets()["Buckets"]}

    s3.create_bucket(**named, ACL="private")
    controls = s3.get_bucket_ownership_controls(**named)["OwnershipControls"]
    assert controls["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]


@pytest.mark.parametrize(
    ("principal", "condition", "is_public"),
    [
        ("*", {}, True),
        ({"AWS": ["*"]}, {}, True),
        ("*", {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}, True),
        ("*", {"StringLike": {"aws:SourceArn": "arn:aws:s3:::*"}}, True),
        ("*", {"StringNotEquals": {"aws:SourceVpc": "vpc-1"}}, True),
        ("*", {"StringEquals": {"s3:prefix": "a"}}, True),
        ("*", {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}, False),
        ("*", {"StringEquals": {"aws:SourceVpc": "vpc-1"}}, False),
        ("*", {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}, False),
        ({"AWS": "arn:aws:iam::123456789012:root"}, {}, False),
        ({"Service": "cloudtrail.amazonaws.com"}, {}, False),
    ],
)
def test_a_policy_that_lets_everyone_in_is_refused_while_these_are_blocked(
    s3: Any, bucket: str, principal: Any, condition: dict[str, Any], *, is_public: bool
) -> None:
    """S3 User Guide, "The meaning of 'public'", BlockPublicPolicy."""
    statement = {
        "Effect": "Allow",
        "Principal": principal,
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{bucket}/*",
        "Condition": condition,
    }
    policy = {
        "Bucket": bucket,
        "Policy": json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    }
    if is_public:
        assert refusal_of(s3.put_bucket_policy, **policy) == DENIED
        off = {**ALL, "BlockPublicPolicy": False}
        s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=off)
    s3.put_bucket_policy(**policy)


def test_a_stack_says_that_its_bucket_is_public_with_all_that_this_takes(
    s3: Any, stacks: StackDriver, unique_name: str
) -> None:
    """AWS::S3::Bucket: AccessControl with OwnershipControls and PublicAccessBlockConfiguration."""
    public = {
        "BucketName": unique_name,
        "AccessControl": "PublicRead",
        "OwnershipControls": {"Rules": [{"ObjectOwnership": "ObjectWriter"}]},
        "PublicAccessBlockConfiguration": {"BlockPublicAcls": False},
    }

    def declared(properties: dict[str, Any]) -> dict[str, Any]:
        return {"Bucket": {"Type": "AWS::S3::Bucket", "Properties": properties}}

    without = {name: public[name] for name in ("BucketName", "AccessControl")}
    stack = stacks.create(unique_name, declared(without))
    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    assert "cannot have ACLs set with" in stacks.failures(unique_name)["Bucket"]
    stacks.delete(unique_name)

    stack = stacks.create(unique_name, declared(public))
    assert stack["StackStatus"] == "CREATE_COMPLETE", stacks.failures(unique_name)
    grants = s3.get_bucket_acl(Bucket=unique_name)["Grants"]
    assert "READ" in {each["Permission"] for each in grants}


def test_a_stacks_bucket_may_say_that_it_is_its_owners(
    s3: Any, stacks: StackDriver, unique_name: str
) -> None:
    """AWS::S3::Bucket: AccessControl; ACLs stay disabled with one that gives nobody anything."""

    def declared(acl: str) -> dict[str, Any]:
        properties = {"BucketName": unique_name, "AccessControl": acl}
        return {"Bucket": {"Type": "AWS::S3::Bucket", "Properties": properties}}

    stacks.create(unique_name, declared("BucketOwnerFullControl"))
    stack = stacks.update(unique_name, declared("Private"))

    assert stack["StackStatus"] == "UPDATE_COMPLETE", stacks.failures(unique_name)
    controls = s3.get_bucket_ownership_controls(Bucket=unique_name)["OwnershipControls"]
    assert controls["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]
