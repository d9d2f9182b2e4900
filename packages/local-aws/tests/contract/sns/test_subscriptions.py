"""What can be subscribed to a topic, and what a subscription shows."""

from __future__ import annotations

import json
from typing import Any

import pytest
from refusals import invalid_parameter, refusal_of

QUEUE = "arn:aws:sqs:us-east-1:123456789012:none"


@pytest.fixture
def sns(unchecked: Any) -> Any:
    return unchecked("sns")


@pytest.fixture
def subscription(sns: Any, topic: str) -> str:
    made = sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=QUEUE)
    return str(made["SubscriptionArn"])


@pytest.mark.parametrize(
    ("protocol", "endpoint", "words"),
    [
        ("fax", "1", "Amazon SNS does not support this protocol string: fax"),
        ("email", "nobody", "Email address"),
        ("http", "https://example.com", "Endpoint must match the specified protocol"),
    ],
)
def test_an_endpoint_is_one_of_its_protocol(
    sns: Any, topic: str, protocol: str, endpoint: str, words: str
) -> None:
    """Recorded and reported of AWS; nobody is subscribed then."""
    given = {"TopicArn": topic, "Protocol": protocol, "Endpoint": endpoint}
    assert invalid_parameter(sns.subscribe, **given) == words
    assert sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"] == []


def test_attributes_are_looked_at_before_anybody_is_subscribed(sns: Any, topic: str) -> None:
    """Recorded from AWS: "Attributes Reason"; another subscription of the endpoint is refused."""
    given = {"TopicArn": topic, "Protocol": "sqs", "Endpoint": QUEUE}
    raw = "RawMessageDelivery"
    message = invalid_parameter(sns.subscribe, **given, Attributes={raw: "perhaps"})
    words = f"{raw}: Invalid value [perhaps]. Must be true or false."
    assert message == f"Attributes Reason: {words}"
    assert sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"] == []
    made = sns.subscribe(**given, Attributes={raw: "true"})["SubscriptionArn"]
    assert sns.subscribe(**given, Attributes={raw: "true"})["SubscriptionArn"] == made
    message = invalid_parameter(sns.subscribe, **given, Attributes={raw: "false"})
    words = "Subscription already exists with different attributes"
    assert message == f"Attributes Reason: {words}"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("Fake", "1", "AttributeName"),
        ("RawMessageDelivery", "Yes", "RawMessageDelivery: Invalid value [Yes]. Must be"),
        ("RawMessageDelivery", "", "RawMessageDelivery: Invalid value []. Must be"),
        ("FilterPolicy", "{no}", "FilterPolicy: failed to parse JSON."),
        ("RedrivePolicy", "{no}", "RedrivePolicy: failed to parse JSON."),
        (
            "RedrivePolicy",
            json.dumps({"deadLetterTargetArn": "none"}),
            "RedrivePolicy: deadLetterTargetArn is an invalid arn",
        ),
    ],
)
def test_a_subscription_has_certain_attributes(
    sns: Any, subscription: str, name: str, value: str, words: str
) -> None:
    """Recorded from AWS: InvalidParameter."""
    call = {"SubscriptionArn": subscription, "AttributeName": name, "AttributeValue": value}
    assert invalid_parameter(sns.set_subscription_attributes, **call).startswith(words)


def test_a_subscription_that_is_gone_is_not_found(sns: Any, subscription: str) -> None:
    """Recorded from AWS: NotFound; to end it again is no error."""
    for _ in range(2):
        sns.unsubscribe(SubscriptionArn=subscription)
    call = {
        "SubscriptionArn": subscription,
        "AttributeName": "RawMessageDelivery",
        "AttributeValue": "true",
    }
    gone = (404, "NotFound", "Subscription does not exist")
    assert refusal_of(sns.set_subscription_attributes, **call) == gone
    topic = subscription.rpartition(":")[0]
    assert invalid_parameter(sns.unsubscribe, SubscriptionArn=topic) == "SubscriptionId"


def test_who_is_subscribed_by_email_has_to_confirm_it(sns: Any, topic: str) -> None:
    """API_Subscribe: "pending confirmation"; API_ConfirmSubscription: no token is valid here."""
    given = {"TopicArn": topic, "Protocol": "email", "Endpoint": "somebody@example.com"}
    assert sns.subscribe(**given)["SubscriptionArn"] == "pending confirmation"
    arn = sns.subscribe(**given, ReturnSubscriptionArn=True)["SubscriptionArn"]
    shown = sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
    assert shown["PendingConfirmation"] == "true"
    [listed] = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    assert listed["SubscriptionArn"] == "PendingConfirmation"
    sent = refusal_of(sns.confirm_subscription, TopicArn=topic, Token="random")
    assert sent == (400, "InvalidParameter", "Invalid token")
    assert invalid_parameter(sns.confirm_subscription, TopicArn=topic, Token="0" * 288) == "Token"


def test_messages_are_raw_for_some_protocols(sns: Any, topic: str) -> None:
    """API_Subscribe, RawMessageDelivery: queues and HTTP; reported of AWS."""
    function = "arn:aws:lambda:us-east-1:123456789012:function:f"
    given = {"TopicArn": topic, "Protocol": "lambda", "Endpoint": function}
    raw = {"RawMessageDelivery": "true"}
    words = "Delivery protocol [lambda] does not support raw message delivery."
    assert (
        invalid_parameter(sns.subscribe, **given, Attributes=raw) == f"Attributes Reason: {words}"
    )
    made = sns.subscribe(**given, Attributes={"RawMessageDelivery": "false"})
    call = {"SubscriptionArn": made["SubscriptionArn"], "AttributeName": "RawMessageDelivery"}
    message = invalid_parameter(sns.set_subscription_attributes, **call, AttributeValue="true")
    assert message == words
