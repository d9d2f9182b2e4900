"""The keys of tags that a request gives or takes are aws:TagKeys, in each service."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from role_driver import ACCOUNT, allow, denies

OWNER_ALONE = {"ForAllValues:StringEquals": {"aws:TagKeys": ["owner"]}}


def arn(service: str, resource: str) -> str:
    return f"arn:aws:{service}:us-east-1:{ACCOUNT}:{resource}"


KEY = "12345678-1234-1234-1234-123456789012"
GROUP = {"ResourceId": "g", "ResourceType": "auto-scaling-group", "PropagateAtLaunch": True}
TARGETS = arn("elasticloadbalancing", "targetgroup/t/0123456789abcdef")
PARAMETER = {"ResourceType": "Parameter", "ResourceId": "p"}
TABLE = {"ResourceArn": arn("dynamodb", "table/t")}
LOG_GROUP = {"resourceArn": arn("logs", "log-group:x")}
RULE = {"ResourceARN": arn("events", "rule/x")}
ALARM = {"ResourceARN": arn("cloudwatch", "alarm:x")}
FUNCTION = {"Resource": arn("lambda", "function:x")}
DATABASE = {"ResourceName": arn("rds", "db:x")}
STACK = {"StackName": "s", "TemplateBody": "{}"}


def pairs(key: str) -> list[dict[str, str]]:
    return [{"Key": key, "Value": "x"}]


@pytest.mark.parametrize(
    ("service", "prefix", "operation", "arguments"),
    [
        ("autoscaling", "", "delete_tags", lambda key: {"Tags": [{**GROUP, **pairs(key)[0]}]}),
        ("cloudformation", "", "create_stack", lambda key: {**STACK, "Tags": pairs(key)}),
        ("cloudwatch", "", "untag_resource", lambda key: {**ALARM, "TagKeys": [key]}),
        ("dynamodb", "", "untag_resource", lambda key: {**TABLE, "TagKeys": [key]}),
        ("ec2", "", "delete_tags", lambda key: {"Resources": ["vpc-1"], "Tags": [{"Key": key}]}),
        (
            "elbv2",
            "elasticloadbalancing",
            "remove_tags",
            lambda key: {"ResourceArns": [TARGETS], "TagKeys": [key]},
        ),
        ("events", "", "untag_resource", lambda key: {**RULE, "TagKeys": [key]}),
        ("iam", "", "untag_user", lambda key: {"UserName": "u", "TagKeys": [key]}),
        ("kms", "", "create_key", lambda key: {"Tags": [{"TagKey": key, "TagValue": "x"}]}),
        ("kms", "", "untag_resource", lambda key: {"KeyId": KEY, "TagKeys": [key]}),
        ("lambda", "", "tag_resource", lambda key: {**FUNCTION, "Tags": {key: "x"}}),
        ("lambda", "", "untag_resource", lambda key: {**FUNCTION, "TagKeys": [key]}),
        ("logs", "", "create_log_group", lambda key: {"logGroupName": "g", "tags": {key: "x"}}),
        ("logs", "", "untag_resource", lambda key: {**LOG_GROUP, "tagKeys": [key]}),
        ("rds", "", "remove_tags_from_resource", lambda key: {**DATABASE, "TagKeys": [key]}),
        ("sns", "", "create_topic", lambda key: {"Name": "t", "Tags": pairs(key)}),
        ("sqs", "", "create_queue", lambda key: {"QueueName": "q", "tags": {key: "x"}}),
        ("ssm", "", "remove_tags_from_resource", lambda key: {**PARAMETER, "TagKeys": [key]}),
    ],
)
def test_the_keys_of_tags_are_known(
    aws: Any,
    session: Callable[..., dict[str, str]],
    service: str,
    prefix: str,
    operation: str,
    arguments: Callable[[str], dict[str, Any]],
) -> None:
    """IAM User Guide, "AWS global condition context keys": aws:TagKeys "is included in the request
    context if the operation supports passing tags in the request"."""
    keys = session(allow(f"{prefix or service}:*", Condition=OWNER_ALONE))
    call = getattr(aws(service, **keys), operation)

    assert denies(call, **arguments("other"))
    assert not denies(call, **arguments("owner"))


def test_the_values_of_tags_are_known_whatever_their_form(
    aws: Any, session: Callable[..., dict[str, str]], unique_name: str
) -> None:
    """IAM User Guide, "AWS global condition context keys": aws:RequestTag."""
    red = {"StringEquals": {"aws:RequestTag/team": "red"}}
    logs = aws("logs", **session(allow("logs:*", Condition=red)))
    group = {"logGroupName": unique_name}
    assert denies(logs.create_log_group, **group, tags={"team": "blue"})
    logs.create_log_group(**group, tags={"team": "red"})
