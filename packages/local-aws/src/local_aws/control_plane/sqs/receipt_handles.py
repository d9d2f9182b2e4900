"""Receipt handles: which still delete a message or change its visibility.

Source: API_DeleteMessage, API_DeleteMessageBatch and API_ChangeMessageVisibility in the SQS API
Reference; "FIFO queue and message identifiers" in the SQS Developer Guide; answers of the real SQS
as they have been recorded: the handle of a FIFO queue deletes nothing once it has expired.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from moto.core.responses import ActionResult
from moto.sqs.exceptions import InvalidParameterValue, ReceiptHandleIsInvalid, SQSException
from moto.sqs.models import Queue, SQSBackend
from moto.sqs.responses import SQSResponse

from local_aws.control_plane import moto_seams

_moto_delete = Queue.delete_message


def install() -> None:
    moto_seams.replace(Queue, delete_message=_delete)
    moto_seams.replace(SQSBackend, delete_message_batch=_delete_each)
    moto_seams.replace(
        SQSResponse,
        delete_message=_of_handle(SQSResponse.delete_message),
        change_message_visibility=_of_handle(SQSResponse.change_message_visibility),
    )


def _delete(self: Queue, receipt_handle: str) -> None:
    if self.fifo_queue and _has_expired(self, receipt_handle):
        raise InvalidParameterValue(
            f"Value {receipt_handle} for parameter ReceiptHandle is invalid. Reason: The receipt "
            "handle has expired."
        )
    _moto_delete(self, receipt_handle)


def _has_expired(queue: Queue, receipt_handle: str) -> bool:
    """Whether its message may be received again, or has been."""
    return any(
        message.visible or message.receipt_handle != receipt_handle
        for message in queue._messages
        if message.had_receipt_handle(receipt_handle)
    )


def _delete_each(
    self: SQSBackend, queue_name: str, receipts: Iterable[Mapping[str, Any]]
) -> tuple[list[str], list[dict[str, Any]]]:
    """The ids of the entries that were deleted, and the errors of the others."""
    deleted, errors = [], []
    for entry in receipts:
        try:
            self.delete_message(queue_name, entry["ReceiptHandle"])
            deleted.append(entry["Id"])
        except (InvalidParameterValue, ReceiptHandleIsInvalid) as refused:
            words = refused.message
            if isinstance(refused, ReceiptHandleIsInvalid):
                words = _none(entry["ReceiptHandle"])
            errors.append(
                {"Id": entry["Id"], "SenderFault": True, "Code": refused.code, "Message": words}
            )
    return deleted, errors


def _of_handle(moto_call: Callable[[SQSResponse], ActionResult]) -> Any:
    def call(self: SQSResponse) -> ActionResult:
        """Name the receipt handle that is none, or of a message that is deleted."""
        try:
            return moto_call(self)
        except ReceiptHandleIsInvalid as refused:
            handle = self._get_param("ReceiptHandle")
            if handle in self.sqs_backend.get_queue(self._get_queue_name()).deleted_messages:
                raise InvalidParameterValue(
                    f"Value {handle} for parameter ReceiptHandle is invalid. Reason: Message does "
                    "not exist or is not available for visibility timeout change."
                ) from None
            raise SQSException(refused.code, _none(handle)) from None

    return call


def _none(handle: str) -> str:
    return f'The input receipt handle "{handle}" is not a valid receipt handle.'
