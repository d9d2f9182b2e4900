"""Message move tasks: how dead letters go back to where they died, or elsewhere."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from refusals import refusal_of
from role_driver import allow, denies

from local_aws.contract.facts import Facts
from local_aws.control_plane.lock import LOCK
from local_aws.control_plane.reconciler import reconcile

NOT_FOUND = "The resource that you specified for the {} parameter doesn't exist."


@pytest.fixture
def sqs(unchecked: Any) -> Any:
    return unchecked("sqs")


@pytest.fixture
def new_queue(sqs: Any, unique_name: str) -> Iterator[Callable[..., tuple[str, str]]]:
    """Creates a queue, and returns its URL and its ARN."""
    urls: list[str] = []

    def create(name: str, **attributes: str) -> tuple[str, str]:
        url = sqs.create_queue(QueueName=f"{unique_name}-{name}", Attributes=attributes)["QueueUrl"]
        urls.append(url)
        named = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        return url, named["Attributes"]["QueueArn"]

    yield create
    for url in urls:
        sqs.delete_queue(QueueUrl=url)


def dying_in(letters: str) -> dict[str, str]:
    policy = {"deadLetterTargetArn": letters, "maxReceiveCount": 1}
    return {"RedrivePolicy": json.dumps(policy), "VisibilityTimeout": "0"}


def let_die(sqs: Any, url: str, *bodies: str, **group: str) -> None:
    for body in bodies:
        sqs.send_message(QueueUrl=url, MessageBody=body, **group)
        sqs.receive_message(QueueUrl=url)
        sqs.receive_message(QueueUrl=url)


def received(sqs: Any, url: str) -> list[dict[str, Any]]:
    asked = {"MaxNumberOfMessages": 10, "MessageSystemAttributeNames": ["All"]}
    found: list[dict[str, Any]] = sqs.receive_message(QueueUrl=url, **asked).get("Messages", [])
    return found


def turn(facts: Facts) -> None:
    with LOCK:
        reconcile(facts)


def ended(sqs: Any, facts: Facts, arn: str) -> dict[str, Any]:
    """The queue's latest task, once it has ended."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        turn(facts)
        (task,) = sqs.list_message_move_tasks(SourceArn=arn)["Results"]
        if task["Status"] != "RUNNING":
            return dict(task)
        time.sleep(0.05)
    raise AssertionError(f"still running: {task}")


def test_dead_letters_go_back_to_where_they_died(sqs: Any, new_queue: Any, facts: Facts) -> None:
    """API_StartMessageMoveTask: without a destination; recorded from AWS. They are new messages."""
    letters_url, letters = new_queue("letters")
    one, _ = new_queue("one", **dying_in(letters))
    other, _ = new_queue("other", **dying_in(letters))
    let_die(sqs, one, "1", "2")
    let_die(sqs, other, "3")
    sqs.set_queue_attributes(QueueUrl=letters_url, Attributes={"VisibilityTimeout": "0"})
    dead = {each["Body"]: each for each in received(sqs, letters_url)}

    handle = sqs.start_message_move_task(SourceArn=letters)["TaskHandle"]
    assert json.loads(base64.b64decode(handle))["sourceArn"] == letters
    task = ended(sqs, facts, letters)
    assert abs(task.pop("StartedTimestamp") / 1000 - time.time()) < 60
    assert task == {
        "Status": "COMPLETED",
        "SourceArn": letters,
        "ApproximateNumberOfMessagesMoved": 3,
        "ApproximateNumberOfMessagesToMove": 3,
    }
    back = {each["Body"]: each for each in [*received(sqs, one), *received(sqs, other)]}
    assert set(back) == {"1", "2", "3"}
    for body, message in back.items():
        assert message["MessageId"] != dead[body]["MessageId"]
        assert message["Attributes"]["ApproximateReceiveCount"] == "1"
        assert "DeadLetterQueueSourceArn" not in message["Attributes"]
    assert received(sqs, letters_url) == []


def test_a_task_moves_at_its_rate_until_it_is_cancelled(
    sqs: Any, new_queue: Any, facts: Facts
) -> None:
    """API_CancelMessageMoveTask: what has been moved stays where it is."""
    _, letters = new_queue("letters")
    source, _ = new_queue("source", **dying_in(letters))
    destination, arn = new_queue("destination")
    let_die(sqs, source, *"12345678")
    asked = {"SourceArn": letters, "DestinationArn": arn, "MaxNumberOfMessagesPerSecond": 1}
    handle = sqs.start_message_move_task(**asked)["TaskHandle"]
    turn(facts)
    (task,) = sqs.list_message_move_tasks(SourceArn=letters)["Results"]
    moved = task["ApproximateNumberOfMessagesMoved"]
    assert 1 <= moved < 8
    assert {**asked, "TaskHandle": handle, "Status": "RUNNING"}.items() <= task.items()
    words = (
        "There is already a task running. Only one active task is allowed for a source queue arn "
        "at a given time."
    )
    refused = (400, "InvalidParameterValue", words)
    assert refusal_of(sqs.start_message_move_task, SourceArn=letters) == refused

    cancelled = sqs.cancel_message_move_task(TaskHandle=handle)
    assert cancelled["ApproximateNumberOfMessagesMoved"] == moved
    time.sleep(1.1)
    task = ended(sqs, facts, letters)
    assert (task["Status"], task["ApproximateNumberOfMessagesMoved"]) == ("CANCELLED", moved)
    assert "TaskHandle" not in task
    assert [each["Body"] for each in received(sqs, destination)] == list("12345678")[:moved]
    gone = (404, "ResourceNotFoundException", "Task does not exist.")
    assert refusal_of(sqs.cancel_message_move_task, TaskHandle=handle) == gone

    sqs.start_message_move_task(SourceArn=letters)
    both = sqs.list_message_move_tasks(SourceArn=letters, MaxResults=10)["Results"]
    assert [each["Status"] for each in both] == ["RUNNING", "CANCELLED"]


