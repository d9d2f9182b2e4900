"""Messages to HTTP subscribers: delivered after the request, and never in its way."""

from __future__ import annotations

import contextlib
import json
import queue
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

LONG_SECONDS = 30.0


@pytest.fixture
def publish(aws: Any, unique_name: str) -> Iterator[Callable[[str, str], None]]:
    """Publish a message on a topic that this URL subscribes to."""
    sns = aws("sns")
    topic = sns.create_topic(Name=unique_name)["TopicArn"]

    def published(url: str, message: str) -> None:
        sns.subscribe(TopicArn=topic, Protocol="http", Endpoint=url)
        sns.publish(TopicArn=topic, Message=message)

    yield published
    sns.delete_topic(TopicArn=topic)


def test_an_http_subscriber_gets_each_message(publish: Callable[[str, str], None]) -> None:
    """https://docs.aws.amazon.com/sns/latest/dg/sns-http-https-endpoint-as-subscriber.html"""
    received: queue.Queue[dict[str, Any]] = queue.Queue()

    class Subscriber(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Subscriber) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        publish(f"http://127.0.0.1:{server.server_address[1]}/", "hello")
        assert received.get(timeout=LONG_SECONDS)["Message"] == "hello"
        server.shutdown()


def test_a_subscriber_that_does_not_answer_is_in_nobodys_way(
    aws: Any, publish: Callable[[str, str], None]
) -> None:
    """Amazon SNS message delivery retries: publishing does not wait for subscribers."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(LONG_SECONDS)
        publish(f"http://127.0.0.1:{silent.getsockname()[1]}/", "hello")
        with silent.accept()[0]:  # it was asked, and has not answered
            assert aws("ec2").describe_vpcs()["Vpcs"]


def test_a_subscriber_that_is_not_there_fails_no_request(
    publish: Callable[[str, str], None],
) -> None:
    """As above."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    publish(f"http://127.0.0.1:{port}/", "hello")


def test_an_answer_without_an_end_is_not_waited_for(publish: Callable[[str, str], None]) -> None:
    """As above: what a subscriber says beside its status is of no interest."""
    hung_up = threading.Event()

    class Endless(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(200)
            self.end_headers()
            with contextlib.suppress(ConnectionError):
                while True:
                    self.wfile.write(b"and so on ")
                    time.sleep(0.01)
            hung_up.set()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Endless) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        publish(f"http://127.0.0.1:{server.server_address[1]}/", "hello")
        assert hung_up.wait(LONG_SECONDS)
        server.shutdown()
