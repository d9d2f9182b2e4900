"""Conditions about the tags of S3's objects: those that a request gives, and those there are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from public_bucket import let_be_public
from role_driver import allow, denies
from signed_requests import RawClient, policy_document

Session = Callable[..., dict[str, str]]
TEAMS = {"StringEquals": {"s3:RequestObjectTag/team": ["red", "blue"]}}
WRITES = allow(["s3:PutObject", "s3:PutObjectTagging"])
ONLY_TEAM = {"ForAllValues:StringEquals": {"s3:RequestObjectTagKeys": ["team"]}}


def tagging(**tags: str) -> dict[str, Any]:
    return {"TagSet": [{"Key": name, "Value": value} for name, value in tags.items()]}


def test_a_request_gives_tags_of_a_condition(aws: Any, bucket: str, session: Session) -> None:
    """S3 User Guide, "Tagging and access control policies": s3:RequestObjectTag."""
    actions = ["s3:PutObject", "s3:PutObjectTagging"]
    s3 = aws("s3", **session(allow(actions, Condition=TEAMS)))
    named = {"Bucket": bucket, "Key": "k"}
    s3.put_object(**named, Tagging="team=red")
    s3.put_object_tagging(**named, Tagging=tagging(team="blue"))
    s3.create_multipart_upload(**named, Tagging="team=red")
    for given in ({}, {"Tagging": "team=green"}, {"Tagging": "other=red"}):
        assert denies(s3.put_object, **named, **given)
    assert denies(s3.put_object_tagging, **named, Tagging=tagging(team="green"))
    found = aws("s3").get_object_tagging(**named)["TagSet"]
    assert found == tagging(team="blue")["TagSet"]


def test_a_request_gives_tags_of_these_keys_only(aws: Any, bucket: str, session: Session) -> None:
    """S3 User Guide, "Tagging and access control policies": s3:RequestObjectTagKeys."""
    actions = ["s3:PutObject", "s3:PutObjectTagging"]
    s3 = aws("s3", **session(allow(actions, Condition=ONLY_TEAM)))
    named = {"Bucket": bucket, "Key": "k"}
    s3.put_object(**named, Tagging="team=red")
    s3.put_object(**named)
    assert denies(s3.put_object, **named, Tagging="team=red&other=1")
    assert denies(s3.put_object_tagging, **named, Tagging=tagging(team="red", other="1"))


def test_whoever_uploads_tags_may_put_tags(aws: Any, bucket: str, session: Session) -> None:
    """API_PutObject: "you must have the s3:PutObjectTagging in your IAM permissions"."""
    s3 = aws("s3", **session(allow("s3:PutObject")))
    s3.put_object(Bucket=bucket, Key="k")
    assert denies(s3.put_object, Bucket=bucket, Key="k", Tagging="team=red")


def test_an_object_has_tags_of_a_condition(aws: Any, bucket: str, session: Session) -> None:
    """S3 User Guide, "Tagging and access control policies": s3:ExistingObjectTag, of a version."""
    admin = aws("s3")
    status = {"Status": "Enabled"}
    admin.put_bucket_versioning(Bucket=bucket, VersioningConfiguration=status)
    red = admin.put_object(Bucket=bucket, Key="red", Body=b"1", Tagging="team=red")
    admin.put_object(Bucket=bucket, Key="none", Body=b"1")
    condition = {"StringEquals": {"s3:ExistingObjectTag/team": "red"}}
    actions = ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObjectTagging", "s3:PutObject"]
    s3 = aws("s3", **session(allow(actions, Condition=condition)))
    assert s3.get_object(Bucket=bucket, Key="red")["Body"].read() == b"1"
    assert denies(s3.get_object, Bucket=bucket, Key="none")
    assert denies(s3.put_object, Bucket=bucket, Key="red")  # has no such key
    s3.put_object_tagging(Bucket=bucket, Key="red", Tagging=tagging(team="blue"))
    assert denies(s3.get_object, Bucket=bucket, Key="red")
    new = admin.put_object(Bucket=bucket, Key="red", Body=b"2", Tagging="team=red")
    of_new = {"Bucket": bucket, "Key": "red", "VersionId": new["VersionId"]}
    assert s3.get_object(**of_new)["Body"].read() == b"2"
    assert denies(s3.get_object, **{**of_new, "VersionId": red["VersionId"]})
    for each in admin.list_object_versions(Bucket=bucket)["Versions"]:
        admin.delete_object(Bucket=bucket, Key=each["Key"], VersionId=each["VersionId"])


def test_everyone_reads_objects_of_a_tag(aws: Any, bucket: str, raw: RawClient) -> None:
    """S3 User Guide, "Tagging and access control policies": a bucket policy for everyone."""
    s3 = aws("s3")
    let_be_public(s3, bucket)
    for key in ("open", "shut"):
        s3.put_object(Bucket=bucket, Key=key, Body=b"1", Tagging=f"kind={key}")
    condition = {"StringEquals": {"s3:ExistingObjectTag/kind": "open"}}
    everyone = allow("s3:GetObject", f"arn:aws:s3:::{bucket}/*", Condition=condition, Principal="*")
    s3.put_bucket_policy(Bucket=bucket, Policy=policy_document(everyone))
    found = [raw.send("GET", f"/{bucket}/{key}")[0] for key in ("open", "shut")]
    assert found == [200, 403]


def test_a_copied_version_has_tags_of_a_condition(aws: Any, bucket: str, session: Session) -> None:
    """API_CopyObject: a source with a versionId needs s3:GetObjectVersion, of that version."""
    admin = aws("s3")
    status = {"Status": "Enabled"}
    admin.put_bucket_versioning(Bucket=bucket, VersioningConfiguration=status)
    named = {"Bucket": bucket, "Key": "any?thing"}
    red = admin.put_object(**named, Body=b"1", Tagging="team=red")["VersionId"]
    blue = admin.put_object(**named, Body=b"2", Tagging="team=blue")["VersionId"]
    condition = {"StringEquals": {"s3:ExistingObjectTag/team": "red"}}
    s3 = aws("s3", **session(allow("s3:GetObjectVersion", Condition=condition), WRITES))
    target = {"Bucket": bucket, "Key": "copy"}
    s3.copy_object(**target, CopySource={**named, "VersionId": red})
    assert denies(s3.copy_object, **target, CopySource={**named, "VersionId": blue})
    assert denies(s3.copy_object, **target, CopySource=named)  # needs s3:GetObject
    upload = admin.create_multipart_upload(**target)["UploadId"]
    part = {**target, "UploadId": upload, "PartNumber": 1}
    s3.upload_part_copy(**part, CopySource={**named, "VersionId": red})
    assert denies(s3.upload_part_copy, **part, CopySource={**named, "VersionId": blue})
    admin.abort_multipart_upload(**target, UploadId=upload)
    for each in admin.list_object_versions(Bucket=bucket)["Versions"]:
        admin.delete_object(Bucket=bucket, Key=each["Key"], VersionId=each["VersionId"])


def test_versions_that_are_deleted_or_copied_are_of_a_condition(
    aws: Any, bucket: str, session: Session
) -> None:
    """Service Authorization Reference: s3:versionid; API_DeleteObjects: s3:DeleteObjectVersion."""
    admin = aws("s3")
    status = {"Status": "Enabled"}
    admin.put_bucket_versioning(Bucket=bucket, VersioningConfiguration=status)
    named = {"Bucket": bucket, "Key": "k"}
    first, second = (admin.put_object(**named, Body=b"1")["VersionId"] for _ in range(2))
    condition = {"StringEquals": {"s3:VersionId": first}}
    actions = ["s3:GetObjectVersion", "s3:DeleteObjectVersion"]
    s3 = aws("s3", **session(allow(actions, Condition=condition), WRITES))
    target = {"Bucket": bucket, "Key": "copy"}
    s3.copy_object(**target, CopySource={**named, "VersionId": first})
    assert denies(s3.copy_object, **target, CopySource={**named, "VersionId": second})
    objects = [{"Key": "k", "VersionId": second}, {"Key": "k", "VersionId": first}, {"Key": "k"}]
    answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": objects})
    assert answer["Deleted"] == [objects[1]]
    refused = [(each["Code"], each.get("VersionId")) for each in answer["Errors"]]
    assert refused == [("AccessDenied", second), ("AccessDenied", None)]
    for each in admin.list_object_versions(Bucket=bucket)["Versions"]:
        admin.delete_object(Bucket=bucket, Key=each["Key"], VersionId=each["VersionId"])
