"""Simple Queue Service as AWS has it, where moto differs.

attributes.py        queues keep the attributes that a request does not name
batches.py           which entries of a batch fail, and which batches fail as a whole
contents.py          what a message may contain, and how large it is
dead_letters.py      from which queue a dead letter came
long_polls.py        a request that waits keeps no other waiting
messages.py          which messages a queue accepts, and their sequence numbers
move_tasks.py        dead letters go back, or on to another queue
permissions.py       what AddPermission and RemovePermission do to a queue's policy
policies.py          which policies a queue can have
receipt_handles.py   which handles still delete a message
senders.py           who sent a message
"""

from __future__ import annotations

from local_aws.control_plane.sqs import (
    attributes,
    batches,
    dead_letters,
    long_polls,
    messages,
    move_tasks,
    permissions,
    receipt_handles,
)


def install() -> None:
    """Install the corrections of Simple Queue Service into moto."""
    attributes.install()
    batches.install()
    dead_letters.install()
    long_polls.install()
    messages.install()
    move_tasks.install()
    permissions.install()
    receipt_handles.install()
