"""Types of messages and logs that moto has in its APIs only: changed in place, and deleted."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from stack_driver import StackDriver
from type_lives import AwsClient, Life, Lives, policy, ref, resource

TOPIC_AND_QUEUE = {"Topic": resource("SNS::Topic"), "Queue": resource("SQS::Queue")}
LIVES = Lives()


@LIVES.of(
    "SNS::Subscription",
    beside=TOPIC_AND_QUEUE,
    before={
        "TopicArn": ref("Topic"),
        "Protocol": "sqs",
        "Endpoint": {"Fn::GetAtt": ["Queue", "Arn"]},
    },
    changed={"RawMessageDelivery": True, "FilterPolicy": {"kind": ["job"]}},
    shows=("true", '{"kind": ["job"]}'),
)
def delivery_and_filter(aws: AwsClient, arn: str, _: Mapping[str, str]) -> Any:
    attributes = aws("sns").get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
    return attributes.get("RawMessageDelivery"), attributes.get("FilterPolicy")


@LIVES.of(
    "SNS::TopicPolicy",
    beside=TOPIC_AND_QUEUE,
    before={"Topics": [ref("Topic")], "PolicyDocument": policy("sns:Publish")},
    changed={"PolicyDocument": policy("sns:Subscribe")},
    shows="sns:Subscribe",
)
def topics_action(aws: AwsClient, _: str, ids: Mapping[str, str]) -> Any:
    attributes = aws("sns").get_topic_attributes(TopicArn=ids["Topic"])["Attributes"]
    return json.loads(attributes["Policy"])["Statement"][0]["Action"]


@LIVES.of(
    "SQS::QueuePolicy",
    beside=TOPIC_AND_QUEUE,
    before={"Queues": [ref("Queue")], "PolicyDocument": policy("sqs:SendMessage")},
    changed={"PolicyDocument": policy("sqs:ReceiveMessage")},
    shows="sqs:ReceiveMessage",
)
def queues_action(aws: AwsClient, _: str, ids: Mapping[str, str]) -> Any:
    found = aws("sqs").get_queue_attributes(QueueUrl=ids["Queue"], AttributeNames=["Policy"])
    return json.loads(found["Attributes"]["Policy"])["Statement"][0]["Action"]


@LIVES.of(
    "Logs::MetricFilter",
    beside={"Logs": resource("Logs::LogGroup")},
    before={
        "LogGroupName": ref("Logs"),
        "FilterPattern": "ERROR",
        "MetricTransformations": [
            {"MetricName": "m", "MetricNamespace": "n", "MetricValue": "1"},
        ],
    },
    changed={"FilterPattern": "FATAL"},
    shows=["FATAL"],
)
def patterns(aws: AwsClient, name: str, ids: Mapping[str, str]) -> Any:
    filters = aws("logs").describe_metric_filters(logGroupName=ids["Logs"])["metricFilters"]
    return [each["filterPattern"] for each in filters if each["filterName"] == name]


@pytest.mark.parametrize("life", LIVES, ids=str)
def test_a_message_type_lives_its_whole_life(
    life: Life, stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """CloudFormation Template Reference, each type: a change without a replacement is one in place;
    it is undone by the way back, and the stack leaves nothing."""
    life.live(stacks, aws, unique_name)
