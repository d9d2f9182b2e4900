"""Names, quotas and tags: what IAM has once, up to ten times, or never."""

from __future__ import annotations

from typing import Any

import pytest
from refusals import error_of
from role_driver import EC2_ASSUMES_IT, allow, policy_document

TRUST = policy_document(EC2_ASSUMES_IT)


def test_names_that_differ_in_case_are_the_same(aws: Any, unique_name: str) -> None:
    """API_CreateUser, API_CreateGroup, API_CreateRole, API_CreatePolicy: "Names are not
    distinguished by case"; "IAM and AWS STS quotas" in the IAM User Guide: instance profiles."""
    iam, name = aws("iam"), unique_name.lower()
    document = policy_document(allow("s3:*"))
    for create, arguments in (
        (iam.create_user, {"UserName": name}),
        (iam.create_group, {"GroupName": name}),
        (iam.create_role, {"RoleName": name, "AssumeRolePolicyDocument": TRUST}),
        (iam.create_instance_profile, {"InstanceProfileName": name}),
        (iam.create_policy, {"PolicyName": name, "PolicyDocument": document}),
    ):
        create(**arguments)
        for other in (name, name.upper()):
            again = {key: other if value == name else value for key, value in arguments.items()}
            code, words = error_of(create, **again)
            assert code == "EntityAlreadyExists"
            assert other in words

    iam.create_user(UserName=f"{name}-2")
    renamed = {"UserName": f"{name}-2", "NewUserName": name.title()}
    assert error_of(iam.update_user, **renamed)[0] == "EntityAlreadyExists"
    iam.update_user(UserName=name, NewUserName=name.upper())


@pytest.mark.parametrize("kind", ["Role", "User", "Group"])
def test_ten_managed_policies_are_attached_at_most(aws: Any, unique_name: str, kind: str) -> None:
    """IAM User Guide, "IAM and AWS STS quotas"; https://github.com/aws/aws-cdk/issues/13515: the
    words; what is attached already is attached once."""
    iam, holder = aws("iam"), {f"{kind}Name": unique_name}
    trust = {"AssumeRolePolicyDocument": TRUST} if kind == "Role" else {}
    getattr(iam, f"create_{kind.lower()}")(**holder, **trust)
    attach = getattr(iam, f"attach_{kind.lower()}_policy")
    *ten, eleventh = (each["Arn"] for each in iam.list_policies(MaxItems=11)["Policies"])
    for arn in (*ten, ten[0]):
        attach(**holder, PolicyArn=arn)

    words = f"Cannot exceed quota for PoliciesPer{kind}: 10"
    assert error_of(attach, **holder, PolicyArn=eleventh) == ("LimitExceeded", words)


def test_a_user_is_in_ten_groups_at_most(aws: Any, unique_name: str) -> None:
    """IAM User Guide, "IAM and AWS STS quotas"."""
    iam, user = aws("iam"), {"UserName": unique_name}
    iam.create_user(**user)
    groups = [f"{unique_name}-{number}" for number in range(11)]
    for group in groups:
        iam.create_group(GroupName=group)
    for group in (*groups[:10], groups[0]):
        iam.add_user_to_group(**user, GroupName=group)

    words = "Cannot exceed quota for GroupsPerUser: 10"
    assert error_of(iam.add_user_to_group, **user, GroupName=groups[10]) == ("LimitExceeded", words)


@pytest.mark.parametrize("tag", [{"Key": "aws:a", "Value": "b"}, {"Key": "a", "Value": "AWS:b"}])
def test_tags_do_not_begin_like_awss_own(aws: Any, unique_name: str, tag: dict[str, str]) -> None:
    """IAM User Guide, "Rules for tagging in IAM and AWS STS"."""
    iam, user = aws("iam"), {"UserName": unique_name}
    assert error_of(iam.create_user, **user, Tags=[tag])[0] == "InvalidInput"
    iam.create_user(**user)
    assert error_of(iam.tag_user, **user, Tags=[tag])[0] == "InvalidInput"


def test_only_the_service_changes_a_role_that_is_linked_to_it(aws: Any, unique_name: str) -> None:
    """API_AttachRolePolicy, API_DeleteRole: UnmodifiableEntity; the words:
    https://github.com/rebuy-de/aws-nuke/issues/331."""
    iam = aws("iam")
    linked = iam.create_service_linked_role(
        AWSServiceName="autoscaling.amazonaws.com", CustomSuffix=unique_name
    )["Role"]["RoleName"]
    read = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    words = (
        f"Cannot perform the operation on the protected role '{linked}' - this role is only "
        "modifiable by AWS"
    )
    refused = ("UnmodifiableEntity", words)
    assert error_of(iam.attach_role_policy, RoleName=linked, PolicyArn=read) == refused
    assert error_of(iam.delete_role, RoleName=linked) == refused
    iam.delete_service_linked_role(RoleName=linked)
