"""How large messages and batches of them may be: bodies and attributes, in bytes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from refusals import refusal_of

SMALLEST, MOST = 1024, 1_048_576
TEXT = {"DataType": "String", "StringValue": "x"}
OF_TEXT = len("kStringx")
TOO_LARGE = f"One or more parameters are invalid. Reason: Message must be shorter than {SMALLEST}"


@pytest.fixture
def sqs(unchecked: Any) -> Any:
    return unchecked("sqs")


@pytest.fixture
def small(sqs: Any, unique_name: str) -> Iterator[str]:
    """A queue of small messages."""
    attributes = {"MaximumMessageSize": str(SMALLEST)}
    url = sqs.create_queue(QueueName=unique_name, Attributes=attributes)["QueueUrl"]
    yield url
    sqs.delete_queue(QueueUrl=url)


def test_a_messages_size_is_that_of_its_bytes_and_attributes(sqs: Any, small: str) -> None:
    """SQS Developer Guide, "Amazon SQS message quotas"; recorded from AWS."""
    refused = (400, "InvalidParameterValue", f"{TOO_LARGE} bytes.")
    fits = "a" * (SMALLEST - OF_TEXT)
    given = {"QueueUrl": small, "MessageAttributes": {"k": TEXT}}
    sqs.send_message(**given, MessageBody=fits)
    assert refusal_of(sqs.send_message, **given, MessageBody=f"{fits}a") == refused
    sqs.send_message(QueueUrl=small, MessageBody="\u00e4" * (SMALLEST // 2))
    assert refusal_of(sqs.send_message, QueueUrl=small, MessageBody="\u00e4" * 513) == refused


def test_a_message_that_its_queue_does_not_take_fails_alone(sqs: Any, small: str) -> None:
    """API_SendMessageBatch: "the result of sending each message is reported individually"."""
    entries = [
        {"Id": "large", "MessageBody": "a" * (SMALLEST + 1)},
        {"Id": "fits", "MessageBody": "a" * SMALLEST},
        {"Id": "odd", "MessageBody": "\x01"},
    ]
    answer = sqs.send_message_batch(QueueUrl=small, Entries=entries)
    assert [each["Id"] for each in answer["Successful"]] == ["fits"]
    large, odd = answer["Failed"]
    assert large == {
        "Id": "large",
        "SenderFault": True,
        "Code": "InvalidParameterValue",
        "Message": f"{TOO_LARGE} bytes.",
    }
    assert (odd["Id"], odd["Code"]) == ("odd", "InvalidMessageContents")
    (message,) = sqs.receive_message(QueueUrl=small, MaxNumberOfMessages=10)["Messages"]
    assert message["Body"] == "a" * SMALLEST


def test_the_messages_of_a_batch_have_a_mebibyte(sqs: Any, small: str) -> None:
    """API_SendMessageBatch: BatchRequestTooLong; the words are those that were recorded of AWS."""
    one = {"Id": "1", "MessageBody": "a" * (MOST - OF_TEXT), "MessageAttributes": {"k": TEXT}}
    entries = [one, {"Id": "2", "MessageBody": "a"}]
    status, code, words = refusal_of(sqs.send_message_batch, QueueUrl=small, Entries=entries)
    assert (status, code.rpartition(".")[2]) == (400, "BatchRequestTooLong")
    assert (
        words
        == f"Batch requests cannot be longer than {MOST} bytes. You have sent {MOST + 1} bytes."
    )
    assert "Messages" not in sqs.receive_message(QueueUrl=small)
