"""Policy documents: their sizes, their versions, and what is none."""

from __future__ import annotations

import json
from typing import Any

import pytest
from refusals import error_of


def document(length: int, **statement: Any) -> str:
    """A policy of so many characters, white space not counted."""
    policy = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", **statement}],
    }
    policy["Statement"][0]["Sid"] = ""  # type: ignore[index]
    text = json.dumps(policy, separators=(",", ":"))
    return text.replace('"Sid":""', f'"Sid":"{"a" * (length - len(text))}"')


TRUST = {"Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}


def test_documents_are_as_large_as_on_aws_at_most(aws: Any, unique_name: str) -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: role 10,240
    characters of inline policies, user 2,048, group 5,120, managed policy 6,144, trust 2,048; white
    space does not count."""
    iam = aws("iam")
    iam.create_user(UserName=unique_name)
    iam.create_group(GroupName=unique_name)
    trust = document(2_048, **TRUST)
    large_trust = document(2_049, **TRUST)
    expected = ("LimitExceeded", "Cannot exceed quota for ACLSizePerRole: 2048")
    role = {"RoleName": unique_name}
    create = {**role, "AssumeRolePolicyDocument": large_trust}
    assert error_of(iam.create_role, **create) == expected
    iam.create_role(**role, AssumeRolePolicyDocument=trust + " " * 5_000)
    update = {**role, "PolicyDocument": large_trust}
    assert error_of(iam.update_assume_role_policy, **update) == expected

    for kind, most in (("Role", 10_240), ("User", 2_048), ("Group", 5_120)):
        put = getattr(iam, f"put_{kind.lower()}_policy")
        holder = {f"{kind}Name": unique_name}
        put(**holder, PolicyName="a", PolicyDocument=document(most, Resource="*"))
        put(**holder, PolicyName="a", PolicyDocument=document(most - 200, Resource="*"))
        more = {**holder, "PolicyName": "b", "PolicyDocument": document(201, Resource="*")}
        assert error_of(put, **more) == (
            "LimitExceeded",
            f"Maximum policy size of {most} bytes exceeded for {kind.lower()} {unique_name}",
        )

    expected = ("LimitExceeded", "Cannot exceed quota for PolicySize: 6144")
    managed = {"PolicyName": unique_name}
    large = {"PolicyDocument": document(6_145, Resource="*")}
    assert error_of(iam.create_policy, **managed, **large) == expected
    fits = document(6_144, Resource="*")
    arn = iam.create_policy(**managed, PolicyDocument=fits)["Policy"]["Arn"]
    assert error_of(iam.create_policy_version, PolicyArn=arn, **large) == expected


@pytest.mark.parametrize(
    "text", ["{", "[]", "1", '"x"', "[" * 50_000, '{"a":' * 30 + "1" + "}" * 30]
)
def test_what_is_no_policy_is_malformed(aws: Any, unique_name: str, text: str) -> None:
    """API_PutRolePolicy, API_CreateRole: MalformedPolicyDocument."""
    iam = aws("iam")
    iam.create_user(UserName=unique_name)
    for call, arguments in (
        (iam.create_role, {"RoleName": unique_name, "AssumeRolePolicyDocument": text}),
        (iam.create_policy, {"PolicyName": unique_name, "PolicyDocument": text}),
        (
            iam.put_user_policy,
            {"UserName": unique_name, "PolicyName": "p", "PolicyDocument": text},
        ),
    ):
        is_trust = "AssumeRolePolicyDocument" in arguments
        words = "This policy contains invalid Json" if is_trust else "Syntax errors in policy."
        assert error_of(call, **arguments) == ("MalformedPolicyDocument", words)


@pytest.mark.parametrize("version", [{}, {"Version": "2008-10-17"}])
def test_only_managed_policies_must_be_of_the_newer_version(
    aws: Any, unique_name: str, version: dict[str, str]
) -> None:
    """IAM User Guide, "IAM JSON policy elements: Version": 2008-10-17 is the default."""
    iam = aws("iam")
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    older = json.dumps({**version, "Statement": [statement]})
    trust = json.dumps({**version, "Statement": [{"Effect": "Allow", **TRUST}]})
    iam.create_role(RoleName=unique_name, AssumeRolePolicyDocument=trust)
    iam.create_user(UserName=unique_name)
    iam.create_group(GroupName=unique_name)
    named = {"PolicyName": "p", "PolicyDocument": older}

    iam.update_assume_role_policy(RoleName=unique_name, PolicyDocument=trust)
    iam.put_role_policy(RoleName=unique_name, **named)
    iam.put_user_policy(UserName=unique_name, **named)
    iam.put_group_policy(GroupName=unique_name, **named)

    refused = ("MalformedPolicyDocument", "Policy document must be version 2012-10-17 or greater.")
    assert error_of(iam.create_policy, PolicyName=unique_name, PolicyDocument=older) == refused
    newer = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    arn = iam.create_policy(PolicyName=unique_name, PolicyDocument=newer)["Policy"]["Arn"]
    assert error_of(iam.create_policy_version, PolicyArn=arn, PolicyDocument=older) == refused
