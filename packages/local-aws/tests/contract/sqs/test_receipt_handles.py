"""Receipt handles of messages."""

from __future__ import annotations

import time
from typing import Any

import pytest
from refusals import refusal_of

EXPIRED = "Reason: The receipt handle has expired."


@pytest.fixture
def sqs(aws: Any) -> Any:
    return aws("sqs")


def received(sqs: Any, url: str, **asked: Any) -> str:
    return str(sqs.receive_message(QueueUrl=url, **asked)["Messages"][0]["ReceiptHandle"])


def test_an_expired_handle_of_a_fifo_queue_deletes_nothing(sqs: Any, unique_name: str) -> None:
    """Recorded from AWS: InvalidParameterValue; API_DeleteMessageBatch: as an entry's error."""
    attributes = {"FifoQueue": "true", "ContentBasedDeduplication": "true"}
    made = sqs.create_queue(QueueName=f"{unique_name}.fifo", Attributes=attributes)
    url = made["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="1", MessageGroupId="1")
    handle = received(sqs, url, VisibilityTimeout=1)
    time.sleep(1.1)  # nothing tells that a message is visible again without receiving it
    status, code, words = refusal_of(sqs.delete_message, QueueUrl=url, ReceiptHandle=handle)
    assert (status, code) == (400, "InvalidParameterValue")
    assert words.endswith(EXPIRED)
    newer = received(sqs, url)
    entries = [{"Id": "old", "ReceiptHandle": handle}, {"Id": "new", "ReceiptHandle": newer}]
    answer = sqs.delete_message_batch(QueueUrl=url, Entries=entries)
    assert answer["Successful"] == [{"Id": "new"}]
    failed = answer["Failed"][0]
    assert (failed["Id"], failed["Code"]) == ("old", "InvalidParameterValue")
    sqs.delete_message(QueueUrl=url, ReceiptHandle=newer)


def test_an_earlier_handle_of_a_standard_queue_deletes(sqs: Any, unique_name: str) -> None:
    """API_DeleteMessage: a request with a handle that is not the newest succeeds."""
    url = sqs.create_queue(QueueName=unique_name)["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="1")
    handle = received(sqs, url, VisibilityTimeout=0)
    sqs.delete_message(QueueUrl=url, ReceiptHandle=handle)
    assert "Messages" not in sqs.receive_message(QueueUrl=url)


def test_a_batch_to_a_fifo_queue_names_groups(sqs: Any, unique_name: str) -> None:
    """Recorded from AWS: InvalidParameterValue, where SendMessage has MissingParameter."""
    attributes = {"FifoQueue": "true", "ContentBasedDeduplication": "true"}
    made = sqs.create_queue(QueueName=f"{unique_name}.fifo", Attributes=attributes)
    url, words = made["QueueUrl"], "The request must contain the parameter MessageGroupId."
    entries = [{"Id": "1", "MessageBody": "1"}]
    refused = refusal_of(sqs.send_message_batch, QueueUrl=url, Entries=entries)
    assert refused == (400, "InvalidParameterValue", words)
    refused = refusal_of(sqs.send_message, QueueUrl=url, MessageBody="1")
    assert refused == (400, "MissingParameter", words)
