"""Which messages SNS accepts: moto sends empty and malformed ones, too.

Source: API_Publish, API_PublishBatch, API_MessageAttributeValue (DataType is required) in the SNS
API Reference; answers of the real SNS as they have been recorded.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from moto.core.responses import ActionResult
from moto.sns.exceptions import (
    BatchEntryIdsNotDistinct,
    InvalidParameterValue,
    SNSException,
    TooManyEntriesInBatchRequest,
    TopicNotFound,
)
from moto.sns.models import SNSBackend, Topic
from moto.sns.responses import SNSResponse
from moto.sns.utils import is_e164

from local_aws.control_plane import moto_seams
from local_aws.control_plane.sns.refusals import invalid

_MOST_BYTES = 262_144
_LONGEST_SUBJECT = 100
_MOST_ENTRIES = 10
_ENTRY_ID = re.compile(r"[\w-]{1,80}", re.ASCII)
_FIRST_NUMBER = 10**19
"""Sequence numbers have 20 digits."""

_moto_attributes = SNSResponse._transform_message_attributes
_moto_publish = SNSBackend.publish
_moto_answer = SNSResponse.publish


@dataclass
class _Sequence:
    last: int = _FIRST_NUMBER


def install() -> None:
    moto_seams.replace(SNSBackend, publish=_publish, publish_batch=_batch)
    moto_seams.replace(SNSResponse, _transform_message_attributes=_attributes, publish=_answer)


def _attributes(self: SNSResponse, given: dict[str, Any]) -> dict[str, Any]:
    for name, value in given.items():
        # moto has an object that stands for nothing where the request has no member at all.
        if not isinstance(value, dict) or not value.get("DataType"):
            raise InvalidParameterValue(
                f"The message attribute '{name}' must contain non-empty message attribute value."
            )
    transformed: dict[str, Any] = _moto_attributes(self, given)
    return transformed


def _publish(
    self: SNSBackend,
    message: str,
    arn: str | None,
    phone_number: str | None = None,
    subject: str | None = None,
    message_attributes: dict[str, Any] | None = None,
    **named: Any,
) -> str:
    if not message:
        raise invalid("Empty message")
    if subject is not None and not 0 < len(subject) <= _LONGEST_SUBJECT:
        raise invalid("Subject")
    if _size(message, message_attributes or {}) > _MOST_BYTES:
        raise invalid("Message too long")
    if named.get("message_structure") == "json":
        _require_structure(message)
    if not phone_number:
        _require_destination(self, arn, named.get("group_id"), named.get("deduplication_id"))
    sent: str = _moto_publish(
        self, message, arn, phone_number, subject, message_attributes, **named
    )
    return sent


def _size(message: str, attributes: Mapping[str, Any]) -> int:
    """In bytes, of the message and of its attributes: names, types and values."""
    texts = [message]
    for name, attribute in attributes.items():
        texts += [name, attribute["Type"], str(attribute["Value"])]
    return sum(len(text.encode()) for text in texts)


def _require_structure(message: str) -> None:
    try:
        structure = json.loads(message)
    except ValueError:
        raise invalid("Message Structure - JSON message body failed to parse") from None
    if not isinstance(structure, dict) or not isinstance(structure.get("default"), str):
        raise invalid("Message Structure - No default entry in JSON message body")


def _require_destination(
    backend: SNSBackend, arn: str | None, group_id: str | None, deduplication_id: str | None
) -> None:
    if arn in backend.platform_endpoints:
        return
    try:
        topic: Topic = backend.get_topic(arn)  # type: ignore[arg-type]  # ours takes None
    except TopicNotFound:
        if ":endpoint/" in str(arn):
            words = "TargetArn Reason: No endpoint found for the target arn specified"
            raise invalid(words) from None
        raise
    if not topic.fifo_topic:
        return
    if not group_id:
        raise invalid("The MessageGroupId parameter is required for FIFO topics")
    if not deduplication_id and not topic.content_based_deduplication:
        raise invalid(
            "The topic should either have ContentBasedDeduplication enabled or "
            "MessageDeduplicationId provided explicitly"
        )


def _answer(self: SNSResponse) -> ActionResult:
    """In a FIFO topic messages have numbers, each a larger one than those before."""
    phone_number = self._get_param("PhoneNumber")
    if phone_number and not is_e164(phone_number):
        raise invalid(f"PhoneNumber Reason: {phone_number} is not valid to publish to")
    answer: Any = _moto_answer(self)
    arn = self._get_param("TopicArn") or self._get_param("TargetArn")
    topic: Topic | None = self.backend.topics.get(arn)
    if topic is None or not topic.fifo_topic:
        return ActionResult(answer.result)
    sequence = moto_seams.notes(topic, _Sequence)
    sequence.last += 1
    return ActionResult({**answer.result, "SequenceNumber": str(sequence.last)})


def _batch(
    self: SNSBackend, topic_arn: str, publish_batch_request_entries: list[dict[str, Any]]
) -> tuple[list[dict[str, str]], list[dict[str, Any]]]:
    """moto says nothing of most entries that it does not publish."""
    topic: Topic = self.get_topic(topic_arn)
    entries = publish_batch_request_entries
    _require_entries(entries)
    if topic.fifo_topic and not all(entry.get("MessageGroupId") for entry in entries):
        raise invalid("The MessageGroupId parameter is required for FIFO topics")
    sent, failed = [], []
    for entry in entries:
        try:
            message_id = self.publish(
                message=entry["Message"],
                arn=topic_arn,
                subject=entry.get("Subject"),
                message_attributes=entry.get("MessageAttributes") or {},
                group_id=entry.get("MessageGroupId"),
                deduplication_id=entry.get("MessageDeduplicationId"),
                message_structure=entry.get("MessageStructure"),
            )
        except SNSException as refused:
            refusal = {"Code": refused.code, "Message": refused.message, "SenderFault": True}
            failed.append({"Id": entry["Id"], **refusal})
        else:
            sent.append({"Id": entry["Id"], "MessageId": message_id})
    return sent, failed


def _require_entries(entries: Sequence[Mapping[str, Any]]) -> None:
    ids = [str(entry["Id"]) for entry in entries]
    if not ids:
        raise SNSException("EmptyBatchRequest", "The batch request doesn't contain any entries.")
    if len(ids) > _MOST_ENTRIES:
        raise TooManyEntriesInBatchRequest
    if not all(_ENTRY_ID.fullmatch(each) for each in ids):
        raise SNSException(
            "InvalidBatchEntryId",
            "The Id of a batch entry in a batch request doesn't abide by the specification.",
        )
    if len(set(ids)) < len(ids):
        raise BatchEntryIdsNotDistinct
    sizes = (_size(entry["Message"], entry.get("MessageAttributes") or {}) for entry in entries)
    if sum(sizes) > _MOST_BYTES:
        raise SNSException(
            "BatchRequestTooLong",
            "The length of all the batch messages put together is more than the limit.",
        )
