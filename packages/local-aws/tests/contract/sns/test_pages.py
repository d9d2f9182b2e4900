"""Pages of topics and subscriptions: what goes in between takes nothing else out of the next."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from refusals import refusal_of


@pytest.fixture
def topics(sns: Any, unique_name: str) -> Iterator[list[str]]:
    """The ARNs of 101 topics in their order, the only ones."""
    names = [f"{unique_name}-{number:03}" for number in range(101)]
    arns = [sns.create_topic(Name=name)["TopicArn"] for name in names]
    yield arns
    for arn in arns:
        sns.delete_topic(TopicArn=arn)


def test_topics(sns: Any, topics: list[str]) -> None:
    """API_ListTopics: up to 100 topics; a token of another list is none of this one."""
    first = sns.list_topics()
    sns.delete_topic(TopicArn=topics[0])
    rest = sns.list_topics(NextToken=first["NextToken"])
    assert [each["TopicArn"] for each in first["Topics"]] == topics[:100]
    assert [each["TopicArn"] for each in rest["Topics"]] == topics[100:]
    assert "NextToken" not in sns.list_topics()
    refused = refusal_of(sns.list_subscriptions, NextToken=first["NextToken"])
    assert refused[:2] == (400, "InvalidParameter")


def test_subscriptions(sns: Any, topic: str) -> None:
    """API_ListSubscriptions, API_ListSubscriptionsByTopic: up to 100 subscriptions."""
    for number in range(101):
        endpoint = f"arn:aws:sqs:us-east-1:123456789012:q-{number}"
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=endpoint)
    for call, named in (
        (sns.list_subscriptions_by_topic, {"TopicArn": topic}),
        (sns.list_subscriptions, {}),
    ):
        first = call(**named)
        gone, *_, last = [each["SubscriptionArn"] for each in first["Subscriptions"]]
        sns.unsubscribe(SubscriptionArn=gone)
        rest = call(**named, NextToken=first["NextToken"])["Subscriptions"]
        assert len(first["Subscriptions"]) == 100
        assert [each["SubscriptionArn"] > last for each in rest] == [True]
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=f"{endpoint}-{len(named)}")
