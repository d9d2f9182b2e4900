"""Messages that queues take, batches of them, and their numbers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from refusals import refusal_of
from role_driver import allow

NOT_OF_THIS_TYPE = "Reason: The request include parameter that is not valid for this queue type."


TEXT = {"DataType": "String", "StringValue": "1"}


@pytest.fixture
def sqs(unchecked: Any) -> Any:
    return unchecked("sqs")


@pytest.fixture
def queue(sqs: Any, unique_name: str) -> Iterator[str]:
    url = sqs.create_queue(QueueName=unique_name)["QueueUrl"]
    yield url
    sqs.delete_queue(QueueUrl=url)


def attribute(**value: Any) -> dict[str, Any]:
    return {"MessageBody": "m", "MessageAttributes": {"a": value}}


@pytest.mark.parametrize(
    ("given", "code", "words"),
    [
        (
            {"MessageBody": ""},
            "MissingParameter",
            "The request must contain the parameter MessageBody.",
        ),
        ({"MessageBody": "\x00"}, "InvalidMessageContents", "Invalid characters found."),
        (
            {"MessageBody": "m", "MessageDeduplicationId": "d"},
            "InvalidParameterValue",
            f"Value d for parameter MessageDeduplicationId is invalid. {NOT_OF_THIS_TYPE}",
        ),
        (
            attribute(DataType="Text", StringValue="1"),
            "InvalidParameterValue",
            "The type of message (user) attribute 'a' is invalid.",
        ),
        (
            attribute(DataType="String", StringValue=""),
            "InvalidParameterValue",
            "Message (user) attribute 'a' must contain a non-empty value of type 'String'.",
        ),
        (
            attribute(DataType="Number.int", StringValue="one"),
            "InvalidParameterValue",
            "Can't cast the value of message (user) attribute 'a' to a number.",
        ),
        *(
            (
                {"MessageBody": "m", "MessageAttributes": {name: TEXT}},
                "InvalidParameterValue",
                f"The message attribute name '{name}' is invalid.",
            )
            for name in ("aws.a", "Amazon.a", ".a", "a.", "a..b")
        ),
    ],
)
def test_a_message_that_is_none_is_refused(
    sqs: Any, queue: str, given: dict[str, Any], code: str, words: str
) -> None:
    """API_SendMessage; recorded and reported of AWS, but for the words about names of attributes:
    "Amazon SQS message metadata" in the SQS Developer Guide."""
    status, found, message = refusal_of(sqs.send_message, QueueUrl=queue, **given)
    assert (status, found) == (400, code)
    assert message.startswith(words)
    assert "Messages" not in sqs.receive_message(QueueUrl=queue)


@pytest.mark.parametrize("value", ["1", "-1.5", "+2e10", ".5"])
def test_a_number_is_one_however_it_is_written(sqs: Any, queue: str, value: str) -> None:
    """SQS Developer Guide, "Amazon SQS message metadata": Number."""
    given = attribute(DataType="Number", StringValue=value)
    sqs.send_message(QueueUrl=queue, **given)

    [message] = sqs.receive_message(QueueUrl=queue, MessageAttributeNames=["All"])["Messages"]
    assert message["MessageAttributes"] == given["MessageAttributes"]


@pytest.mark.parametrize("name", ["", "x" * 81, "a:b"])
def test_entries_of_a_batch_have_ids(sqs: Any, queue: str, name: str) -> None:
    """Recorded from AWS: InvalidBatchEntryId, in every batch."""
    for call, about in (
        (sqs.delete_message_batch, {"ReceiptHandle": "none"}),
        (sqs.change_message_visibility_batch, {"ReceiptHandle": "none", "VisibilityTimeout": 1}),
        (sqs.send_message_batch, {"MessageBody": "m"}),
    ):
        refused = refusal_of(call, QueueUrl=queue, Entries=[{"Id": name, **about}])
        assert refused[:2] == (400, "AWS.SimpleQueueService.InvalidBatchEntryId")


def test_a_batch_has_one_to_ten_entries(sqs: Any, queue: str) -> None:
    """Recorded from AWS: TooManyEntriesInBatchRequest comes before anything about an entry."""
    entries = [{"Id": str(number), "ReceiptHandle": "none"} for number in range(20)]
    delete = sqs.delete_message_batch
    assert refusal_of(delete, QueueUrl=queue, Entries=entries) == (
        400,
        "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
        "Maximum number of entries per request are 10. You have sent 20.",
    )
    empty = refusal_of(delete, QueueUrl=queue, Entries=[])
    assert empty[1] == "AWS.SimpleQueueService.EmptyBatchRequest"
    twice = refusal_of(delete, QueueUrl=queue, Entries=[entries[0], entries[0]])
    assert twice[1:] == ("AWS.SimpleQueueService.BatchEntryIdsNotDistinct", "Id 0 repeated.")


def test_how_many_messages_and_how_long_has_limits(sqs: Any, queue: str) -> None:
    """Recorded from AWS: InvalidParameterValue."""
    for name, value, words in (
        ("MaxNumberOfMessages", 11, "Must be between 1 and 10, if provided."),
        ("MaxNumberOfMessages", 0, "Must be between 1 and 10, if provided."),
        ("WaitTimeSeconds", 21, "Must be >= 0 and <= 20, if provided."),
    ):
        assert refusal_of(sqs.receive_message, QueueUrl=queue, **{name: value}) == (
            400,
            "InvalidParameterValue",
            f"Value {value} for parameter {name} is invalid. Reason: {words}",
        )


def test_a_receipt_handle_that_is_none_is_named(sqs: Any, queue: str) -> None:
    """Reported of AWS: ReceiptHandleIsInvalid."""
    words = 'The input receipt handle "none" is not a valid receipt handle.'
    refused = refusal_of(sqs.delete_message, QueueUrl=queue, ReceiptHandle="none")
    assert refused[1:] == ("ReceiptHandleIsInvalid", words)


@pytest.mark.parametrize("content_based", ["true", "false"])
def test_messages_of_a_fifo_queue_are_numbered_in_their_order(
    sqs: Any, unique_name: str, content_based: str
) -> None:
    """API_SendMessage, SequenceNumber: "The length of SequenceNumber is 128 bits"; it increases."""
    attributes = {"FifoQueue": "true", "ContentBasedDeduplication": content_based}
    queue = sqs.create_queue(QueueName=f"{unique_name}.fifo", Attributes=attributes)["QueueUrl"]
    sent = []
    for body in ("1", "2", "3"):
        own = {} if content_based == "true" else {"MessageDeduplicationId": body}
        message = {"MessageBody": body, "MessageGroupId": "g", **own}
        sent.append(sqs.send_message(QueueUrl=queue, **message)["SequenceNumber"])
    assert sent == sorted(sent, key=int)
    found = sqs.receive_message(QueueUrl=queue, AttributeNames=["All"])["Messages"][0]
    assert found["Attributes"]["SequenceNumber"] == sent[0]
    sqs.delete_queue(QueueUrl=queue)


def test_a_queue_without_tags_shows_none(sqs: Any, queue: str) -> None:
    """API_ListQueueTags; recorded from AWS: no Tags."""
    assert "Tags" not in sqs.list_queue_tags(QueueUrl=queue)


@pytest.mark.parametrize("most", [0, 1001])
def test_a_page_has_one_to_a_thousand_queues(sqs: Any, queue: str, most: int) -> None:
    """API_ListQueues, API_ListDeadLetterSourceQueues: MaxResults."""
    words = "Value for parameter MaxResults is invalid. Reason: MaxResults must be an integer"
    refused = (400, "InvalidParameterValue", f"{words} between 1 and 1000.")
    assert refusal_of(sqs.list_queues, MaxResults=most) == refused
    sources = sqs.list_dead_letter_source_queues
    assert refusal_of(sources, QueueUrl=queue, MaxResults=most) == refused


def test_a_dead_letter_shows_where_it_died(sqs: Any, queue: str, unique_name: str) -> None:
    """API_ReceiveMessage: MessageSystemAttributeName, DeadLetterQueueSourceArn."""
    named = {"QueueUrl": queue, "AttributeNames": ["QueueArn"]}
    letters = sqs.get_queue_attributes(**named)["Attributes"]["QueueArn"]
    policy = json.dumps({"deadLetterTargetArn": letters, "maxReceiveCount": 1})
    attributes = {"RedrivePolicy": policy, "VisibilityTimeout": "0"}
    source = sqs.create_queue(QueueName=f"{unique_name}-source", Attributes=attributes)["QueueUrl"]
    sqs.send_message(QueueUrl=source, MessageBody="m")
    (alive,) = sqs.receive_message(QueueUrl=source, MessageSystemAttributeNames=["All"])["Messages"]
    assert "DeadLetterQueueSourceArn" not in alive["Attributes"]
    assert "Messages" not in sqs.receive_message(QueueUrl=source)
    (dead,) = sqs.receive_message(
        QueueUrl=queue, MessageSystemAttributeNames=["DeadLetterQueueSourceArn"]
    )["Messages"]
    assert dead["Attributes"] == {"DeadLetterQueueSourceArn": f"{letters}-source"}
    sqs.delete_queue(QueueUrl=source)


def test_system_attributes_have_a_digest_of_their_own(sqs: Any, queue: str) -> None:
    """API_SendMessage: MD5OfMessageSystemAttributes, by the same rules as that of attributes."""
    trace = {"DataType": "String", "StringValue": "Root=1-0-0"}
    message = {"MessageBody": "m", "MessageSystemAttributes": {"AWSTraceHeader": trace}}
    sent = sqs.send_message(QueueUrl=queue, **message)
    likewise = {"MessageBody": "m", "MessageAttributes": {"AWSTraceHeader": trace}}
    own = sqs.send_message(QueueUrl=queue, **likewise)["MD5OfMessageAttributes"]
    batch = sqs.send_message_batch(QueueUrl=queue, Entries=[{"Id": "1", **message}])
    assert sent["MD5OfMessageSystemAttributes"] == own
    assert batch["Successful"][0]["MD5OfMessageSystemAttributes"] == own
    assert "MD5OfMessageSystemAttributes" not in sqs.send_message(QueueUrl=queue, MessageBody="m")


def test_a_deleted_message_has_no_visibility_to_change(sqs: Any, queue: str) -> None:
    """Reported of AWS: InvalidParameterValue, where a handle that is none is named."""
    sqs.send_message(QueueUrl=queue, MessageBody="m")
    (message,) = sqs.receive_message(QueueUrl=queue)["Messages"]
    handle = {"QueueUrl": queue, "ReceiptHandle": message["ReceiptHandle"]}
    for _ in range(2):
        sqs.delete_message(**handle)
    reason = "Message does not exist or is not available for visibility timeout change."
    words = f"Value {message['ReceiptHandle']} for parameter ReceiptHandle is invalid. "
    refused = refusal_of(sqs.change_message_visibility, **handle, VisibilityTimeout=1)
    assert refused == (400, "InvalidParameterValue", f"{words}Reason: {reason}")


def sender_of(client: Any, url: str) -> str:
    asked = {"MessageSystemAttributeNames": ["SenderId"], "VisibilityTimeout": 60}
    (message,) = client.receive_message(QueueUrl=url, **asked)["Messages"]
    client.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return str(message["Attributes"]["SenderId"])


def test_the_sender_is_the_caller(
    aws: Any, sqs: Any, queue: str, session: Callable[..., dict[str, str]]
) -> None:
    """API_ReceiveMessage: SenderId, of a role's session and of the account's own keys."""
    sqs.send_message(QueueUrl=queue, MessageBody="m")
    assert sender_of(sqs, queue) == aws("sts").get_caller_identity()["UserId"]
    keys = session(allow(["sqs:*"]))
    role = aws("sts", **keys).get_caller_identity()["UserId"]
    aws("sqs", **keys).send_message(QueueUrl=queue, MessageBody="m")
    assert sender_of(sqs, queue) == role
    entries = [{"Id": "1", "MessageBody": "m"}]
    aws("sqs", **keys).send_message_batch(QueueUrl=queue, Entries=entries)
    assert sender_of(sqs, queue) == role
