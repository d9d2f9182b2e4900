"""A topic's delivery policy, and what is in effect of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from refusals import refusal_of

_RETRIES = {
    "minDelayTarget": 20,
    "maxDelayTarget": 20,
    "numRetries": 3,
    "numMaxDelayRetries": 0,
    "numNoDelayRetries": 0,
    "numMinDelayRetries": 0,
    "backoffFunction": "linear",
}


@pytest.fixture
def named(topic: str) -> dict[str, str]:
    return {"TopicArn": topic}


def in_effect(aws: Any, named: dict[str, str]) -> dict[str, Any]:
    attributes = aws("sns").get_topic_attributes(**named)["Attributes"]
    policy: dict[str, Any] = json.loads(attributes["EffectiveDeliveryPolicy"])["http"]
    return policy


def test_a_topic_without_a_delivery_policy_has_the_services(
    aws: Any, named: dict[str, str]
) -> None:
    """API_GetTopicAttributes: EffectiveDeliveryPolicy takes the system's defaults into account; as
    `aws sns get-topic-attributes` shows them."""
    assert "DeliveryPolicy" not in aws("sns").get_topic_attributes(**named)["Attributes"]
    http = in_effect(aws, named)
    assert http["defaultHealthyRetryPolicy"] == _RETRIES
    assert http["disableSubscriptionOverrides"] is False


def test_what_a_delivery_policy_leaves_out_is_the_services(aws: Any, named: dict[str, str]) -> None:
    """API_SetTopicAttributes, DeliveryPolicy; "Amazon SNS message delivery retries" in the SNS
    Developer Guide."""
    sns = aws("sns")
    given = {"http": {"defaultHealthyRetryPolicy": {"numRetries": 5, "minDelayTarget": 10}}}
    attribute = {**named, "AttributeName": "DeliveryPolicy"}
    sns.set_topic_attributes(**attribute, AttributeValue=json.dumps(given))
    shown = sns.get_topic_attributes(**named)["Attributes"]["DeliveryPolicy"]
    assert json.loads(shown) == given
    expected = {**_RETRIES, "numRetries": 5, "minDelayTarget": 10}
    assert in_effect(aws, named)["defaultHealthyRetryPolicy"] == expected


@pytest.mark.parametrize("policy", ["nonsense", "[]", '{"http": 1}', '{"http": {"a"'])
def test_a_delivery_policy_is_an_object(aws: Any, named: dict[str, str], policy: str) -> None:
    """API_SetTopicAttributes: InvalidParameter; AWS's words are not known."""
    attribute = {**named, "AttributeName": "DeliveryPolicy", "AttributeValue": policy}
    status, code, _ = refusal_of(aws("sns").set_topic_attributes, **attribute)
    assert (status, code) == (400, "InvalidParameter")
    assert "DeliveryPolicy" not in aws("sns").get_topic_attributes(**named)["Attributes"]
