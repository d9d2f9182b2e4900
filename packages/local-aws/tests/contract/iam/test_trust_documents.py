"""Trust policies that IAM refuses, and who may not be in an identity's policy."""

from __future__ import annotations

import json
from typing import Any

import pytest
from refusals import error_of
from role_driver import ACCOUNT, EC2_ASSUMES_IT, policy_document
from stack_driver import StackDriver

ROOT = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
NO_PRINCIPALS = (
    "Invalid principal in policy: com.amazon.balsa.error.InvalidPolicyException: "
    "The passed in policy has a statement with no principals!"
)
ONLY_ASSUMING = "AssumeRole policy may only specify STS AssumeRole actions."


def trusting(principal: Any = ROOT, action: Any = "sts:AssumeRole", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": principal, "Action": action, **more}


def without_principal(**more: Any) -> dict[str, Any]:
    statement = trusting(**more)
    del statement["Principal"]
    return statement


def invalid(kind: str, name: str) -> str:
    return f'Invalid principal in policy: "{kind}":"{name}"'


NOBODY = f"arn:aws:iam::{ACCOUNT}:role/nobody"
GROUP = f"arn:aws:iam::{ACCOUNT}:group/admins"


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (trusting(Resource="*"), "Has prohibited field Resource"),
        (
            without_principal(action="route53:ListHostedZones", Resource="*"),
            "Has prohibited field Resource",
        ),
        (without_principal(NotPrincipal=ROOT), "Has prohibited field NotPrincipal"),
        (trusting(action="s3:GetObject"), ONLY_ASSUMING),
        (trusting(action=["sts:AssumeRole", "sts:TagSessions"]), ONLY_ASSUMING),
        (without_principal(), NO_PRINCIPALS),
        (trusting({"AWS": []}), NO_PRINCIPALS),
        (trusting({"AWS": NOBODY}), invalid("AWS", NOBODY)),
        (trusting({"AWS": GROUP}), invalid("AWS", GROUP)),
        (trusting({"AWS": "arn:aws:iam::12345678910:root"}), None),
        (trusting({"AWS": "nobody"}), invalid("AWS", "nobody")),
        (trusting({"Service": "amazonaws.com"}), invalid("SERVICE", "amazonaws.com")),
        (trusting({"Service": "ec2"}), invalid("SERVICE", "ec2")),
    ],
    ids=str,
)
def test_what_is_no_trust_policy_is_malformed(
    aws: Any, unique_name: str, statement: dict[str, Any], words: str | None
) -> None:
    """API_CreateRole, API_UpdateAssumeRolePolicy: MalformedPolicyDocument, in the words that users
    reported: https://github.com/kubernetes-sigs/external-dns/issues/3085,
    https://github.com/hashicorp/terraform-provider-aws/issues/32872,
    https://github.com/terraform-aws-modules/terraform-aws-iam/issues/47,
    https://github.com/hashicorp/terraform/issues/35086,
    https://github.com/aws-samples/aws-cdk-examples/issues/801. "AWS JSON policy elements:
    Principal" in the IAM User Guide: neither a group nor who does not exist is one."""
    iam, role = aws("iam"), {"RoleName": unique_name}
    document = policy_document(statement)
    words = words or invalid("AWS", statement["Principal"]["AWS"])
    refused = ("MalformedPolicyDocument", words)

    assert error_of(iam.create_role, **role, AssumeRolePolicyDocument=document) == refused
    iam.create_role(**role, AssumeRolePolicyDocument=policy_document(trusting()))
    assert error_of(iam.update_assume_role_policy, **role, PolicyDocument=document) == refused
    iam.delete_role(**role)


def test_whom_a_role_may_trust(aws: Any, unique_name: str) -> None:
    """IAM User Guide, "AWS JSON policy elements: Principal"."""
    iam, role = aws("iam"), {"RoleName": unique_name}
    user = iam.create_user(UserName=unique_name, Path="/team/")["User"]
    iam.create_role(**role, AssumeRolePolicyDocument=policy_document(trusting("*")))
    for statement in (
        trusting({"AWS": "*"}),
        trusting({"AWS": ACCOUNT}),
        trusting({"AWS": user["Arn"]}),
        trusting({"AWS": user["UserId"]}),
        trusting({"AWS": [f"arn:aws:iam::{ACCOUNT}:role/{unique_name}"]}),
        trusting({"AWS": "arn:aws:iam::111122223333:role/elsewhere"}),
        trusting({"AWS": f"arn:aws:sts::{ACCOUNT}:assumed-role/{unique_name}/me"}),
        trusting({"Service": ["ec2.amazonaws.com", "ec2.amazonaws.com.cn"]}),
        trusting({"Federated": "accounts.google.com"}, "sts:AssumeRoleWithWebIdentity"),
        trusting({"Federated": "cognito-identity.amazonaws.com"}, "STS:assumeRoleWithWebIdentity"),
        trusting(action=["sts:AssumeRole", "sts:SetContext", "sts:SetSourceIdentity"]),
        trusting(action="sts:*"),
    ):
        document = policy_document(statement)
        iam.update_assume_role_policy(**role, PolicyDocument=document)
    iam.delete_role(**role)
    iam.delete_user(UserName=unique_name)


def test_a_stack_fails_to_create_what_it_fails_to_update(
    stacks: StackDriver, unique_name: str
) -> None:
    """The same role is refused in both."""
    refused = {"Statement": [without_principal(action="ec2:DescribeTags", Resource="*")]}
    role = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": refused}}
    stacks.create(unique_name, {"Resources": {"Role": role}})
    assert "Has prohibited field Resource" in stacks.failures(unique_name)["Role"]


@pytest.mark.parametrize("element", ["Principal", "NotPrincipal"])
def test_an_identitys_policy_names_no_principal(aws: Any, unique_name: str, element: str) -> None:
    """https://github.com/hashicorp/terraform/issues/13449, PutRolePolicy."""
    iam = aws("iam")
    iam.create_role(RoleName=unique_name, AssumeRolePolicyDocument=policy_document(EC2_ASSUMES_IT))
    statement = {"Effect": "Allow", "Action": "s3:*", "Resource": "*", element: ROOT}
    document = policy_document(statement)
    refused = ("MalformedPolicyDocument", "Policy document should not specify a principal.")
    named = {"PolicyName": unique_name, "PolicyDocument": document}
    assert error_of(iam.put_role_policy, RoleName=unique_name, **named) == refused
    assert error_of(iam.create_policy, **named) == refused


def test_the_ids_of_statements_are_letters_and_digits(aws: Any, unique_name: str) -> None:
    """IAM User Guide, "IAM JSON policy elements: Sid"."""
    statement = {"Sid": "all of it", "Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": statement})
    code, words = error_of(
        aws("iam").create_policy, PolicyName=unique_name, PolicyDocument=document
    )
    assert code == "MalformedPolicyDocument"
    assert words.startswith("Statement IDs (SID) must be alpha-numeric.")
