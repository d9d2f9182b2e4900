"""Condition keys of single services, and those that the local AWS does not evaluate."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from refusals import refusal_of
from role_driver import TRUSTS_THE_ACCOUNT, allow, denies, keys_of, policy_document

Keys = Callable[..., dict[str, str]]
TABLE: dict[str, Any] = {
    "KeySchema": [{"AttributeName": "k", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "k", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}


@pytest.fixture
def keys(aws: Any, unique_name: str) -> Iterator[Keys]:
    """Creates a role with these statements at each call; returns a session's keys."""
    iam = aws("iam")
    names: list[str] = []

    def make(*statements: dict[str, Any]) -> dict[str, str]:
        name = f"{unique_name}-{len(names)}"
        trust = {"Effect": "Allow", "Principal": TRUSTS_THE_ACCOUNT, "Action": "sts:AssumeRole"}
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy_document(trust))
        names.append(name)
        iam.put_role_policy(
            RoleName=name, PolicyName="p", PolicyDocument=policy_document(*statements)
        )
        arn = role["Role"]["Arn"]
        return keys_of(aws("sts").assume_role(RoleArn=arn, RoleSessionName="me"))

    yield make
    for name in names:
        iam.delete_role_policy(RoleName=name, PolicyName="p")
        iam.delete_role(RoleName=name)


def when(action: str, condition: dict[str, Any]) -> dict[str, Any]:
    return allow(action, Condition=condition)


@pytest.mark.parametrize(
    ("effect", "operator", "key"),
    [
        ("Allow", "StringEquals", "ec2:Tenancy"),
        ("Allow", "StringNotEquals", "ec2:Tenancy"),
        ("Deny", "StringEquals", "ec2:Tenancy"),
        ("Deny", "StringEqualsIfExists", "aws:Ec2InstanceSourceVpc"),
        ("Allow", "Null", "ec2:NoSuchKey"),
        ("Allow", "ForAllValues:StringEquals", "aws:NoSuchKey"),
    ],
)
def test_a_key_that_is_not_evaluated_is_refused_by_name(
    aws: Any, keys: Keys, caplog: pytest.LogCaptureFixture, effect: str, operator: str, key: str
) -> None:
    """A policy that AWS would decide by a value that is not known here never allows anything."""
    condition = {operator: {key: "true"}}
    mine = {**when("ec2:TerminateInstances", condition), "Effect": effect}
    others = [allow("ec2:*")] if effect == "Deny" else []
    ec2 = aws("ec2", **keys(mine, *others))

    with caplog.at_level(logging.WARNING):
        refusal = refusal_of(ec2.terminate_instances, InstanceIds=["i-1"])
    assert refusal[1] == "UnauthorizedOperation"
    assert f"the local AWS does not evaluate the condition key {key}" in refusal[2]
    assert f"does not evaluate the condition key {key}" in caplog.text


def test_what_decides_without_such_a_key_is_decided(aws: Any, keys: Keys) -> None:
    """IAM User Guide, "Policy evaluation logic": one Allow is enough, every condition must hold."""
    unknown = {"StringEquals": {"ec2:Tenancy": "default"}}
    elsewhere = {**unknown, "Bool": {"aws:SecureTransport": "false"}}
    deny = {**when("ec2:*", elsewhere), "Effect": "Deny"}
    ec2 = aws("ec2", **keys(when("ec2:*", unknown), allow("ec2:TerminateInstances"), deny))

    assert not denies(ec2.terminate_instances, InstanceIds=["i-1"])


def test_a_key_that_an_action_does_not_have_is_absent(aws: Any, keys: Keys, bucket: str) -> None:
    """IAM User Guide, "Condition operators": a key that is not in the request does not match."""
    s3 = aws("s3", **keys(when("s3:*", {"StringLike": {"s3:prefix": "home/*"}})))
    absent = aws("s3", **keys(when("s3:*", {"Null": {"s3:prefix": "true"}})))

    assert denies(s3.put_object, Bucket=bucket, Key="k", Body=b"")
    assert not denies(absent.put_object, Bucket=bucket, Key="k", Body=b"")
    assert denies(absent.list_objects_v2, Bucket=bucket, Prefix="home/")


def test_keys_that_are_members_of_the_request(aws: Any, keys: Keys, launch_template: str) -> None:
    """Service Authorization Reference: ec2:InstanceType, also as a launch template gives it;
    iam:PolicyARN; sns:Protocol; sqs has none of its own."""
    small = {"StringEquals": {"ec2:InstanceType": "t3.micro"}}
    ec2 = aws("ec2", **keys(when("ec2:RunInstances", small)))
    launch = {"ImageId": "ami-12c6146b", "MinCount": 1, "MaxCount": 1}
    assert not denies(ec2.run_instances, InstanceType="t3.micro", **launch)
    assert denies(ec2.run_instances, InstanceType="t3.large", **launch)
    template = {"LaunchTemplate": {"LaunchTemplateId": launch_template}}
    assert not denies(ec2.run_instances, MinCount=1, MaxCount=1, **template)

    read_only = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    iam = aws("iam", **keys(when("iam:*", {"ArnEquals": {"iam:PolicyARN": read_only}})))
    assert not denies(iam.attach_role_policy, RoleName="none", PolicyArn=read_only)
    other = "arn:aws:iam::aws:policy/AdministratorAccess"
    assert denies(iam.attach_role_policy, RoleName="none", PolicyArn=other)

    sns = aws("sns", **keys(when("sns:*", {"StringEquals": {"sns:Protocol": "https"}})))
    topic = {"TopicArn": "arn:aws:sns:us-east-1:123456789012:none", "Endpoint": "https://a.test"}
    assert not denies(sns.subscribe, Protocol="https", **topic)
    assert denies(sns.subscribe, Protocol="http", **topic)


def test_the_attributes_of_items(aws: Any, keys: Keys, unique_name: str) -> None:
    """DynamoDB Developer Guide, "Using IAM policy conditions": dynamodb:Attributes, Select."""
    aws("dynamodb").create_table(TableName=unique_name, **TABLE)
    condition = {
        "ForAllValues:StringEquals": {"dynamodb:Attributes": ["k", "public"]},
        "StringEqualsIfExists": {"dynamodb:Select": "SPECIFIC_ATTRIBUTES"},
    }
    dynamodb = aws("dynamodb", **keys(when("dynamodb:*", condition)))
    key = {"TableName": unique_name, "Key": {"k": {"S": "1"}}}
    names = {"#p": "public", "#s": "secret"}
    for projection, refused in (("k, #p", False), ("k, #s", True), ("secret", True)):
        used = {alias: name for alias, name in names.items() if alias in projection}
        more = {"ExpressionAttributeNames": used} if used else {}
        given = {"ProjectionExpression": projection, **more}
        assert denies(dynamodb.get_item, **key, **given) is refused
    assert denies(dynamodb.scan, TableName=unique_name, Select="ALL_ATTRIBUTES")


def test_tags_of_services_that_tag_through_the_tagging_api(
    aws: Any, keys: Keys, unique_name: str
) -> None:
    """IAM User Guide, "Controlling access to AWS resources using tags"."""
    urls = [
        aws("sqs").create_queue(QueueName=f"{unique_name}-{env}", tags={"Env": env})["QueueUrl"]
        for env in ("test", "prod")
    ]
    sqs = aws("sqs", **keys(when("sqs:*", {"StringEquals": {"aws:ResourceTag/Env": "test"}})))
    asked = [denies(sqs.get_queue_attributes, QueueUrl=url) for url in urls]
    assert asked == [False, True]
