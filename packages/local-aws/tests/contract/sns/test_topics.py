"""Topics: how they are made, and their attributes and tags."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from refusals import invalid_parameter


@pytest.fixture
def topic(sns: Any, unique_name: str) -> Iterator[str]:
    arn = sns.create_topic(Name=unique_name, Tags=[{"Key": "a", "Value": "1"}])["TopicArn"]
    yield arn
    sns.delete_topic(TopicArn=arn)


def test_a_topic_is_created_again_only_with_the_same_attributes(sns: Any, topic: str) -> None:
    """Recorded from AWS; API_CreateTopic: it returns the ARN of the topic that is there."""
    name = topic.rpartition(":")[2]
    assert sns.create_topic(Name=name)["TopicArn"] == topic
    tags = [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]
    words = "Reason: Topic already exists with different"
    assert invalid_parameter(sns.create_topic, Name=name, Tags=tags) == f"Tags {words} tags"
    attributes = {"DisplayName": "other"}
    message = invalid_parameter(sns.create_topic, Name=name, Attributes=attributes)
    assert message == f"Attributes {words} attributes"


def test_names_and_tags_are_looked_at(sns: Any, topic: str) -> None:
    """Recorded from AWS: InvalidParameter."""
    assert invalid_parameter(sns.create_topic, Name="a b") == "Topic Name"
    twice = [{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}]
    words = "Duplicated keys are not allowed."
    assert invalid_parameter(sns.create_topic, Name="twice", Tags=twice) == words
    assert invalid_parameter(sns.tag_resource, ResourceArn=topic, Tags=twice) == words


def test_a_topic_has_the_attributes_of_aws(sns: Any, topic: str) -> None:
    """Recorded from AWS: GetTopicAttributes; API_SetTopicAttributes."""
    shown = sns.get_topic_attributes(TopicArn=topic)["Attributes"]
    delivery = json.loads(shown["EffectiveDeliveryPolicy"])["http"]
    assert delivery["defaultRequestPolicy"] == {"headerContentType": "text/plain; charset=UTF-8"}
    assert delivery["defaultHealthyRetryPolicy"]["numRetries"] == 3
    assert {"DeliveryPolicy", "FifoTopic", "SignatureVersion"}.isdisjoint(shown)
    set_one = {"TopicArn": topic, "AttributeName": "SignatureVersion", "AttributeValue": "2"}
    sns.set_topic_attributes(**set_one)
    own = json.dumps({"http": {"disableSubscriptionOverrides": True}})
    sns.set_topic_attributes(TopicArn=topic, AttributeName="DeliveryPolicy", AttributeValue=own)
    shown = sns.get_topic_attributes(TopicArn=topic)["Attributes"]
    assert (shown["SignatureVersion"], shown["DeliveryPolicy"]) == ("2", own)
    effective = json.loads(shown["EffectiveDeliveryPolicy"])["http"]
    assert effective["disableSubscriptionOverrides"] is True
    wrong = {**set_one, "AttributeName": "Fake"}
    assert invalid_parameter(sns.set_topic_attributes, **wrong) == "AttributeName"


def test_a_topic_counts_its_subscriptions(sns: Any, topic: str) -> None:
    """API_GetTopicAttributes: SubscriptionsConfirmed, Deleted and Pending."""
    queue = {"Protocol": "sqs", "Endpoint": "arn:aws:sqs:us-east-1:123456789012:none"}
    subscribed = [
        sns.subscribe(TopicArn=topic, ReturnSubscriptionArn=True, **each)["SubscriptionArn"]
        for each in (queue, {"Protocol": "email", "Endpoint": "somebody@example.com"})
    ]

    def counts() -> list[str]:
        shown = sns.get_topic_attributes(TopicArn=topic)["Attributes"]
        return [shown[f"Subscriptions{kind}"] for kind in ("Confirmed", "Pending", "Deleted")]

    assert counts() == ["1", "1", "0"]
    for each in subscribed:
        sns.unsubscribe(SubscriptionArn=each)
    assert counts() == ["0", "0", "2"]
