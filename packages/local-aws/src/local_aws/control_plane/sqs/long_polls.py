"""A request that waits for messages keeps no other request waiting; moto's does.

Source: "Amazon SQS short and long polling" in the SQS Developer Guide; API_ReceiveMessage
(WaitTimeSeconds).
"""

from __future__ import annotations

import time

from moto.sqs.models import Message, SQSBackend

from local_aws.control_plane import lock, moto_seams

_SECONDS_BETWEEN_LOOKS = 0.05

_moto_receive = SQSBackend.receive_message


def install() -> None:
    moto_seams.replace(SQSBackend, receive_message=_receive)


def _receive(
    self: SQSBackend,
    queue_name: str,
    count: int,
    wait_seconds_timeout: int,
    visibility_timeout: int,
    message_attribute_names: list[str] | None = None,
) -> list[Message]:
    end = time.monotonic() + wait_seconds_timeout
    while True:
        messages: list[Message] = _moto_receive(
            self, queue_name, count, 0, visibility_timeout, message_attribute_names
        )
        if messages or time.monotonic() >= end:
            return messages
        lock.wait(_SECONDS_BETWEEN_LOOKS)
