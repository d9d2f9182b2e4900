"""What has something, or is had by somebody, is not deleted."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

DENIES_ALL = "arn:aws:iam::aws:policy/AWSDenyAll"
DOCUMENT = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}],
    }
)


def conflict(call: Any, **arguments: Any) -> str:
    with pytest.raises(ClientError) as refused:
        call(**arguments)
    error = refused.value.response["Error"]
    assert error["Code"] == "DeleteConflict"
    return str(error["Message"])


def test_what_a_user_has_is_deleted_first(iam: Any, unique_name: str) -> None:
    """API_DeleteUser: "you must delete the items attached to the user manually, or the deletion
    fails": password, access keys, policies, group memberships."""
    user, group = {"UserName": unique_name}, {"GroupName": unique_name}
    iam.create_user(**user)
    iam.create_group(**group)
    key = iam.create_access_key(**user)["AccessKey"]
    iam.create_login_profile(**user, Password="ALong-enough1")
    iam.add_user_to_group(**user, **group)
    iam.put_user_policy(**user, PolicyName="own", PolicyDocument=DOCUMENT)
    iam.attach_user_policy(**user, PolicyArn=DENIES_ALL)

    asked = []
    for undo, arguments in (
        (iam.delete_access_key, {"AccessKeyId": key["AccessKeyId"]}),
        (iam.delete_login_profile, {}),
        (iam.remove_user_from_group, group),
        (iam.detach_user_policy, {"PolicyArn": DENIES_ALL}),
        (iam.delete_user_policy, {"PolicyName": "own"}),
    ):
        asked.append(conflict(iam.delete_user, **user))
        undo(**user, **arguments)

    assert asked == [
        f"Cannot delete entity, must {first} first."
        for first in (
            "delete access keys",
            "delete login profile",
            "remove users from group",
            "detach all policies",
            "delete policies",
        )
    ]
    iam.delete_user(**user)
    iam.delete_group(**group)


def test_a_user_has_no_credentials_of_single_services(iam: Any, unique_name: str) -> None:
    """API_ListServiceSpecificCredentials: "If none exists, the operation returns an empty list"."""
    list_credentials = iam.list_service_specific_credentials
    with pytest.raises(ClientError, match="NoSuchEntity"):
        list_credentials(UserName=unique_name)
    iam.create_user(UserName=unique_name)
    assert list_credentials(UserName=unique_name)["ServiceSpecificCredentials"] == []
    iam.delete_user(UserName=unique_name)


def test_what_a_group_has_is_removed_first(iam: Any, unique_name: str) -> None:
    """API_DeleteGroup: "The group must not contain any users or have any attached policies"."""
    user, group = {"UserName": unique_name}, {"GroupName": unique_name}
    iam.create_user(**user)
    iam.create_group(**group)
    iam.add_user_to_group(**user, **group)
    iam.attach_group_policy(**group, PolicyArn=DENIES_ALL)
    iam.put_group_policy(**group, PolicyName="own", PolicyDocument=DOCUMENT)

    assert "must remove users from group first" in conflict(iam.delete_group, **group)
    iam.remove_user_from_group(**user, **group)
    assert "must detach all policies first" in conflict(iam.delete_group, **group)
    iam.detach_group_policy(**group, PolicyArn=DENIES_ALL)
    assert "must delete policies first" in conflict(iam.delete_group, **group)
    iam.delete_group_policy(**group, PolicyName="own")

    iam.delete_group(**group)
    iam.delete_user(**user)


def test_a_policy_that_somebody_has_is_not_deleted(iam: Any, unique_name: str) -> None:
    """API_DeletePolicy: "you must first detach the policy from all users, groups, and roles",
    delete all its versions; one that is a permissions boundary counts as attached."""
    arn = iam.create_policy(PolicyName=unique_name, PolicyDocument=DOCUMENT)["Policy"]["Arn"]
    policy, user, group = {"PolicyArn": arn}, {"UserName": unique_name}, {"GroupName": unique_name}
    iam.create_user(**user, PermissionsBoundary=arn)
    iam.create_group(**group)
    for _ in range(2):  # attached again, it is attached once
        iam.attach_group_policy(**group, **policy)
        iam.attach_user_policy(**user, **policy)
    assert iam.get_policy(**policy)["Policy"]["AttachmentCount"] == 2
    iam.create_policy_version(**policy, PolicyDocument=DOCUMENT)

    asked = []
    for undo, arguments in (
        (iam.detach_user_policy, {**user, **policy}),
        (iam.detach_group_policy, {**group, **policy}),
        (iam.delete_user_permissions_boundary, user),
        (iam.delete_policy_version, {**policy, "VersionId": "v2"}),
    ):
        asked.append(conflict(iam.delete_policy, **policy))
        undo(**arguments)

    assert asked == [
        *["Cannot delete a policy attached to entities."] * 3,
        (
            "This policy has more than one version. Before you delete a policy, you must delete "
            "the policy's versions. The default version is deleted with the policy."
        ),
    ]
    iam.delete_policy(**policy)
    iam.delete_user(**user)
    iam.delete_group(**group)
