"""Dead letters: a message shows from which queue it came, and none is taken for another's copy.

Source: API_ReceiveMessage: MessageSystemAttributeName has DeadLetterQueueSourceArn; "Configure a
dead-letter queue redrive" in the SQS Developer Guide: in a FIFO queue of dead letters a message's
deduplication id is the id that it had as a message.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from moto.sqs.models import Message, Queue

from local_aws.control_plane import moto_seams

_NAME = "DeadLetterQueueSourceArn"

_moto_add = Queue.add_message


@dataclass
class _Way:
    """The ARNs of the queues that a message was in last, and before as a letter that died."""

    queue: str = ""
    source: str = ""


def install() -> None:
    moto_seams.replace(Queue, add_message=_add)


def _add(self: Queue, message: Message) -> None:
    """moto adds the same message to the queue that it moves to."""
    way = moto_seams.notes(message, _Way)
    if way.queue and way.queue != self.queue_arn:
        way.source = way.queue
        if self.fifo_queue:
            message.deduplication_id = message.id
    way.queue = self.queue_arn
    _moto_add(self, message)


def source_of(message: Message) -> str:
    """The ARN of the queue in which it died; "" for a message that was sent where it is."""
    return moto_seams.notes(message, _Way).source


def show_sources(queue: Queue, received: Iterable[dict[str, Any]], names: Collection[str]) -> None:
    """Add where they died to what ReceiveMessage shows, if `names` has it or All."""
    if not {"All", _NAME} & set(names):
        return
    by_id = {message.id: message for message in queue._messages}
    for shown in received:
        source = source_of(by_id[shown["MessageId"]])
        if source:
            shown.setdefault("Attributes", {})[_NAME] = source
