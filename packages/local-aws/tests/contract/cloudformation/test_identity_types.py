"""Types of IAM and of secrets that moto has in its APIs only: changed in place, and deleted."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from stack_driver import StackDriver
from type_lives import TAGS, AwsClient, Life, Lives, ref, resource

USER_AND_GROUP = {"User": resource("IAM::User"), "Group": resource("IAM::Group")}
LIVES = Lives()


@LIVES.of(
    "IAM::Group",
    changed={"ManagedPolicyArns": ["arn:aws:iam::aws:policy/ReadOnlyAccess"]},
    shows=["ReadOnlyAccess"],
)
def attached(aws: AwsClient, name: str, _: Mapping[str, str]) -> Any:
    found = aws("iam").list_attached_group_policies(GroupName=name)["AttachedPolicies"]
    return [each["PolicyName"] for each in found]


@LIVES.of(
    "IAM::UserToGroupAddition",
    beside=USER_AND_GROUP,
    before={"GroupName": ref("Group"), "Users": []},
    changed={"Users": [ref("User")]},
    shows=1,
)
def members(aws: AwsClient, _: str, ids: Mapping[str, str]) -> int:
    return len(aws("iam").get_group(GroupName=ids["Group"])["Users"])


def of_identity(action: str) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": action, "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [statement]}


@LIVES.of(
    "IAM::UserPolicy",
    beside=USER_AND_GROUP,
    before={"UserName": ref("User"), "PolicyName": "p", "PolicyDocument": of_identity("s3:Get*")},
    changed={"PolicyDocument": of_identity("s3:List*")},
    shows="s3:List*",
)
def inline_action(aws: AwsClient, name: str, ids: Mapping[str, str]) -> Any:
    found = aws("iam").get_user_policy(UserName=ids["User"], PolicyName=name)
    return found["PolicyDocument"]["Statement"][0]["Action"]


@LIVES.of(
    "SecretsManager::Secret",
    before={
        "GenerateSecretString": {
            "GenerateStringKey": "password",
            "PasswordLength": 20,
            "SecretStringTemplate": '{"user": "admin"}',
        }
    },
    changed={"Description": "new", "Tags": TAGS},
    shows=(20, "admin", "new", TAGS),
)
def secret(aws: AwsClient, arn: str, _: Mapping[str, str]) -> Any:
    value = json.loads(aws("secretsmanager").get_secret_value(SecretId=arn)["SecretString"])
    found = aws("secretsmanager").describe_secret(SecretId=arn)
    own = [tag for tag in found["Tags"] if not tag["Key"].startswith("aws:cloudformation:")]
    return len(value["password"]), value["user"], found["Description"], own


@pytest.mark.parametrize("life", LIVES, ids=str)
def test_an_identity_type_lives_its_whole_life(
    life: Life, stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """CloudFormation Template Reference, each type: a change without a replacement is one in place;
    it is undone by the way back, and the stack leaves nothing."""
    life.live(stacks, aws, unique_name)
