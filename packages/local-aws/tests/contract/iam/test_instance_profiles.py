"""Instance profiles as IAM lists them."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from role_driver import TRUSTS_THE_ACCOUNT, policy_document

TRUST = policy_document(
    {"Effect": "Allow", "Principal": TRUSTS_THE_ACCOUNT, "Action": "sts:AssumeRole"}
)


def test_they_are_listed_by_path(aws: Any, unique_name: str) -> None:
    """API_ListInstanceProfiles: PathPrefix."""
    iam = aws("iam")
    path = f"/{unique_name}/"
    for name, place in ((unique_name, path), (f"{unique_name}-other", "/")):
        iam.create_instance_profile(InstanceProfileName=name, Path=place)
    found = iam.list_instance_profiles(PathPrefix=path)["InstanceProfiles"]
    assert [each["InstanceProfileName"] for each in found] == [unique_name]
    everywhere = iam.list_instance_profiles()["InstanceProfiles"]
    assert len(everywhere) >= 2


def test_tags_of_a_profile_are_listed(aws: Any, unique_name: str) -> None:
    """Recorded from AWS; API_ListInstanceProfileTags."""
    iam, named = aws("iam"), {"InstanceProfileName": unique_name}
    iam.create_instance_profile(**named)
    empty = iam.list_instance_profile_tags(**named)
    assert (empty["Tags"], empty["IsTruncated"]) == ([], False)
    tags = [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]
    iam.tag_instance_profile(**named, Tags=tags)
    assert iam.list_instance_profile_tags(**named)["Tags"] == tags
    iam.untag_instance_profile(**named, TagKeys=["a"])
    assert iam.list_instance_profile_tags(**named)["Tags"] == tags[1:]
    words = "Instance Profile none cannot be found."
    with pytest.raises(ClientError, match=words):
        iam.list_instance_profile_tags(InstanceProfileName="none")


def test_a_role_that_is_in_no_profile_is_not_removed(aws: Any, unique_name: str) -> None:
    """Recorded from AWS: NoSuchEntity."""
    iam = aws("iam")
    both = {"InstanceProfileName": unique_name, "RoleName": unique_name}
    iam.create_instance_profile(InstanceProfileName=unique_name)
    iam.create_role(RoleName=unique_name, AssumeRolePolicyDocument=TRUST)
    words = f"Role {unique_name} in Instance Profile {unique_name} cannot be found."
    with pytest.raises(ClientError, match=words) as refused:
        iam.remove_role_from_instance_profile(**both)
    assert refused.value.response["Error"]["Code"] == "NoSuchEntity"
