"""Roles in tests: policy documents, the keys of sessions, and what IAM denies."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import ClientError

ACCOUNT = "123456789012"
MakeRole = Callable[..., str]
DENIALS = ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation")
TRUSTS_THE_ACCOUNT = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
TRUSTS_EC2 = {"Service": "ec2.amazonaws.com"}
EC2_ASSUMES_IT = {"Effect": "Allow", "Principal": TRUSTS_EC2, "Action": "sts:AssumeRole"}
"""The statement of a trust policy with which instances may have the role."""


def policy_document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def keys_of(answer: dict[str, Any]) -> dict[str, str]:
    credentials = answer["Credentials"]
    return {
        "aws_access_key_id": credentials["AccessKeyId"],
        "aws_secret_access_key": credentials["SecretAccessKey"],
        "aws_session_token": credentials["SessionToken"],
    }


def denies(call: Callable[..., Any], **arguments: Any) -> bool:
    """Whether IAM refuses the call; what it is about need not exist."""
    try:
        call(**arguments)
    except ClientError as error:
        return error.response["Error"]["Code"] in DENIALS
    return False


@contextmanager
def made_roles(iam: Any, prefix: str, usual_actions: Sequence[str]) -> Iterator[MakeRole]:
    """Gives what makes a role that the account may assume, and returns its ARN; deletes them.

    It takes the statements of the role's policy, the `actions` of its trust policy unless the usual
    ones, that one's Condition as `trusted_if`, and more members of CreateRole.
    """
    made: list[str] = []

    def make(
        *statements: dict[str, Any],
        actions: Sequence[str] = usual_actions,
        trusted_if: dict[str, Any] | None = None,
        **more: Any,
    ) -> str:
        name = f"{prefix}-{len(made)}"
        trust = {"Effect": "Allow", "Principal": TRUSTS_THE_ACCOUNT, "Action": list(actions)}
        if trusted_if:
            trust["Condition"] = trusted_if
        role = iam.create_role(
            RoleName=name, AssumeRolePolicyDocument=policy_document(trust), **more
        )
        made.append(name)
        if statements:
            document = policy_document(*statements)
            iam.put_role_policy(RoleName=name, PolicyName="inline", PolicyDocument=document)
        return str(role["Role"]["Arn"])

    try:
        yield make
    finally:
        for name in made:
            for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
                iam.delete_role_policy(RoleName=name, PolicyName=policy)
            iam.delete_role(RoleName=name)
