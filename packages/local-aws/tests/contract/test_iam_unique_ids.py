"""Unique ids of IAM's users, groups and instance profiles."""

from __future__ import annotations

from typing import Any

from refusals import refusal_of


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


def test_a_report_that_nobody_generated_is_not_there(aws: Any) -> None:
    """Recorded from AWS: ReportNotPresent."""
    words = "No credential report found. Use GenerateCredentialReport to create one."
    refused = refusal_of(aws("iam", region="us-east-1").get_credential_report)
    assert refused == (410, "ReportNotPresent", words)
