"""The policies of SQS's queues and SNS's topics, and a topic's subscriptions."""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from local_aws.control_plane.cloudformation.resource_types.handlers import backends
from local_aws.control_plane.cloudformation.resource_types.handlers.base import (
    Place,
    Properties,
    generated_name,
)
from local_aws.control_plane.cloudformation.resource_types.handlers.by_api import Api, ResourceByApi

_SUBSCRIPTION_ATTRIBUTES: Mapping[str, Any] = {
    "DeliveryPolicy": {},
    "FilterPolicyScope": "MessageAttributes",  # before the policy, which it says how to read
    "FilterPolicy": {},
    "RawMessageDelivery": False,
    "RedrivePolicy": {},
    "SubscriptionRoleArn": "",
}
"""By attribute of a subscription, its default."""


class PolicyOfSeveral(ResourceByApi):
    """One document for each of the queues or topics that it names."""

    def create(self, place: Place, properties: Properties) -> str:
        return self.update(place, generated_name(self.name, place), {}, properties)

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> str:
        holders = self.holders(new)
        for former in self.holders(old):
            if former not in holders:
                self.put(place, former, None)
        for holder in holders:
            self.put(place, holder, json.dumps(new["PolicyDocument"]))
        return str(model)

    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        for holder in self.holders(properties):
            self.put(place, holder, None)

    @abstractmethod
    def holders(self, properties: Properties) -> list[str]:
        """The URLs or ARNs of those that have the policy."""

    @abstractmethod
    def put(self, place: Place, holder: str, policy: str | None) -> None:
        """Give one of them the policy; without one, what it had when it was new."""


class QueuePolicy(PolicyOfSeveral):
    """AWS: "AWS::SQS::QueuePolicy" and "AWS::SQS::QueueInlinePolicy"."""

    changing_properties = frozenset({"PolicyDocument", "Queues"})

    def holders(self, properties: Properties) -> list[str]:
        return [properties["Queue"]] if "Queue" in properties else properties.get("Queues", [])

    def put(self, place: Place, holder: str, policy: str | None) -> None:
        sqs = Api(place, "sqs")
        sqs.set_queue_attributes(QueueUrl=holder, Attributes={"Policy": policy or ""})


class TopicPolicy(PolicyOfSeveral):
    """AWS: "AWS::SNS::TopicPolicy" and "AWS::SNS::TopicInlinePolicy"."""

    changing_properties = frozenset({"PolicyDocument", "Topics"})

    def holders(self, properties: Properties) -> list[str]:
        if "TopicArn" in properties:
            return [properties["TopicArn"]]
        found: list[str] = properties.get("Topics", [])
        return found

    def put(self, place: Place, holder: str, policy: str | None) -> None:
        topic = backends.sns(place).get_topic(holder)
        topic.policy = policy or json.dumps(
            topic._create_default_topic_policy(place.region, place.account_id, topic.name)
        )


class Subscription(ResourceByApi):
    """AWS: "AWS::SNS::Subscription" in the CloudFormation Template Reference."""

    changing_properties = frozenset(_SUBSCRIPTION_ATTRIBUTES)
    attributes: ClassVar[Mapping[str, str]] = {}

    def create(self, place: Place, properties: Properties) -> str:
        endpoint = {"Endpoint": properties["Endpoint"]} if "Endpoint" in properties else {}
        arn = Api(place, "sns").subscribe(
            TopicArn=properties["TopicArn"],
            Protocol=properties["Protocol"],
            ReturnSubscriptionArn=True,
            **endpoint,
        )["SubscriptionArn"]
        with self.deleted_on_failure(place, arn, {}):
            return self.update(place, arn, {}, properties)

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> str:
        for name, default in _SUBSCRIPTION_ATTRIBUTES.items():
            value = new.get(name, default)
            if old.get(name, default) == value:
                continue
            Api(place, "sns").set_subscription_attributes(
                SubscriptionArn=model,
                AttributeName=name,
                AttributeValue=value if isinstance(value, str) else json.dumps(value),
            )
        return str(model)

    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        Api(place, "sns").unsubscribe(SubscriptionArn=model)
