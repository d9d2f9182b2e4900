"""IAM's answers and errors, member by member and word by word, as real ones have been recorded."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "ec2.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}
DOCUMENT = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::mine"},
}
POLICIES = "arn:aws:iam::123456789012:policy"


@pytest.fixture
def role(iam: Any, unique_name: str) -> str:
    iam.create_role(RoleName=unique_name, AssumeRolePolicyDocument=json.dumps(TRUST))
    return unique_name


@pytest.fixture
def policy_arn(iam: Any, unique_name: str) -> str:
    made = iam.create_policy(PolicyName=unique_name, PolicyDocument=json.dumps(DOCUMENT))
    return str(made["Policy"]["Arn"])


def refusal(call: Any, **arguments: Any) -> tuple[str, str]:
    """The code and the message of the error that the call answers, which has nothing besides."""
    with pytest.raises(ClientError) as refused:
        call(**arguments)
    answer = dict(refused.value.response)
    del answer["ResponseMetadata"]
    error = answer.pop("Error")
    assert answer == {}
    assert error.keys() == {"Type", "Code", "Message"}
    return error["Code"], error["Message"]


def test_a_role_is_shown_in_full_by_get_role_alone(iam: Any, unique_name: str) -> None:
    """API_CreateRole, API_GetRole, API_ListRoles, API_UpdateRoleDescription."""
    path = f"/{unique_name}/"
    created = iam.create_role(
        RoleName=unique_name,
        Path=path,
        Description="first",
        AssumeRolePolicyDocument=json.dumps(TRUST),
    )["Role"]
    everywhere = {"Path", "RoleName", "RoleId", "Arn", "CreateDate", "AssumeRolePolicyDocument"}
    assert created.keys() == everywhere
    got = iam.get_role(RoleName=unique_name)["Role"]
    assert got.keys() == everywhere | {"Description", "MaxSessionDuration", "RoleLastUsed"}
    assert got["RoleLastUsed"] == {}
    [listed] = iam.list_roles(PathPrefix=path)["Roles"]
    assert listed.keys() == everywhere | {"Description", "MaxSessionDuration"}
    described = iam.update_role_description(RoleName=unique_name, Description="second")["Role"]
    assert described.keys() == everywhere | {"Description"}
    assert described["AssumeRolePolicyDocument"] == TRUST


def test_a_profile_shows_its_role_in_short(iam: Any, unique_name: str, role: str) -> None:
    """API_GetInstanceProfile, API_ListInstanceProfiles, API_ListInstanceProfilesForRole."""
    path = f"/{unique_name}/"
    named = {"InstanceProfileName": unique_name}
    everywhere = {"Path", "Arn", "CreateDate", "InstanceProfileId", "InstanceProfileName", "Roles"}
    assert iam.create_instance_profile(**named, Path=path)["InstanceProfile"].keys() == everywhere
    iam.add_role_to_instance_profile(**named, RoleName=role)
    got = iam.get_instance_profile(**named)["InstanceProfile"]
    assert got.keys() == everywhere | {"Tags"}
    for listed in (
        iam.list_instance_profiles(PathPrefix=path),
        iam.list_instance_profiles_for_role(RoleName=role),
    ):
        assert listed["IsTruncated"] is False
        [profile] = listed["InstanceProfiles"]
        assert profile.keys() == everywhere
        assert profile["Roles"] == got["Roles"]
    assert got["Roles"][0].keys() == {
        "Path",
        "RoleName",
        "RoleId",
        "Arn",
        "CreateDate",
        "AssumeRolePolicyDocument",
    }


def test_every_list_says_where_it_ends(iam: Any, unique_name: str) -> None:
    """API_ListUsers and others: IsTruncated."""
    iam.create_user(UserName=unique_name)
    iam.create_group(GroupName=unique_name)
    for answer in (
        iam.list_users(),
        iam.list_groups(),
        iam.list_access_keys(UserName=unique_name),
        iam.list_user_tags(UserName=unique_name),
        iam.list_groups_for_user(UserName=unique_name),
        iam.list_group_policies(GroupName=unique_name),
        iam.list_account_aliases(),
        iam.get_group(GroupName=unique_name),
    ):
        assert answer["IsTruncated"] is False


def test_what_an_update_of_a_role_does_not_name_stays(iam: Any, role: str) -> None:
    """API_UpdateRole."""
    iam.update_role(RoleName=role, Description="kept", MaxSessionDuration=7200)
    iam.update_role(RoleName=role)

    got = iam.get_role(RoleName=role)["Role"]

    assert (got["Description"], got["MaxSessionDuration"]) == ("kept", 7200)


def test_a_policy_counts_the_roles_that_it_bounds(iam: Any, role: str, policy_arn: str) -> None:
    """API_Policy: PermissionsBoundaryUsageCount; API_AttachedPermissionsBoundary."""
    assert iam.get_policy(PolicyArn=policy_arn)["Policy"]["PermissionsBoundaryUsageCount"] == 0

    iam.put_role_permissions_boundary(RoleName=role, PermissionsBoundary=policy_arn)

    assert iam.get_policy(PolicyArn=policy_arn)["Policy"]["PermissionsBoundaryUsageCount"] == 1
    assert iam.get_role(RoleName=role)["Role"]["PermissionsBoundary"] == {
        "PermissionsBoundaryType": "Policy",
        "PermissionsBoundaryArn": policy_arn,
    }


def test_versions_come_newest_first_and_without_their_documents(iam: Any, policy_arn: str) -> None:
    """API_ListPolicyVersions, API_CreatePolicyVersion."""
    for _ in range(2):
        made = iam.create_policy_version(PolicyArn=policy_arn, PolicyDocument=json.dumps(DOCUMENT))
        assert made["PolicyVersion"].keys() == {"VersionId", "IsDefaultVersion", "CreateDate"}

    listed = iam.list_policy_versions(PolicyArn=policy_arn)

    assert [each["VersionId"] for each in listed["Versions"]] == ["v3", "v2", "v1"]
    assert not any("Document" in each for each in listed["Versions"])
    assert listed["IsTruncated"] is False
    got = iam.get_policy_version(PolicyArn=policy_arn, VersionId="v2")["PolicyVersion"]
    assert got["Document"] == DOCUMENT


def test_the_keys_of_a_policys_tags_are_case_sensitive_and_a_roles_are_not(
    iam: Any, role: str, policy_arn: str
) -> None:
    """API_TagPolicy, API_TagRole."""
    both = [{"Key": "key", "Value": "1"}, {"Key": "Key", "Value": "2"}]

    iam.tag_policy(PolicyArn=policy_arn, Tags=both)

    assert iam.list_policy_tags(PolicyArn=policy_arn)["Tags"] == both[::-1]
    iam.untag_policy(PolicyArn=policy_arn, TagKeys=["key"])
    assert iam.list_policy_tags(PolicyArn=policy_arn)["Tags"] == both[1:]
    twice = ("InvalidInput", "Duplicate tag keys found.")
    assert refusal(iam.tag_policy, PolicyArn=policy_arn, Tags=both[:1] * 2) == twice
    words = f"{twice[1]} Please note that Tag keys are case insensitive."
    assert refusal(iam.tag_role, RoleName=role, Tags=both) == ("InvalidInput", words)
    assert refusal(iam.create_user, UserName=role, Tags=both) == ("InvalidInput", words)


def test_what_is_not_there_is_named_as_on_aws(
    iam: Any, unique_name: str, role: str, policy_arn: str
) -> None:
    """API_GetRole and others: NoSuchEntity."""
    gone = "gone"
    no_role = f"The role with name {gone} cannot be found."
    version = f"Policy {policy_arn} version v9 does not exist or is not attachable."
    other = f"{POLICIES}/gone"
    iam.create_user(UserName=unique_name)
    iam.create_group(GroupName=unique_name)
    inline = {"PolicyName": gone}
    found = {
        refusal(call, **arguments)
        for call, arguments in (
            (iam.get_role, {"RoleName": gone}),
            (iam.delete_role, {"RoleName": gone}),
            (iam.list_role_tags, {"RoleName": gone}),
            (iam.get_role_policy, {"RoleName": gone, "PolicyName": gone}),
            (iam.put_role_permissions_boundary, {"RoleName": gone, "PermissionsBoundary": other}),
        )
    }
    assert found == {("NoSuchEntity", no_role)}
    for call, arguments, words in (
        (iam.get_user, {"UserName": gone}, f"The user with name {gone} cannot be found."),
        (iam.delete_user, {"UserName": gone}, f"The user with name {gone} cannot be found."),
        (iam.get_group, {"GroupName": gone}, f"The group with name {gone} cannot be found."),
        (
            iam.get_instance_profile,
            {"InstanceProfileName": gone},
            f"Instance Profile {gone} cannot be found.",
        ),
        (iam.get_policy, {"PolicyArn": other}, f"Policy {other} was not found."),
        (iam.get_policy_version, {"PolicyArn": policy_arn, "VersionId": "v9"}, version),
        (iam.delete_policy_version, {"PolicyArn": policy_arn, "VersionId": "v9"}, version),
        (iam.set_default_policy_version, {"PolicyArn": policy_arn, "VersionId": "v9"}, version),
        (
            iam.attach_role_policy,
            {"RoleName": role, "PolicyArn": other},
            f"Policy {other} does not exist or is not attachable.",
        ),
        (
            iam.put_role_permissions_boundary,
            {"RoleName": role, "PermissionsBoundary": other},
            f"Scope ARN: {other} does not exist or is not attachable.",
        ),
        *(
            (
                getattr(iam, f"{verb}_{kind.lower()}_policy"),
                {f"{kind}Name": unique_name, **inline},
                f"The {kind.lower()} policy with name {gone} cannot be found.",
            )
            for kind in ("Role", "User", "Group")
            for verb in ("get", "delete")
        ),
    ):
        assert refusal(call, **arguments) == ("NoSuchEntity", words)


def test_what_is_no_policy_is_refused_in_iams_words(
    iam: Any, unique_name: str, role: str, policy_arn: str
) -> None:
    """API_AttachRolePolicy, API_PutRolePermissionsBoundary, API_UpdateAssumeRolePolicy,
    API_DeletePolicyVersion."""
    no_arn = "longpolicynamebutnoarn"
    words = f"ARN {no_arn} is not valid."
    attach = {"RoleName": role, "PolicyArn": no_arn}
    assert refusal(iam.attach_role_policy, **attach) == ("ValidationError", words)
    bound = {"RoleName": role, "PermissionsBoundary": no_arn}
    assert refusal(iam.put_role_permissions_boundary, **bound) == ("InvalidInput", words)
    create = {
        "RoleName": f"{unique_name}-other",
        "AssumeRolePolicyDocument": json.dumps(TRUST),
        "PermissionsBoundary": no_arn,
    }
    assert refusal(iam.create_role, **create) == ("InvalidInput", words)
    first = {"PolicyArn": policy_arn, "VersionId": "v1"}
    assert refusal(iam.delete_policy_version, **first) == (
        "DeleteConflict",
        "Cannot delete the default version of a policy.",
    )
    [statement] = TRUST["Statement"]
    for document, said in (
        ("no json", "This policy contains invalid Json"),
        (
            json.dumps({**TRUST, "Statement": [{**statement, "Action": "sts:Other"}]}),
            "AssumeRole policy may only specify STS AssumeRole actions.",
        ),
        (
            json.dumps({**TRUST, "Statement": [{**statement, "Resource": "*"}]}),
            "Has prohibited field Resource",
        ),
    ):
        trust = {"RoleName": role, "PolicyDocument": document}
        assert refusal(iam.update_assume_role_policy, **trust) == ("MalformedPolicyDocument", said)


def test_values_outside_the_models_limits_are_refused_in_the_frameworks_words(
    iam: Any, role: str, policy_arn: str
) -> None:
    """API_Tag, API_UntagRole, API_SetDefaultPolicyVersion: lengths, patterns and numbers."""
    begin = "1 validation error detected: Value at"
    failed = "failed to satisfy constraint: Member must"
    form = r"satisfy regular expression pattern: [\p{L}\p{Z}\p{N}_.:/=+\-@]+"
    tags = [{"Key": str(number), "Value": ""} for number in range(51)]
    for given, at, words in (
        (tags, "tags", "have length less than or equal to 50"),
        (
            [{"Key": "k" * 129, "Value": ""}],
            "tags.1.member.key",
            "have length less than or equal to 128",
        ),
        (
            [*tags[:1], {"Key": "k", "Value": "v" * 257}],
            "tags.2.member.value",
            "have length less than or equal to 256",
        ),
        ([{"Key": "k!", "Value": ""}], "tags.1.member.key", form),
    ):
        said = ("ValidationError", f"{begin} '{at}' {failed} {words}")
        assert refusal(iam.tag_role, RoleName=role, Tags=given) == said
        assert refusal(iam.tag_policy, PolicyArn=policy_arn, Tags=given) == said
    all_of = (
        f"{begin} 'tagKeys' {failed} satisfy constraint: [Member must have length less than or "
        "equal to 128, Member must have length greater than or equal to 1, Member must "
        f"{form}, Member must not be null]"
    )
    for keys in (["k" * 129], ["fine", "k!"]):
        assert refusal(iam.untag_role, RoleName=role, TagKeys=keys) == ("ValidationError", all_of)
    version = {"PolicyArn": policy_arn, "VersionId": "first"}
    words = r"satisfy regular expression pattern: v[1-9][0-9]*(\.[A-Za-z0-9-]*)?"
    said = ("ValidationError", f"{begin} 'versionId' {failed} {words}")
    assert refusal(iam.set_default_policy_version, **version) == said
    iam.tag_role(RoleName=role, Tags=[{"Key": "Größe ", "Value": "ж"}])
