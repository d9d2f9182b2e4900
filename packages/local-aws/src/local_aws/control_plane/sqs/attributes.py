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
    InvalidParameterValue,
    QueueAlreadyExists,
    SQSException,
)
from moto.sqs.models import Message, Queue, SQSBackend

from local_aws.control_plane import moto_seams
from local_aws.control_plane.queue_arns import is_queue_arn
from local_aws.control_plane.sqs import policies

_NUMBERS = {
    "DelaySeconds": range(901),
    "KmsDataKeyReusePeriodSeconds": range(60, 86_401),
    "MaximumMessageSize": range(1_024, 1_048_577),
    "MessageRetentionPeriod": range(60, 1_209_601),
    "ReceiveMessageWaitTimeSeconds": range(21),
    "VisibilityTimeout": range(43_201),
}
_OTHERS = frozenset(
    {
        "ContentBasedDeduplication",
        "DeduplicationScope",
        "FifoQueue",
        "FifoThroughputLimit",
        "KmsMasterKeyId",
        "Policy",
        "RedriveAllowPolicy",
        "RedrivePolicy",
        "SqsManagedSseEnabled",
    }
)
_MOST_RECEIVES = 1_000
_TIMES = ("CreatedTimestamp", "LastModifiedTimestamp")
_moto_list = SQSBackend.list_queues
_moto_attributes: Any = Queue.attributes
_moto_set = SQSBackend.set_queue_attributes
_moto_set_attributes = Queue._set_attributes
_moto_setup_dlq = Queue._setup_dlq
_moto_create = SQSBackend.create_queue
_moto_filter = models._filter_message_attributes


def install() -> None:
    moto_seams.replace(
        Queue,
        attributes=property(_attributes),
        _set_attributes=_set_attributes,
        _setup_dlq=_setup_dlq,
    )
    moto_seams.replace(
        SQSBackend, create_queue=_create, list_queues=_list, set_queue_attributes=_set
    )
    moto_seams.replace(models, _filter_message_attributes=_filter)


def _attributes(self: Queue) -> dict[str, Any]:
    """API_GetQueueAttributes: times are in seconds; moto shows parts of them."""
    shown: dict[str, Any] = _moto_attributes.fget(self)
    times = {name: int(shown[name]) for name in _TIMES if name in shown}
    return {**shown, **times}


def _set(self: SQSBackend, queue_name: str, attributes: dict[str, Any]) -> Queue:
    """A queue stays of its type; only a FIFO queue has the attribute."""
    if "FifoQueue" in attributes:
        if not self.get_queue(queue_name).fifo_queue:
            raise InvalidAttributeName("FifoQueue")
        if str(attributes["FifoQueue"]).lower() != "true":
            raise SQSException(
                "InvalidAttributeValue",
                "Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not "
                "supported.",
            )
    queue: Queue = _moto_set(self, queue_name, attributes)
    return queue


def _set_attributes(self: Queue, attributes: dict[str, Any], now: float | None = None) -> None:
    if attributes.get("KmsMasterKeyId") and attributes.get("SqsManagedSseEnabled") == "true":
        raise SQSException(
            "InvalidAttributeName",
            "You can use one type of server-side encryption (SSE) at one time. You can either "
            "enable KMS SSE or SQS SSE.",
        )
    for name, value in attributes.items():
        if name not in _NUMBERS and name not in _OTHERS:
            raise InvalidAttributeName(name)
        if name in _NUMBERS and not (str(value).isdecimal() and int(value) in _NUMBERS[name]):
            raise InvalidAttributeValue(name)
    is_new = "_policy_json" not in vars(self)
    kept = {} if is_new or not self.policy else {"Policy": self.policy}
    given = {"Policy": policies.with_list(attributes["Policy"])} if attributes.get("Policy") else {}
    _moto_set_attributes(
        self, {**kept, **attributes, **given, **_other_encryption(attributes)}, now
    )


def _other_encryption(attributes: dict[str, Any]) -> dict[str, Any]:
    """What the one type of server-side encryption that is enabled disables of the other."""
    if attributes.get("KmsMasterKeyId"):
        return {"SqsManagedSseEnabled": "false"}
    return {"KmsMasterKeyId": None} if attributes.get("SqsManagedSseEnabled") == "true" else {}


def _list(self: SQSBackend, queue_name_prefix: str | None) -> list[Queue]:
    """moto takes the prefix for a regular expression."""
    queues: list[Queue] = _moto_list(self, re.escape(queue_name_prefix or ""))
    return queues


def _setup_dlq(self: Queue, policy: Any) -> None:
    """A redrive policy names a queue that is there, and after how many receives it is for."""
    reason = _wrong_in(policy, is_fifo=self.fifo_queue)
    if not reason:
        try:
            _moto_setup_dlq(self, policy)
        except SQSException as error:
            if error.code != "AWS.SimpleQueueService.NonExistentQueue":
                raise
            reason = "Dead letter target does not exist."
    if reason:
        words = f"Value {policy} for parameter RedrivePolicy is invalid. Reason: {reason}"
        raise SQSException("InvalidParameterValue", words)


def _wrong_in(redrive_policy: Any, *, is_fifo: bool) -> str:
    """Why no queue can have it; nothing for one that a queue can have."""
    try:
        given = json.loads(redrive_policy or "{}") if isinstance(redrive_policy, str) else None
    except ValueError:
        return "Redrive policy is not a valid JSON map."
    given = (redrive_policy or {}) if given is None else given
    if not isinstance(given, dict):
        return "Redrive policy is not a valid JSON map."
    if not given:
        return ""
    for name in ("deadLetterTargetArn", "maxReceiveCount"):
        if name not in given:
            return f"Redrive policy does not contain mandatory attribute: {name}."
    if not is_queue_arn(given["deadLetterTargetArn"]):
        return "Invalid value for deadLetterTargetArn."
    if given["deadLetterTargetArn"].endswith(".fifo") is not is_fifo:
        return "Dead-letter queue must be same type of queue as the source.."
    count = str(given["maxReceiveCount"])
    if not count.isdecimal() or not 1 <= int(count) <= _MOST_RECEIVES:
        return (
            f"Invalid value for maxReceiveCount: {count}, valid values are from 1 to "
            f"{_MOST_RECEIVES} both inclusive."
        )
    return ""


def _create(
    self: SQSBackend, name: str, tags: dict[str, str] | None = None, **attributes: Any
) -> Queue:
    """Say which attribute of the queue of that name has another value."""
    if attributes.get("FifoQueue") and not name.endswith(".fifo"):
        raise InvalidParameterValue(
            "The name of a FIFO queue can only include alphanumeric characters, hyphens, or "
            "underscores, must end with .fifo suffix and be 1 to 80 in length."
        )
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