def test_a_task_fails_where_a_message_can_go_nowhere(
    sqs: Any, new_queue: Any, facts: Facts, unique_name: str
) -> None:
    """SQS Developer Guide, "Troubleshoot dead-letter queue redrive issues"; recorded from AWS."""
    url, letters = new_queue("letters")
    new_queue("source", **dying_in(letters))
    sqs.send_message(QueueUrl=url, MessageBody="sent here")
    sqs.start_message_move_task(SourceArn=letters)
    task = ended(sqs, facts, letters)
    assert (task["Status"], task["FailureReason"]) == ("FAILED", "CouldNotDetermineMessageSource")

    gone = sqs.create_queue(QueueName=f"{unique_name}-gone")["QueueUrl"]
    destination = letters.replace("-letters", "-gone")
    sqs.start_message_move_task(SourceArn=letters, DestinationArn=destination)
    sqs.delete_queue(QueueUrl=gone)
    task = ended(sqs, facts, letters)
    failed = ("FAILED", "AWS.SimpleQueueService.NonExistentQueue")
    assert (task["Status"], task["FailureReason"]) == failed
    assert [each["Body"] for each in received(sqs, url)] == ["sent here"]


def test_a_task_that_cannot_be_is_refused(sqs: Any, new_queue: Any) -> None:
    """API_StartMessageMoveTask; recorded from AWS, but for the words about types and numbers."""
    _, letters = new_queue("letters")
    _, source = new_queue("source", **dying_in(letters))
    _, fifo = new_queue("other.fifo", FifoQueue="true")
    start = sqs.start_message_move_task
    for given, parameter in (
        ({"SourceArn": f"{letters}-not"}, "SourceArn"),
        ({"SourceArn": letters, "DestinationArn": f"{source}-not"}, "DestinationArn"),
    ):
        refused = (404, "ResourceNotFoundException", NOT_FOUND.format(parameter))
        assert refusal_of(start, **given) == refused
    for given, words in (
        ({"SourceArn": source}, "Source queue must be configured as a Dead Letter Queue."),
        ({"SourceArn": letters, "DestinationArn": letters}, "must not be equal."),
        ({"SourceArn": letters, "DestinationArn": fifo}, "must be of the same queue type."),
        ({"SourceArn": letters, "MaxNumberOfMessagesPerSecond": 0}, "between 1 and 500"),
        ({"SourceArn": letters, "MaxNumberOfMessagesPerSecond": 501}, "between 1 and 500"),
    ):
        status, code, message = refusal_of(start, **given)
        assert (status, code) == (400, "InvalidParameterValue")
        assert words in message


def test_a_handle_that_names_no_task_is_refused(sqs: Any, new_queue: Any) -> None:
    """API_CancelMessageMoveTask; recorded from AWS."""
    _, arn = new_queue("letters")

    def handle(source: str) -> str:
        named = {"taskId": "10f57157-fc38-4da9-a113-4de7e12d05aa", "sourceArn": source}
        return base64.b64encode(json.dumps(named).encode()).decode()

    for given, refused in (
        ("foobared", (400, "InvalidParameterValue", "Value for parameter TaskHandle is invalid.")),
        (
            handle(f"{arn}-not"),
            (404, "ResourceNotFoundException", NOT_FOUND.format("SourceArn")),
        ),
        (handle(arn), (404, "ResourceNotFoundException", "Task does not exist.")),
    ):
        assert refusal_of(sqs.cancel_message_move_task, TaskHandle=given) == refused


def test_dead_letters_of_one_deduplication_id_are_all_kept(
    sqs: Any, new_queue: Any, facts: Facts
) -> None:
    """SQS Developer Guide, "Configure a dead-letter queue redrive": FIFO queues."""
    letters_url, letters = new_queue("letters.fifo", FifoQueue="true")
    fifo = {"FifoQueue": "true", **dying_in(letters)}
    for name in ("one.fifo", "other.fifo"):
        url, _ = new_queue(name, **fifo)
        let_die(sqs, url, name, MessageGroupId="g", MessageDeduplicationId="same")
    named = {"QueueUrl": letters_url, "AttributeNames": ["ApproximateNumberOfMessages"]}
    count = sqs.get_queue_attributes(**named)["Attributes"]
    assert count == {"ApproximateNumberOfMessages": "2"}
    sqs.start_message_move_task(SourceArn=letters)
    assert ended(sqs, facts, letters)["ApproximateNumberOfMessagesMoved"] == 2


@pytest.mark.parametrize("missing", ["DeleteMessage", "GetQueueAttributes", "ReceiveMessage", ""])
def test_whoever_moves_dead_letters_may_receive_and_delete_them(
    aws: Any, new_queue: Any, session: Callable[..., dict[str, str]], missing: str
) -> None:
    """SQS Developer Guide, "Configure queue permissions for dead-letter queue redrive"."""
    _, letters = new_queue("letters")
    _, destination = new_queue("source", **dying_in(letters))
    needed = {"*MessageMoveTask*", "DeleteMessage", "GetQueueAttributes", "ReceiveMessage"}
    actions = [f"sqs:{each}" for each in sorted(needed - {missing})]
    client = aws("sqs", **session(allow(actions, resource=letters)))
    given = {"SourceArn": letters, "DestinationArn": destination}
    if missing:
        assert denies(client.start_message_move_task, **given)
    else:
        handle = client.start_message_move_task(**given)["TaskHandle"]
        client.cancel_message_move_task(TaskHandle=handle)
