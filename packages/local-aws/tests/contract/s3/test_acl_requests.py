"""How a request gives an ACL: canned, by grants in headers, or as a document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError
from refusals import refusal_of

GROUPS = "http://acs.amazonaws.com/groups"
EVERYONE = f"{GROUPS}/global/AllUsers"
LOGS = f"{GROUPS}/s3/LogDelivery"
SOMEBODY = "b" * 64
MISSING = (400, "MissingSecurityHeader", "Your request was missing a required header")


@pytest.fixture
def open_bucket(s3: Any, bucket: str) -> str:
    """A bucket that takes any ACL."""
    rules = {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}
    s3.put_bucket_ownership_controls(Bucket=bucket, OwnershipControls=rules)
    s3.delete_public_access_block(Bucket=bucket)
    return bucket


def grants_of(acl: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Who (the group's or the owner's last letters) has what."""
    return {
        (each["Grantee"].get("URI", each["Grantee"].get("ID"))[-8:], each["Permission"])
        for each in acl["Grants"]
    }


@pytest.mark.parametrize(
    ("canned", "others"),
    [
        ("private", set()),
        ("public-read", {("AllUsers", "READ")}),
        ("public-read-write", {("AllUsers", "READ"), ("AllUsers", "WRITE")}),
        ("log-delivery-write", {("Delivery", "READ_ACP"), ("Delivery", "WRITE")}),
    ],
)
def test_a_canned_acl_shows_each_permission(
    s3: Any, open_bucket: str, canned: str, others: set[tuple[str, str]]
) -> None:
    """S3 User Guide, "Canned ACL"; moto shows the first permission only."""
    s3.put_bucket_acl(Bucket=open_bucket, ACL=canned)
    acl = s3.get_bucket_acl(Bucket=open_bucket)
    assert grants_of(acl) == {(acl["Owner"]["ID"][-8:], "FULL_CONTROL"), *others}


def test_grants_in_headers_name_several_grantees(s3: Any, open_bucket: str) -> None:
    """API_PutBucketAcl, x-amz-grant-read: "a list of grantees", separated by commas."""
    readers = f'uri="{EVERYONE}", id={SOMEBODY}'
    s3.put_bucket_acl(Bucket=open_bucket, GrantRead=readers, GrantWrite=f"uri={LOGS}")
    assert grants_of(s3.get_bucket_acl(Bucket=open_bucket)) == {
        ("AllUsers", "READ"),
        ("bbbbbbbb", "READ"),
        ("Delivery", "WRITE"),
    }


@pytest.mark.parametrize(
    ("given", "message", "name"),
    [
        ({"ACL": "nonsense"}, None, "x-amz-acl"),
        ({"GrantRead": "nonsense"}, "Argument format not recognized", "x-amz-grant-read"),
        ({"GrantRead": f"uri={GROUPS}/none"}, "Invalid group uri", "uri"),
        ({"GrantRead": "id=somebody"}, "Invalid id", "CanonicalUser/ID"),
    ],
)
def test_an_acl_that_nobody_can_have_is_refused_with_its_argument(
    s3: Any, open_bucket: str, given: Mapping[str, str], message: str | None, name: str
) -> None:
    """S3 API Reference, "Error responses": InvalidArgument, ArgumentName."""
    at = {"Bucket": open_bucket, "Key": "k"}
    for call, arguments in (
        (s3.put_bucket_acl, {"Bucket": open_bucket}),
        (s3.put_object, {**at, "Body": b"1"}),
        (s3.create_multipart_upload, at),
    ):
        with pytest.raises(ClientError) as refused:
            call(**arguments, **given)
        error = refused.value.response["Error"]
        assert (error["Code"], error["Message"]) == ("InvalidArgument", message)
        assert error["ArgumentName"] == name


def test_an_acl_must_be_given_somewhere(s3: Any, open_bucket: str) -> None:
    """API_PutBucketAcl, API_PutObjectAcl: a canned ACL, grants in headers, or a document."""
    at = {"Bucket": open_bucket, "Key": "k"}
    s3.put_object(**at, Body=b"1")
    assert refusal_of(s3.put_bucket_acl, Bucket=open_bucket) == MISSING
    assert refusal_of(s3.put_object_acl, **at) == MISSING


def test_a_document_gives_an_object_its_acl(s3: Any, open_bucket: str) -> None:
    """API_PutObjectAcl, AccessControlPolicy; moto takes the bucket's ACL instead."""
    at = {"Bucket": open_bucket, "Key": "k"}
    s3.put_object(**at, Body=b"1")
    owner = s3.get_object_acl(**at)["Owner"]
    everyone = {"Grantee": {"Type": "Group", "URI": EVERYONE}, "Permission": "READ_ACP"}

    s3.put_object_acl(**at, AccessControlPolicy={"Owner": owner, "Grants": [everyone]})
    assert grants_of(s3.get_object_acl(**at)) == {("AllUsers", "READ_ACP")}
    s3.put_object_acl(**at, AccessControlPolicy={"Owner": owner, "Grants": []})
    assert s3.get_object_acl(**at)["Grants"] == []
    mail = {"Type": "AmazonCustomerByEmail", "EmailAddress": "nobody@example.com"}
    by_mail = {"Owner": owner, "Grants": [{**everyone, "Grantee": mail}]}
    refused = refusal_of(s3.put_object_acl, **at, AccessControlPolicy=by_mail)
    assert refused[:2] == (400, "UnresolvableGrantByEmailAddress")
    unknown = {"Owner": owner, "Grants": [{**everyone, "Permission": "ALL"}]}
    refused = refusal_of(s3.put_object_acl, **at, AccessControlPolicy=unknown)
    assert refused[:2] == (400, "MalformedACLError")


def test_an_object_is_its_owners_whatever_its_bucket_is(s3: Any, open_bucket: str) -> None:
    """S3 User Guide, "Access control list (ACL) overview": objects do not inherit."""
    s3.put_bucket_acl(Bucket=open_bucket, ACL="public-read")
    at = {"Bucket": open_bucket, "Key": "k"}
    s3.put_object(**at, Body=b"1")
    s3.copy_object(Bucket=open_bucket, Key="copy", CopySource=at)
    for key in ("k", "copy"):
        acl = s3.get_object_acl(Bucket=open_bucket, Key=key)
        assert grants_of(acl) == {(acl["Owner"]["ID"][-8:], "FULL_CONTROL")}


def test_a_new_bucket_keeps_the_grants_of_its_headers(s3: Any, unique_name: str) -> None:
    """API_CreateBucket, x-amz-grant-read; moto drops them."""
    owned = {"Bucket": unique_name, "ObjectOwnership": "ObjectWriter"}
    s3.create_bucket(**owned, GrantRead=f"id={SOMEBODY}")
    assert grants_of(s3.get_bucket_acl(Bucket=unique_name)) == {("bbbbbbbb", "READ")}
    s3.delete_bucket(Bucket=unique_name)
