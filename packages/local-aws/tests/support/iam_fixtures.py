"""Fixtures: users and roles that may do little."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from client_fixtures import AwsClient
from role_driver import TRUSTS_THE_ACCOUNT, keys_of, policy_document


@pytest.fixture
def user(aws: AwsClient, unique_name: str) -> Iterator[str]:
    """The name of an IAM user who may do nothing yet."""
    iam = aws("iam")
    iam.create_user(UserName=unique_name)
    yield unique_name
    for name in iam.list_user_policies(UserName=unique_name)["PolicyNames"]:
        iam.delete_user_policy(UserName=unique_name, PolicyName=name)
    for key in iam.list_access_keys(UserName=unique_name)["AccessKeyMetadata"]:
        iam.delete_access_key(UserName=unique_name, AccessKeyId=key["AccessKeyId"])
    iam.delete_user(UserName=unique_name)


@pytest.fixture
def role(aws: AwsClient, unique_name: str) -> Iterator[Callable[..., str]]:
    """Creates a role with these statements; returns its ARN."""
    iam = aws("iam")

    def make(*statements: dict[str, Any], principal: Any = TRUSTS_THE_ACCOUNT) -> str:
        actions = ["sts:AssumeRole", "sts:TagSession"]
        trust = {"Effect": "Allow", "Principal": principal, "Action": actions}
        arn = iam.create_role(RoleName=unique_name, AssumeRolePolicyDocument=policy_document(trust))
        iam.put_role_policy(
            RoleName=unique_name, PolicyName="inline", PolicyDocument=policy_document(*statements)
        )
        return str(arn["Role"]["Arn"])

    yield make
    iam.delete_role_policy(RoleName=unique_name, PolicyName="inline")
    iam.delete_role(RoleName=unique_name)


@pytest.fixture
def session(aws: AwsClient, role: Callable[..., str]) -> Callable[..., dict[str, str]]:
    """Creates a role with these statements and assumes it; returns keys for `aws`."""

    def make(*statements: dict[str, Any], **options: Any) -> dict[str, str]:
        arn = role(*statements)
        return keys_of(aws("sts").assume_role(RoleArn=arn, RoleSessionName="me", **options))

    return make
