"""Secrets of a stack, and who may use them."""

from __future__ import annotations

import json
from typing import Any

from stack_driver import StackDriver

AwsClient = Any


def test_a_secret_says_which_stack_it_belongs_to(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """CloudFormation User Guide, "Resource tag"; recorded from AWS."""
    secret = {"Type": "AWS::SecretsManager::Secret", "Properties": {"SecretString": "s"}}
    stack = stacks.create(unique_name, {"One": secret})

    found = aws("secretsmanager").describe_secret(SecretId=stacks.physical_id(unique_name, "One"))

    assert {tag["Key"]: tag["Value"] for tag in found["Tags"]} == {
        "aws:cloudformation:stack-name": unique_name,
        "aws:cloudformation:stack-id": stack["StackId"],
        "aws:cloudformation:logical-id": "One",
    }


def test_a_secret_has_a_policy(stacks: StackDriver, aws: AwsClient, unique_name: str) -> None:
    """CloudFormation Template Reference, "AWS::SecretsManager::ResourcePolicy": Ref is the secret's
    ARN; recorded from AWS."""
    secret = {"Type": "AWS::SecretsManager::Secret", "Properties": {"SecretString": "s"}}

    def resources(action: str | None) -> dict[str, Any]:
        root = {"AWS": {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}}
        statement = {"Effect": "Allow", "Principal": root, "Action": action, "Resource": "*"}
        policy = {
            "Type": "AWS::SecretsManager::ResourcePolicy",
            "Properties": {
                "BlockPublicPolicy": True,
                "SecretId": {"Ref": "One"},
                "ResourcePolicy": {"Version": "2012-10-17", "Statement": [statement]},
            },
        }
        return {"One": secret, **({"Policy": policy} if action else {})}

    def actions() -> list[str]:
        found = aws("secretsmanager").get_resource_policy(SecretId=arn)
        statements = json.loads(found.get("ResourcePolicy", "{}")).get("Statement", [])
        return [each["Action"] for each in statements]

    stacks.create(unique_name, resources("secretsmanager:GetSecretValue"))
    arn = stacks.physical_id(unique_name, "One")
    seen = [stacks.physical_id(unique_name, "Policy"), actions()]
    for action in ("secretsmanager:DescribeSecret", None):
        stacks.update(unique_name, resources(action))
        seen.append(actions())

    assert seen == [
        arn,
        ["secretsmanager:GetSecretValue"],
        ["secretsmanager:DescribeSecret"],
        [],
    ]
