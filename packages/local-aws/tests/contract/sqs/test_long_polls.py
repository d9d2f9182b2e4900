"""Requests that wait for messages, beside others."""

from __future__ import annotations

import socket
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.config import Config
from refusals import refusal_of

from local_aws.contract.credentials import AccessKey
from local_aws.control_plane import service_connections
from local_aws.control_plane.endpoint.server import ControlPlaneServer

_CONSUMERS = 60
"""More than the endpoint has threads."""


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


def test_a_queue_that_is_purged_is_waited_for_as_before(sqs: Any, queue: str) -> None:
    """API_PurgeQueue: messages sent before it are not received."""
    sqs.send_message(QueueUrl=queue, MessageBody="purged", DelaySeconds=1)
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(sqs.receive_message, QueueUrl=queue, WaitTimeSeconds=3)
        sqs.purge_queue(QueueUrl=queue)
        assert "Messages" not in waiting.result()


def test_a_queue_s_own_wait_is_for_requests_without_one(sqs: Any, queue: str) -> None:
    """API_SetQueueAttributes: ReceiveMessageWaitTimeSeconds."""
    own = {"ReceiveMessageWaitTimeSeconds": "1"}
    sqs.set_queue_attributes(QueueUrl=queue, Attributes=own)
    begun = time.monotonic()
    assert "Messages" not in sqs.receive_message(QueueUrl=queue)
    assert time.monotonic() - begun >= 1
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"ReceiveMessageWaitTimeSeconds": "20"})
    begun = time.monotonic()
    assert "Messages" not in sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=0)
    assert time.monotonic() - begun < 10


def test_a_group_whose_message_is_deleted_goes_on_to_those_who_wait(
    sqs: Any, unique_name: str
) -> None:
    """SQS Developer Guide, "FIFO queue delivery logic": one batch of a group is in flight."""
    attributes = {"FifoQueue": "true", "ContentBasedDeduplication": "true"}
    queue = sqs.create_queue(QueueName=f"{unique_name}.fifo", Attributes=attributes)["QueueUrl"]
    for body, group in (("a1", "a"), ("a2", "a"), ("b1", "b")):
        sqs.send_message(QueueUrl=queue, MessageBody=body, MessageGroupId=group)
    [first] = sqs.receive_message(QueueUrl=queue)["Messages"]
    [other] = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=20)["Messages"]
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(sqs.receive_message, QueueUrl=queue, WaitTimeSeconds=20)
        time.sleep(0.3)
        assert not waiting.done()
        sqs.delete_message(QueueUrl=queue, ReceiptHandle=first["ReceiptHandle"])
        [second] = waiting.result()["Messages"]
    assert [each["Body"] for each in (first, other, second)] == ["a1", "b1", "a2"]
    sqs.delete_queue(QueueUrl=queue)


def test_many_who_wait_keep_nobody_waiting(
    control_plane: ControlPlaneServer, administrators_key: AccessKey, sqs: Any, queue: str
) -> None:
    """SQS Developer Guide, "short and long polling": each message goes to one consumer."""
    crowd = _sqs(control_plane, administrators_key, max_pool_connections=_CONSUMERS)
    with ThreadPoolExecutor(_CONSUMERS) as pool:
        waiting = [
            pool.submit(crowd.receive_message, QueueUrl=queue, WaitTimeSeconds=20)
            for _ in range(_CONSUMERS)
        ]
        time.sleep(2)
        begun = time.monotonic()
        for number in range(_CONSUMERS):
            sqs.send_message(QueueUrl=queue, MessageBody=str(number))
        bodies = Counter(each.result()["Messages"][0]["Body"] for each in waiting)
        took = time.monotonic() - begun
    assert bodies == Counter(str(number) for number in range(_CONSUMERS))
    assert took < 15


def test_a_consumer_that_has_left_takes_no_message(
    control_plane: ControlPlaneServer, administrators_key: AccessKey, sqs: Any, queue: str
) -> None:
    """A message that it took would be in flight, and seen by nobody, for half a minute."""
    leaving = _sqs(control_plane, administrators_key, read_timeout=1)
    with pytest.raises(Exception, match="timeout"):
        leaving.receive_message(QueueUrl=queue, WaitTimeSeconds=20)
    time.sleep(0.5)
    sqs.send_message(QueueUrl=queue, MessageBody="for those who are here")
    time.sleep(0.5)
    assert len(sqs.receive_message(QueueUrl=queue)["Messages"]) == 1


def test_those_who_wait_do_not_hold_up_the_end(administrators_key: AccessKey, queue: str) -> None:
    """They are answered as if nothing had come."""
    server = ControlPlaneServer(administrators_key, service_connections.HOOKS)
    server.start()
    client = _sqs(server, administrators_key)
    there = queue.replace(urlsplit(queue).netloc, urlsplit(server.endpoint).netloc)
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(client.receive_message, QueueUrl=there, WaitTimeSeconds=20)
        time.sleep(1)
        begun = time.monotonic()
        server.stop()
        assert time.monotonic() - begun < 1.5
        assert "Messages" not in waiting.result()
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", urlsplit(server.endpoint).port or 0))


def _sqs(server: ControlPlaneServer, key: AccessKey, **settings: Any) -> Any:
    return boto3.client(
        "sqs",
        region_name="us-east-1",
        endpoint_url=server.endpoint,
        config=Config(retries={"total_max_attempts": 1}, **settings),
        aws_access_key_id=key.access_key_id,
        aws_secret_access_key=key.secret_access_key,
    )
