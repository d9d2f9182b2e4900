"""Lists of topics and subscriptions: 100 on a page, whatever is created or deleted in between.

moto's tokens are numbers, and its last page names another one when it is full.
Source: API_ListTopics, API_ListSubscriptions and API_ListSubscriptionsByTopic in the SNS API
Reference: "Each call returns a limited list of subscriptions, up to 100".
"""

from __future__ import annotations

from moto.sns.models import SNSBackend, Subscription, Topic

from local_aws.control_plane import key_token, moto_seams

_ROWS = 100


def install() -> None:
    moto_seams.replace(
        SNSBackend,
        list_topics=_topics,
        list_subscriptions=_subscriptions,
        list_subscriptions_by_topic=_subscriptions_of_topic,
    )


def _topics(self: SNSBackend, next_token: str | None = None) -> tuple[list[Topic], str | None]:
    return key_token.page("ListTopics", self.topics.values(), _arn, next_token, _ROWS)


def _subscriptions(
    self: SNSBackend, next_token: str | None = None
) -> tuple[list[Subscription], str | None]:
    found = self.subscriptions.values()
    return key_token.page("ListSubscriptions", found, _arn, next_token, _ROWS)


def _subscriptions_of_topic(
    self: SNSBackend, topic_arn: str, next_token: str | None = None
) -> tuple[list[Subscription], str | None]:
    found = self._get_topic_subscriptions(self.get_topic(topic_arn))
    return key_token.page("ListSubscriptionsByTopic", found, _arn, next_token, _ROWS)


def _arn(listed: Topic | Subscription) -> tuple[str]:
    return (listed.arn,)
