"""Dead letters: a message shows from which queue it came.

Source: API_ReceiveMessage: MessageSystemAttributeName has DeadLetterQueueSourceArn.
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
    way.queue = self.queue_arn
    _moto_add(self, message)


def show_sources(queue: Queue, received: Iterable[dict[str, Any]], names: Collection[str]) -> None:
    """Add where they died to what ReceiveMessage shows, if `names` has it or All."""
    if not {"All", _NAME} & set(names):
        return
    by_id = {message.id: message for message in queue._messages}
    for shown in received:
        source = moto_seams.notes(by_id[shown["MessageId"]], _Way).source
        if source:
            shown.setdefault("Attributes", {})[_NAME] = source
