"""Unique ids of IAM's users, groups and instance profiles."""

from __future__ import annotations

from typing import Any


def test_an_id_begins_with_what_it_is_of(aws: Any, unique_name: str) -> None:
    """IAM User Guide, "Understanding unique ID prefixes"; aws:userid is that of a user."""
    iam = aws("iam")
    user = iam.create_user(UserName=unique_name)["User"]
    group = iam.create_group(GroupName=unique_name)["Group"]
    profile = iam.create_instance_profile(InstanceProfileName=unique_name)["InstanceProfile"]
    ids = user["UserId"], group["GroupId"], profile["InstanceProfileId"]
    assert [each[:4] for each in ids] == ["AIDA", "AGPA", "AIPA"]
    assert {len(each) for each in ids} == {21}
    key = iam.create_access_key(UserName=unique_name)["AccessKey"]
    keys = {
        "aws_access_key_id": key["AccessKeyId"],
        "aws_secret_access_key": key["SecretAccessKey"],
    }
    assert aws("sts", **keys).get_caller_identity()["UserId"] == user["UserId"]
    iam.delete_access_key(UserName=unique_name, AccessKeyId=key["AccessKeyId"])
    iam.delete_user(UserName=unique_name)
    iam.delete_group(GroupName=unique_name)
    iam.delete_instance_profile(InstanceProfileName=unique_name)
