"""Queues keep the attributes that a request does not name, and refuse what excludes each other.

moto drops a queue's policy when any other attribute is set.
Source: API_SetQueueAttributes in the SQS API Reference: "Sets the value of one or more queue
attributes"; answers of the real SQS as they have been recorded, and as community.aws's own tests of
sqs_queue expect them.
"""

from __future__ import annotations

import json
import re
from typing import Any

from moto.sqs import models
from moto.sqs.exceptions import (
    InvalidAttributeName,
    InvalidAttributeValue,
    QueueAlreadyExists,
    SQSException,
)
from moto.sqs.models import Message, Queue, SQSBackend

from local_aws.control_plane import moto_seams
from local_aws.control_plane.sqs import policies

_QUEUE_ARN = re.compile(r"arn:[\w-]+:sqs:[\w-]+:\d+:[\w.-]+")

_NUMBERS = frozenset(
    {
        "DelaySeconds",
        "KmsDataKeyReusePeriodSeconds",
        "MaximumMessageSize",
        "MessageRetentionPeriod",
        "ReceiveMessageWaitTimeSeconds",
        "VisibilityTimeout",
    }
)
_READ_ONLY = ("Approximate", "CreatedTimestamp", "LastModifiedTimestamp", "QueueArn")
"""How the attributes begin that only GetQueueAttributes knows."""

_moto_list = SQSBackend.list_queues
_moto_set_attributes = Queue._set_attributes
_moto_setup_dlq = Queue._setup_dlq
_moto_create = SQSBackend.create_queue
_moto_filter = models._filter_message_attributes


def install() -> None:
    moto_seams.replace(Queue, _set_attributes=_set_attributes, _setup_dlq=_setup_dlq)
    moto_seams.replace(SQSBackend, create_queue=_create, list_queues=_list)
    moto_seams.replace(models, _filter_message_attributes=_filter)


def _set_attributes(self: Queue, attributes: dict[str, Any], now: float | None = None) -> None:
    if attributes.get("KmsMasterKeyId") and attributes.get("SqsManagedSseEnabled") == "true":
        raise SQSException(
            "InvalidAttributeName",
            "You can use one type of server-side encryption (SSE) at one time. You can either "
            "enable KMS SSE or SQS SSE.",
        )
    for name, value in attributes.items():
        if name.startswith(_READ_ONLY):
            raise InvalidAttributeName(name)
        if name in _NUMBERS and not str(value).isdecimal():
            raise InvalidAttributeValue(name)
    is_new = "_policy_json" not in vars(self)
    kept = {} if is_new or not self.policy else {"Policy": self.policy}
    given = {"Policy": policies.with_list(attributes["Policy"])} if attributes.get("Policy") else {}
    _moto_set_attributes(self, {**kept, **attributes, **given}, now)


def _list(self: SQSBackend, queue_name_prefix: str | None) -> list[Queue]:
    """moto takes the prefix for a regular expression."""
    queues: list[Queue] = _moto_list(self, re.escape(queue_name_prefix or ""))
    return queues


def _setup_dlq(self: Queue, policy: Any) -> None:
    """What is no map, or no queue's ARN, is refused before a queue is looked for."""
    try:
        given = json.loads(policy) if isinstance(policy, str) and policy else policy or {}
    except ValueError:
        given = None
    if not isinstance(given, dict):
        raise SQSException(
            "InvalidParameterValue",
            f"Value {policy} for parameter RedrivePolicy is invalid. Reason: Redrive policy is not "
            "a valid JSON map.",
        )
    target = given.get("deadLetterTargetArn")
    if target is not None and not _QUEUE_ARN.fullmatch(str(target)):
        raise SQSException(
            "InvalidParameterValue",
            f"Value {policy} for parameter RedrivePolicy is invalid. Reason: Invalid value for "
            "deadLetterTargetArn.",
        )
    _moto_setup_dlq(self, policy)


def _create(
    self: SQSBackend, name: str, tags: dict[str, str] | None = None, **attributes: Any
) -> Queue:
    """Say which attribute of the queue of that name has another value."""
    try:
        queue: Queue = _moto_create(self, name, tags, **attributes)
    except QueueAlreadyExists:
        present = self.queues[name].attributes
        other = (key for key, value in attributes.items() if str(present.get(key)) != str(value))
        raise QueueAlreadyExists(
            "A queue already exists with the same name and a different value for attribute "
            f"{next(other, '')}"
        ) from None
    return queue


def _filter(message: Message, names: list[str]) -> None:
    """A lone asterisk stands for all attributes."""
    _moto_filter(message, ["All" if name == "*" else name for name in names])
