"""A request that waits for messages keeps no other request waiting; moto's does.

Source: "Amazon SQS short and long polling" in the SQS Developer Guide; API_ReceiveMessage
(WaitTimeSeconds), API_SetQueueAttributes (ReceiveMessageWaitTimeSeconds).
"""

from __future__ import annotations

from moto.core.responses import ActionResult
from moto.sqs.models import Message, SQSBackend
from moto.sqs.responses import SQSResponse

from local_aws.control_plane import moto_seams, waiting

_moto_messages = SQSBackend.receive_message
_moto_answer = SQSResponse.receive_message


def install() -> None:
    moto_seams.replace(SQSBackend, receive_message=_messages)


def _messages(
    self: SQSBackend,
    queue_name: str,
    count: int,
    wait_seconds_timeout: int,  # noqa: ARG001 - moto's function sending a message waits as well
    visibility_timeout: int,
    message_attribute_names: list[str] | None = None,
) -> list[Message]:
    """What can be received now."""
    messages: list[Message] = _moto_messages(
        self, queue_name, count, 0, visibility_timeout, message_attribute_names
    )
    return messages


def answer(request: SQSResponse) -> ActionResult:
    """Answer ReceiveMessage, when something can be received or nothing was for long enough.

    Raises what moto raises; each look finds the queue as it is by then, or deleted.
    """

    def look() -> ActionResult | None:
        found = _moto_answer(request)
        return found if found.result else None

    # The first look also refuses a request that is not valid.
    return look() or waiting.for_something(look, _seconds(request)) or ActionResult({})


def _seconds(request: SQSResponse) -> int:
    own = request._get_param("WaitTimeSeconds")
    queue = request.sqs_backend.get_queue(request._get_queue_name())
    of_queue = queue.receive_message_wait_time_seconds  # type: ignore[attr-defined]  # moto sets it
    return int(of_queue if own is None else own)
