"""Lists of IAM: their order, their pages, and who is in a group."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from role_driver import TRUSTS_THE_ACCOUNT, policy_document

TRUST = policy_document(
    {"Effect": "Allow", "Principal": TRUSTS_THE_ACCOUNT, "Action": "sts:AssumeRole"}
)


def test_roles_are_listed_by_name(iam: Any, unique_name: str) -> None:
    """Recorded from AWS: ListRoles, and its pages."""
    path = f"/{unique_name}/"
    names = [f"{unique_name}-{letter}" for letter in "cabed"]
    for name in names:
        iam.create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=TRUST)

    first = iam.list_roles(PathPrefix=path, MaxItems=2)
    rest = iam.list_roles(PathPrefix=path, Marker=first["Marker"])

    assert (first["IsTruncated"], rest["IsTruncated"]) == (True, False)
    listed = [role["RoleName"] for role in (*first["Roles"], *rest["Roles"])]
    assert listed == sorted(names)
    for name in names:
        iam.delete_role(RoleName=name)


def test_a_marker_that_no_page_gave_is_refused(iam: Any) -> None:
    """Recorded from AWS: ValidationError."""
    for call in (iam.list_virtual_mfa_devices, iam.list_roles):
        with pytest.raises(ClientError, match=r"Invalid Marker\.$") as refused:
            call(Marker="invalid")
        assert refused.value.response["Error"]["Code"] == "ValidationError"


def test_a_group_moves_to_another_path_under_its_name(iam: Any, unique_name: str) -> None:
    """Recorded from AWS; API_UpdateGroup: NewPath."""
    iam.create_group(GroupName=unique_name)
    iam.update_group(GroupName=unique_name, NewPath="/new/")
    group = iam.get_group(GroupName=unique_name)["Group"]
    assert group["Path"] == "/new/"
    assert group["Arn"] == f"arn:aws:iam::123456789012:group/new/{unique_name}"
    iam.delete_group(GroupName=unique_name)


def test_who_is_in_no_group_can_be_removed_from_it(iam: Any, unique_name: str) -> None:
    """Recorded from AWS: RemoveUserFromGroup succeeds."""
    both = {"GroupName": unique_name, "UserName": unique_name}
    iam.create_group(GroupName=unique_name)
    iam.create_user(UserName=unique_name)
    iam.remove_user_from_group(**both)
    with pytest.raises(ClientError, match="The group with name none cannot be found"):
        iam.remove_user_from_group(GroupName="none", UserName=unique_name)
    iam.delete_user(UserName=unique_name)
    iam.delete_group(GroupName=unique_name)


def test_a_password_policy_shows_no_age_that_it_does_not_have(iam: Any) -> None:
    """Recorded from AWS; API_PasswordPolicy: MaxPasswordAge, HardExpiry."""
    iam.update_account_password_policy()
    policy = iam.get_account_password_policy()["PasswordPolicy"]
    assert policy.keys().isdisjoint({"MaxPasswordAge", "HardExpiry", "PasswordReusePrevention"})
    assert policy["ExpirePasswords"] is False
    iam.delete_account_password_policy()


def test_the_details_of_an_account_come_in_pages(iam: Any, user: str) -> None:
    """API_GetAccountAuthorizationDetails: MaxItems, "If you do not include this parameter, the
    number of items defaults to 100"; IsTruncated, Marker."""
    lists = ("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies")
    first = iam.get_account_authorization_details()
    assert first["IsTruncated"]
    assert sum(len(first[name]) for name in lists) == 100
    assert user in [each["UserName"] for each in first["UserDetailList"]]
    paginator = iam.get_paginator("get_account_authorization_details")
    pages = paginator.paginate(Filter=["AWSManagedPolicy"], PaginationConfig={"PageSize": 1000})
    sizes = [len(page["Policies"]) for page in pages]
    assert sizes[0] == 1000
    assert sum(sizes) > 1500
