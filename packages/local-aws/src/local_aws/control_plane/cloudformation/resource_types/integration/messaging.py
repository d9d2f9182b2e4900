"""SQS's queues and SNS's topics: moto deletes a topic and creates another for every change."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from local_aws.control_plane.cloudformation.resource_types.handlers import backends
from local_aws.control_plane.cloudformation.resource_types.handlers.base import (
    Place,
    Properties,
    as_bool,
    generated_name,
)
from local_aws.control_plane.cloudformation.resource_types.handlers.fields import (
    Fields,
    TypeWithFields,
)

_QUEUE_DEFAULTS: Mapping[str, Any] = {
    "ContentBasedDeduplication": False,
    "DeduplicationScope": "queue",
    "DelaySeconds": 0,
    "FifoThroughputLimit": "perQueue",
    "KmsDataKeyReusePeriodSeconds": 300,
    "KmsMasterKeyId": None,
    "MaximumMessageSize": 262_144,
    "MessageRetentionPeriod": 345_600,
    "ReceiveMessageWaitTimeSeconds": 0,
    "RedrivePolicy": {},
    "SqsManagedSseEnabled": True,
    "VisibilityTimeout": 30,
}


class Queue(TypeWithFields):
    """AWS: "AWS::SQS::Queue" in the CloudFormation Template Reference: only QueueName and
    FifoQueue need a replacement."""

    changing_properties = frozenset(_QUEUE_DEFAULTS)
    attributes: ClassVar[Mapping[str, str]] = {"QueueName": "name"}

    def _name_for(self, place: Place, properties: Properties) -> str:
        return _name(self.name, place, properties, "Queue")

    def _definition(self, properties: Properties) -> dict[str, Any]:
        """moto takes the name for an attribute, which SQS does not have."""
        definition = super()._definition(properties)
        definition["Properties"].pop("QueueName", None)
        return definition

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> Any:
        differing = {
            name: copy.deepcopy(new.get(name, default))
            for name, default in _QUEUE_DEFAULTS.items()
            if old.get(name) != new.get(name)
        }
        if differing:
            # moto forgets the policy, which is a resource of its own, unless it is given.
            model._set_attributes({"Policy": model.policy, **differing})
        return super().update(place, model, old, new)

    def put_tags(
        self, place: Place, model: Any, removed: Iterable[str], tags: Mapping[str, str]
    ) -> None:
        for key in removed:
            model.tags.pop(key, None)
        if tags:
            backends.sqs(place).tag_queue(model.name, dict(tags))


class Topic(TypeWithFields):
    """AWS: "AWS::SNS::Topic" in the CloudFormation Template Reference: only TopicName and
    FifoTopic need a replacement."""

    fields: ClassVar[Fields] = {
        "ContentBasedDeduplication": ("content_based_deduplication", False),
        "DisplayName": ("display_name", ""),
        "KmsMasterKeyId": ("kms_master_key_id", ""),
    }
    changing_properties = frozenset({"Subscription"})
    attributes: ClassVar[Mapping[str, str]] = {"TopicArn": "arn", "TopicName": "name"}

    def create(self, place: Place, properties: Properties) -> Any:
        named = {"TopicName": _name(self.name, place, properties, "Topic")}
        return super().create(place, {**properties, **named})

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> Any:
        sns = backends.sns(place)
        wanted, before = _subscriptions(new), _subscriptions(old)
        for subscription in list(sns.subscriptions.values()):
            subscribed = (subscription.protocol, subscription.endpoint)
            if subscription.topic is model and subscribed in before - wanted:
                sns.unsubscribe(subscription.arn)
        if old:  # moto subscribes at creation
            for protocol, endpoint in sorted(wanted - before):
                sns.subscribe(model.arn, endpoint, protocol)
        return super().update(place, model, old, new)

    def put_tags(
        self, place: Place, model: Any, removed: Iterable[str], tags: Mapping[str, str]
    ) -> None:
        sns = backends.sns(place)
        sns.untag_resource(model.arn, list(removed))
        sns.tag_resource(model.arn, dict(tags))


def _name(type_name: str, place: Place, properties: Properties, kind: str) -> str:
    """The name, which ends in .fifo where it is FIFO: moto generates it without."""
    ending = ".fifo" if as_bool(properties.get(f"Fifo{kind}", False)) else ""
    return str(properties.get(f"{kind}Name") or generated_name(type_name, place, ending))


def _subscriptions(properties: Properties) -> set[tuple[str, str]]:
    return {
        (subscription["Protocol"], subscription["Endpoint"])
        for subscription in properties.get("Subscription", [])
    }
