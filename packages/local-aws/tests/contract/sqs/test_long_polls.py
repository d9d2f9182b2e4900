"""Requests that wait for messages, beside others."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from refusals import refusal_of


@pytest.fixture
def queue(sqs: Any, unique_name: str) -> Iterator[str]:
    url = sqs.create_queue(QueueName=unique_name)["QueueUrl"]
    yield url
    if url in sqs.list_queues(QueueNamePrefix=unique_name).get("QueueUrls", []):
        sqs.delete_queue(QueueUrl=url)


@pytest.fixture
def sqs(aws: Any) -> Any:
    return aws("sqs")


def test_a_message_that_comes_ends_the_wait(sqs: Any, queue: str) -> None:
    """SQS Developer Guide, "short and long polling": returns once a message arrives."""
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(sqs.receive_message, QueueUrl=queue, WaitTimeSeconds=20)
        time.sleep(0.5)
        begun = time.monotonic()
        sqs.send_message(QueueUrl=queue, MessageBody="late")
        sent_after = time.monotonic() - begun
        [message] = waiting.result()["Messages"]
        received_after = time.monotonic() - begun
    assert message["Body"] == "late"
    assert sent_after < 10
    assert received_after < 10


def test_a_message_that_is_visible_again_ends_the_wait(sqs: Any, queue: str) -> None:
    """API_ReceiveMessage: VisibilityTimeout, WaitTimeSeconds."""
    sqs.send_message(QueueUrl=queue, MessageBody="again")
    sqs.receive_message(QueueUrl=queue, VisibilityTimeout=1)
    again = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=10)
    assert [each["Body"] for each in again["Messages"]] == ["again"]


def test_nothing_comes_after_the_wait(sqs: Any, queue: str) -> None:
    """API_ReceiveMessage: WaitTimeSeconds."""
    begun = time.monotonic()
    assert "Messages" not in sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=1)
    assert time.monotonic() - begun >= 1


def test_a_queue_that_is_deleted_ends_the_wait(sqs: Any, queue: str) -> None:
    """API_ReceiveMessage: QueueDoesNotExist."""
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(refusal_of, sqs.receive_message, QueueUrl=queue, WaitTimeSeconds=20)
        time.sleep(0.5)
        sqs.delete_queue(QueueUrl=queue)
        assert waiting.result()[1] == "AWS.SimpleQueueService.NonExistentQueue"
