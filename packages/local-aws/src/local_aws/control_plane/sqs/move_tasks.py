"""Message move tasks: dead letters go back to the queues in which they died, or on to another one.

moto has none. A task moves as many messages as its queue had when it began, the oldest first, at
the rate that the request names: the first at once. Those that someone has received stay.
Sources: API_StartMessageMoveTask, API_ListMessageMoveTasks and API_CancelMessageMoveTask in the SQS
API Reference; "Configure a dead-letter queue redrive" and "Troubleshoot dead-letter queue redrive
issues" in the SQS Developer Guide; answers of the real SQS as they have been recorded.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from moto.core.responses import ActionResult
from moto.sqs.exceptions import InvalidParameterValue, MissingParameter
from moto.sqs.models import Message, Queue, SQSBackend, sqs_backends
from moto.sqs.responses import SQSResponse

from local_aws.control_plane import moto_seams, move_task_handles
from local_aws.control_plane.api_errors import ApiError
from local_aws.control_plane.sqs import dead_letters, messages

_HIGHEST_RATE = 500
"""Messages in a second; also that of a task whose rate is left to SQS."""
_MOST_LISTED = 10

Status = Literal["RUNNING", "COMPLETED", "CANCELLED", "FAILED"]


@dataclass
class MoveTask:
    """A task of the queue on which it is noted. `started` is in seconds since 1970.

    Without a `destination`, an ARN, each message goes back to where it died. `rate`, in messages a
    second, is None where the request named none.
    """

    task_id: str
    source: str
    destination: str | None
    rate: int | None
    to_move: int
    started: float
    moved: int = 0
    status: Status = "RUNNING"
    failure: str = ""

    @property
    def handle(self) -> str:
        return move_task_handles.write(self.task_id, self.source)

    def due(self, now: float) -> int:
        """How many messages it moves by now that it has not moved yet."""
        may = 1 + int(max(now - self.started, 0) * (self.rate or _HIGHEST_RATE))
        return min(may, self.to_move) - self.moved


@dataclass
class _Tasks:
    """Of a queue, the latest first."""

    all: list[MoveTask] = field(default_factory=list)


def install() -> None:
    moto_seams.add(
        SQSResponse,
        start_message_move_task=_start,
        list_message_move_tasks=_list,
        cancel_message_move_task=_cancel,
    )


def advance(now: float) -> None:
    """Move what is due by now, in seconds since 1970. Call it under LOCK."""
    for backend in moto_seams.backends_in_use(sqs_backends):
        for queue in list(backend.queues.values()):
            for task in _running(queue):
                _advance(backend, queue, task, now)


def _advance(backend: SQSBackend, queue: Queue, task: MoveTask, now: float) -> None:
    for message in queue.messages[: task.due(now)]:
        origin = task.destination or dead_letters.source_of(message)
        destination = _find(backend, origin)
        if destination is None:
            task.status = "FAILED"
            task.failure = (
                "AWS.SimpleQueueService.NonExistentQueue"
                if origin
                else "CouldNotDetermineMessageSource"
            )
            return
        queue._messages.remove(message)
        messages.add(destination, _anew(message))
        task.moved += 1
    if task.moved >= task.to_move or not queue.messages:
        task.status = "COMPLETED"


def _anew(message: Message) -> Message:
    """AWS: a message that was moved is a new one, with another id, which nobody has received."""
    new = Message(str(uuid.uuid4()), message.body, message.system_attributes)
    new.message_attributes = message.message_attributes
    new.sender_id = message.sender_id
    new.deduplication_id = message.deduplication_id
    new.group_id = message.group_id
    new.mark_sent()
    return new


def _start(self: SQSResponse) -> ActionResult:
    source = _named(self, "SourceArn")
    if not any(
        (queue.redrive_policy or {}).get("deadLetterTargetArn") == source.queue_arn
        for queue in self.sqs_backend.queues.values()
    ):
        raise InvalidParameterValue("Source queue must be configured as a Dead Letter Queue.")
    destination = _named(self, "DestinationArn") if self._get_param("DestinationArn") else None
    if destination is not None:
        _require_other_of_type(source, destination)
    rate = self._get_param("MaxNumberOfMessagesPerSecond")
    if rate is not None and not 1 <= int(rate) <= _HIGHEST_RATE:
        raise InvalidParameterValue(
            f"Value {rate} for parameter MaxNumberOfMessagesPerSecond is invalid. Reason: Must be "
            f"between 1 and {_HIGHEST_RATE}, if provided."
        )
    if any(_running(source)):
        raise InvalidParameterValue(
            "There is already a task running. Only one active task is allowed for a source queue "
            "arn at a given time."
        )
    task = MoveTask(
        str(uuid.uuid4()),
        source.queue_arn,
        destination.queue_arn if destination else None,
        None if rate is None else int(rate),
        len(source.messages),
        time.time(),
    )
    tasks = moto_seams.notes(source, _Tasks)
    tasks.all = [task, *tasks.all][:_MOST_LISTED]
    return ActionResult({"TaskHandle": task.handle})


def _require_other_of_type(source: Queue, destination: Queue) -> None:
    if destination is source:
        raise InvalidParameterValue("Source queue arn and destination queue arn must not be equal.")
    if bool(destination.fifo_queue) is not bool(source.fifo_queue):
        raise InvalidParameterValue(
            "The source queue and destination queue must be of the same queue type."
        )


def _list(self: SQSResponse) -> ActionResult:
    source = _named(self, "SourceArn")
    given = self._get_param("MaxResults")
    most = 1 if given is None else int(given)
    if not 1 <= most <= _MOST_LISTED:
        raise InvalidParameterValue(
            f"Value {most} for parameter MaxResults is invalid. Reason: Must be between 1 and "
            f"{_MOST_LISTED}, if provided."
        )
    found = moto_seams.notes(source, _Tasks).all[:most]
    return ActionResult({"Results": [_shown(task) for task in found]})


def _shown(task: MoveTask) -> dict[str, Any]:
    shown = {
        "TaskHandle": task.handle if task.status == "RUNNING" else None,
        "Status": task.status,
        "SourceArn": task.source,
        "DestinationArn": task.destination,
        "MaxNumberOfMessagesPerSecond": task.rate,
        "ApproximateNumberOfMessagesMoved": task.moved,
        "ApproximateNumberOfMessagesToMove": task.to_move,
        "FailureReason": task.failure or None,
        "StartedTimestamp": int(task.started * 1000),
    }
    return {name: value for name, value in shown.items() if value is not None}


def _cancel(self: SQSResponse) -> ActionResult:
    try:
        task_id, source_arn = move_task_handles.read(self._get_param("TaskHandle") or "")
    except ValueError:
        raise InvalidParameterValue("Value for parameter TaskHandle is invalid.") from None
    source = _find(self.sqs_backend, source_arn)
    if source is None:
        raise _no_queue("SourceArn")
    task = next((each for each in _running(source) if each.task_id == task_id), None)
    if task is None:
        raise _not_found("Task does not exist.")
    task.status = "CANCELLED"
    return ActionResult({"ApproximateNumberOfMessagesMoved": task.moved})


def _running(queue: Queue) -> Iterator[MoveTask]:
    return (each for each in moto_seams.notes(queue, _Tasks).all if each.status == "RUNNING")


def _named(response: SQSResponse, parameter: str) -> Queue:
    """The queue whose ARN the request gives there."""
    arn = response._get_param(parameter)
    if not arn:
        raise MissingParameter(parameter)
    found = _find(response.sqs_backend, arn)
    if found is None:
        raise _no_queue(parameter)
    return found


def _find(backend: SQSBackend, arn: str) -> Queue | None:
    found: Queue | None = backend.queues.get(arn.rpartition(":")[2])
    return found if found is not None and found.queue_arn == arn else None


def _no_queue(parameter: str) -> ApiError:
    return _not_found(
        f"The resource that you specified for the {parameter} parameter doesn't exist."
    )


def _not_found(words: str) -> ApiError:
    return ApiError("404 Not Found", "ResourceNotFoundException", words)
