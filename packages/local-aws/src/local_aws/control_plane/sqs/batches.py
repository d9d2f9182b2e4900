"""Batches: their entries have ids of their own, and each fails or succeeds by itself.

moto counts characters for bytes and leaves out attributes, and refuses a whole batch for one
message that its queue does not take.
Source: API_SendMessageBatch, API_DeleteMessageBatch and API_ChangeMessageVisibilityBatch in the SQS
API Reference: "The result of sending each message is reported individually in the response"; the
messages of a batch have 1,048,576 bytes together, whatever their queue takes of one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from moto.core.responses import ActionResult
from moto.sqs.constants import MAXIMUM_MESSAGE_LENGTH
from moto.sqs.exceptions import (
    BatchEntryIdsNotDistinct,
    BatchRequestTooLong,
    EmptyBatchRequest,
    InvalidBatchEntryId,
    InvalidParameterValue,
    MissingParameter,
    TooManyEntriesInBatchRequest,
)
from moto.sqs.models import Message, SQSBackend
from moto.sqs.responses import SQSResponse

from local_aws.control_plane import moto_seams
from local_aws.control_plane.sqs import contents, messages, senders

_ENTRY_ID = re.compile(r"[\w-]{1,80}", re.ASCII)
_MOST_ENTRIES = 10
_NO_GROUP = "The request must contain the parameter MessageGroupId."

_moto_send = SQSBackend.send_message_batch
_moto_sent = SQSResponse.send_message_batch
_moto_delete = SQSResponse.delete_message_batch
_moto_visibility = SQSResponse.change_message_visibility_batch

Entry = Mapping[str, Any]


def install() -> None:
    moto_seams.replace(SQSBackend, send_message_batch=_send)
    moto_seams.replace(
        SQSResponse,
        send_message_batch=_sent,
        delete_message_batch=_delete,
        change_message_visibility_batch=_visibility,
    )


def _send(
    self: SQSBackend, queue_name: str, entries: Mapping[str, dict[str, Any]]
) -> tuple[list[Message], list[dict[str, Any]]]:
    """What was sent, and the errors of the other entries."""
    queue = self.get_queue(queue_name)
    given = list(entries.values())
    _require_entries(given, "Send")
    total = sum(contents.size(each["MessageBody"], each["MessageAttributes"]) for each in given)
    if total > MAXIMUM_MESSAGE_LENGTH:
        raise BatchRequestTooLong(total)
    most = messages.most_bytes(queue)
    taken, failed = {}, []
    for number, entry in entries.items():
        refused = contents.refusal(entry["MessageBody"], entry["MessageAttributes"], most)
        if refused is None:
            taken[number] = entry
        else:
            failed.append(
                {
                    "Id": entry["Id"],
                    "SenderFault": True,
                    "Code": refused.code,
                    "Message": refused.message,
                }
            )
    sent, others = _moto_send(self, queue_name, taken)
    return sent, [*failed, *others]


def _sent(self: SQSResponse) -> ActionResult:
    try:
        answer: Any = _moto_sent(self)
    except MissingParameter as missing:
        if missing.message != _NO_GROUP:
            raise
        raise InvalidParameterValue(_NO_GROUP) from None  # SendMessage: MissingParameter
    given = {entry["Id"]: entry.get(messages.SYSTEM) for entry in self._get_param("Entries", [])}
    sent = answer.result["Successful"]
    senders.sign(self, {each["MessageId"] for each in sent})
    shown = [{**each, **messages.digest(given[each["Id"]])} for each in sent]
    return ActionResult({**answer.result, "Successful": shown})


def _delete(self: SQSResponse) -> ActionResult:
    _require_entries(self._get_param("Entries", []), "Delete")
    return _moto_delete(self)


def _visibility(self: SQSResponse) -> ActionResult:
    _require_entries(self._get_param("Entries", []), "ChangeVisibility")
    return _moto_visibility(self)


def _require_entries(entries: Sequence[Entry], action: str) -> None:
    """Refuse a batch whose entries have no ids of their own, whatever they are about."""
    ids = [str(entry["Id"]) for entry in entries]
    if not ids:
        raise EmptyBatchRequest(action=action)
    if len(ids) > _MOST_ENTRIES:
        raise TooManyEntriesInBatchRequest(len(ids))
    if not all(_ENTRY_ID.fullmatch(each) for each in ids):
        raise InvalidBatchEntryId
    for number, each in enumerate(ids):
        if each in ids[:number]:
            raise BatchEntryIdsNotDistinct(each)
