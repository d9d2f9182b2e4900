"""Messages that a queue accepts, how many one request may receive, and numbers in FIFO queues.

Source: API_SendMessage, API_ReceiveMessage, API_ListQueues and API_ListQueueTags in the SQS API
Reference; "Amazon SQS message metadata" in the SQS Developer Guide; answers of the real SQS as they
have been recorded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from moto.core.responses import ActionResult
from moto.sqs import responses
from moto.sqs.exceptions import (
    InvalidParameterValue,
    MessageAttributesInvalid,
    MissingParameter,
)
from moto.sqs.models import Message, Queue, SQSBackend
from moto.sqs.responses import SQSResponse

from local_aws.control_plane import moto_seams
from local_aws.control_plane.sqs import contents, dead_letters, long_polls, senders

_FIRST_NUMBER = 18_000_000_000_000_000_000
"""Sequence numbers have 20 digits."""
_MOST_ATTRIBUTES = 10
_LARGEST_PAGE = 1000
SYSTEM, _SYSTEM_NAMES = "MessageSystemAttributes", "MessageSystemAttributeNames"
_RESERVED = re.compile(r"aws\.|amazon\.", re.IGNORECASE)
_TYPES = ("Binary", "Number", "String")
_NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*", re.ASCII)

_moto_validate = SQSBackend._validate_message
_moto_send = SQSBackend.send_message
_moto_sent = SQSResponse.send_message
_moto_tags = SQSResponse.list_queue_tags


@dataclass
class _Sequence:
    last: int = _FIRST_NUMBER


def install() -> None:
    moto_seams.replace(SQSBackend, _validate_message=_validate, send_message=_send)
    moto_seams.replace(
        SQSResponse,
        receive_message=_receive,
        list_queue_tags=_tags,
        list_queues=_with_page_size(SQSResponse.list_queues),
        list_dead_letter_source_queues=_with_page_size(SQSResponse.list_dead_letter_source_queues),
        send_message=_sent,
    )
    moto_seams.replace(responses, validate_message_attributes=_require_attributes)


def _validate(
    self: SQSBackend,
    queue: Queue,
    message_body: str,
    delay_seconds: int,
    deduplication_id: str | None = None,
    group_id: str | None = None,
    validate_group_id: bool = True,
) -> None:
    """What SNS delivers comes with what its own topic needs."""
    if not message_body:
        raise MissingParameter("MessageBody")
    refused = contents.refusal(message_body, None, most_bytes(queue))
    if refused is not None:
        raise refused
    if validate_group_id and deduplication_id is not None and not queue.fifo_queue:
        raise InvalidParameterValue(
            f"Value {deduplication_id} for parameter MessageDeduplicationId is invalid. Reason: "
            "The request include parameter that is not valid for this queue type."
        )
    _moto_validate(
        self, queue, message_body, delay_seconds, deduplication_id, group_id, validate_group_id
    )


def _send(
    self: SQSBackend,
    queue_name: str,
    message_body: str,
    message_attributes: dict[str, Any] | None = None,
    **named: Any,
) -> Message:
    """moto's numbers are random, and only of messages with a deduplication id."""
    queue = self.get_queue(queue_name)
    refused = contents.refusal(message_body, message_attributes, most_bytes(queue))
    if refused is not None:
        raise refused
    message: Message = _moto_send(
        self, queue_name, message_body, message_attributes=message_attributes, **named
    )
    _number(queue, message)
    return message


def add(queue: Queue, message: Message) -> None:
    """Give a queue a message that comes from another one."""
    _number(queue, message)
    queue.add_message(message)


def most_bytes(queue: Queue) -> int:
    """Of one message."""
    return int(queue.maximum_message_size)  # type: ignore[attr-defined] # moto sets it by name


def _number(queue: Queue, message: Message) -> None:
    if queue.fifo_queue:
        sequence = moto_seams.notes(queue, _Sequence)
        sequence.last += 1
        message.sequence_number = str(sequence.last)


def _receive(self: SQSResponse) -> ActionResult:
    for name, least, most, words in (
        ("MaxNumberOfMessages", 1, 10, "Must be between 1 and 10, if provided."),
        ("WaitTimeSeconds", 0, 20, "Must be >= 0 and <= 20, if provided."),
    ):
        given = self._get_param(name)
        if given is not None and not least <= int(given) <= most:
            raise InvalidParameterValue(
                f"Value {given} for parameter {name} is invalid. Reason: {words}"
            )
    answer: Any = long_polls.answer(self)
    names = [*self._get_param("AttributeNames", []), *self._get_param(_SYSTEM_NAMES, [])]
    queue = self.sqs_backend.get_queue(self._get_queue_name())
    dead_letters.show_sources(queue, answer.result.get("Messages") or [], names)
    return ActionResult(answer.result)


def _sent(self: SQSResponse) -> ActionResult:
    answer: Any = _moto_sent(self)
    senders.sign(self, {answer.result["MessageId"]})
    return ActionResult({**answer.result, **digest(self._get_param(SYSTEM))})


def digest(attributes: Mapping[str, Any] | None) -> dict[str, str]:
    """Of a message's system attributes, as of its own."""
    if not attributes:
        return {}
    carrier = Message("", "")
    carrier.message_attributes = dict(attributes)
    return {"MD5OfMessageSystemAttributes": carrier.attribute_md5}


def _with_page_size(moto_call: Callable[[SQSResponse], ActionResult]) -> Any:
    def call(self: SQSResponse) -> ActionResult:
        most = self._get_param("MaxResults")
        if most is not None and not 1 <= int(most) <= _LARGEST_PAGE:
            raise InvalidParameterValue(
                "Value for parameter MaxResults is invalid. Reason: MaxResults must be an integer "
                f"between 1 and {_LARGEST_PAGE}."
            )
        return moto_call(self)

    return call


def _tags(self: SQSResponse) -> ActionResult:
    answer: Any = _moto_tags(self)
    return ActionResult({"Tags": answer.result["Tags"] or None})


def _require_attributes(attributes: Mapping[str, Any] | None) -> None:
    given = attributes or {}
    if len(given) > _MOST_ATTRIBUTES:
        raise InvalidParameterValue(
            f"Number of message attributes [{len(given)}] exceeds the allowed maximum "
            f"[{_MOST_ATTRIBUTES}]."
        )
    for name, attribute in given.items():
        if _RESERVED.match(name) or name.startswith(".") or name.endswith(".") or ".." in name:
            raise InvalidParameterValue(
                f"The message attribute name '{name}' is invalid. It must not start with AWS. or "
                "Amazon., nor start or end with a period or have periods in succession."
            )
        data_type = str(attribute.get("DataType") or "")
        kind = data_type.partition(".")[0]
        if not data_type:
            raise MessageAttributesInvalid(
                f"The message attribute '{name}' must contain non-empty message attribute value."
            )
        if kind not in _TYPES:
            raise MessageAttributesInvalid(
                f"The type of message (user) attribute '{name}' is invalid. You must use only the "
                "following supported type prefixes: Binary, Number, String."
            )
        value = attribute.get("BinaryValue" if kind == "Binary" else "StringValue")
        if not value:
            raise MessageAttributesInvalid(
                f"Message (user) attribute '{name}' must contain a non-empty value of type "
                f"'{data_type}'."
            )
        if kind == "Number" and not _NUMBER.fullmatch(value):
            raise MessageAttributesInvalid(
                f"Can't cast the value of message (user) attribute '{name}' to a number."
            )
