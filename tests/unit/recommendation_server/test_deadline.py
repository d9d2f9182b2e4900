"""A call to AWS ends in time whatever hangs: the name, the connection, the head, the body."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.credentials import ReadOnlyCredentials
from server_process import wait_until

from recommendation_server import config, exchange
from recommendation_server.aws import CONNECT_SECONDS, READ_SECONDS, Access, Client, OutageError

SECONDS = CONNECT_SECONDS + READ_SECONDS
MARGIN_SECONDS = 0.5  # for a machine that is busy; each drip takes ten seconds
WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
Drip = tuple[bytes, bytes, float]  # sent at once; then one byte of it each so many seconds

DRIPS: dict[str, Drip] = {
    "silence": (b"", b"", 0.0),
    "status line": (b"HTTP/1.", b"1" * 200, 0.05),
    "headers": (b"HTTP/1.1 200 OK\r\n", b"A: b\r\n" * 90, 0.05),
    "body": (b"HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\n", b" " * 200, 0.05),
    "chunks": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n" * 90, 0.05),
    "a stream": (b"HTTP/1.1 200 OK\r\n\r\n", b" " * 200, 0.05),
}


class Table:
    """Reads a request and drips its answer, or answers properly where `drip` is None."""

    def __init__(self) -> None:
        self.drip: Drip | None = None
        self.connections = 0
        self._clients: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self.connections += 1
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        self._clients.add(client)
        with client, contextlib.suppress(OSError):
            while _request(client):
                if not self.drip:
                    client.sendall(WHOLE)
                    continue
                at_once, slowly, pause = self.drip
                client.sendall(at_once)
                for byte in slowly:
                    time.sleep(pause)
                    client.sendall(bytes([byte]))
        self._clients.discard(client)

    @property
    def open(self) -> int:
        return len(self._clients)

    def hang_up(self) -> None:
        for client in list(self._clients):
            client.shutdown(socket.SHUT_RDWR)
        wait_until(lambda: not self.open)

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


def _request(client: socket.socket) -> bytes:
    """One whole request, whose body is {}; empty when the client is gone."""
    received = piece = b""
    while not received.endswith(b"\r\n\r\n{}") and (piece := client.recv(65536)):
        received += piece
    return piece and received


@pytest.fixture
def table() -> Iterator[Table]:
    running = Table()
    yield running
    running.close()


@pytest.fixture
def client(table: Table, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr(config, "AWS_ENDPOINT", f"http://127.0.0.1:{table.port}")
    access = Access()
    access.region = "us-east-1"
    access.credentials = ReadOnlyCredentials("ASIAEXAMPLE", "secret", "token")
    return Client(access, "dynamodb")


def outage_seconds(client: Client) -> float:
    """How long a call took that failed as it must."""
    begun_at = time.monotonic()
    with pytest.raises(OutageError):
        client.call("GetItem")
    return time.monotonic() - begun_at


@pytest.mark.parametrize("where", DRIPS)
def test_a_reply_that_drips_is_an_outage_within_the_deadline(
    table: Table, client: Client, where: str
) -> None:
    table.drip = DRIPS[where]
    assert outage_seconds(client) < SECONDS + MARGIN_SECONDS
    table.drip = None
    assert client.call("GetItem") == {}


def test_a_name_that_is_not_resolved_is_an_outage_within_the_deadline(
    table: Table, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve, answers = socket.getaddrinfo, threading.Event()

    def resolver(_host: str, *arguments: object, **options: object) -> object:
        if not answers.is_set():
            answers.wait(10)
        return resolve("127.0.0.1", *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    monkeypatch.setattr(config, "AWS_ENDPOINT", f"http://dynamodb.example:{table.port}")
    assert outage_seconds(client) < SECONDS + MARGIN_SECONDS
    answers.set()
    assert client.call("GetItem") == {}


def exchange_threads() -> set[threading.Thread]:
    """Those of other tests' clients among them, which may end at any time."""
    return {thread for thread in threading.enumerate() if thread.name == "exchange"}


def test_threads_that_hang_are_bounded_and_end_once_they_can(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The resolver holds each thread for longer than the calls go on."""
    resolve, answers = socket.getaddrinfo, threading.Event()
    before = exchange_threads()

    def resolver(*arguments: object, **options: object) -> object:
        answers.wait(30)
        return resolve(*arguments, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    calls = 2 * exchange._AT_ONCE
    with ThreadPoolExecutor(calls) as pool:
        seconds = list(pool.map(lambda _: outage_seconds(client), range(calls)))
    assert max(seconds) < SECONDS + MARGIN_SECONDS
    assert len(exchange_threads() - before) == exchange._AT_ONCE
    assert outage_seconds(client) < MARGIN_SECONDS, "one more is refused at once"
    answers.set()
    wait_until(lambda: exchange_threads() <= before)
    assert client.call("GetItem") == {}


def test_a_reply_that_drips_for_ever_holds_neither_thread_nor_connection(
    table: Table, client: Client
) -> None:
    table.drip = (b"HTTP/1.1 200 OK\r\n", b"A: b\r\n" * 10_000, 0.05)
    before = exchange_threads()
    for _ in range(3):
        outage_seconds(client)
    wait_until(lambda: exchange_threads() <= before)
    wait_until(lambda: table.open == 0)


def test_a_server_that_speaks_no_tls_is_an_outage_within_the_deadline(
    table: Table, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    table.drip = DRIPS["silence"]
    monkeypatch.setattr(config, "AWS_ENDPOINT", f"https://127.0.0.1:{table.port}")
    assert outage_seconds(client) < SECONDS + MARGIN_SECONDS


def test_a_connection_is_kept_until_the_service_closes_it(table: Table, client: Client) -> None:
    for _ in range(5):
        assert client.call("GetItem") == {}
    assert table.connections == 1
    table.hang_up()
    assert client.call("GetItem") == {}
    assert table.connections == 2


def test_more_than_a_megabyte_is_no_answer(table: Table, client: Client) -> None:
    size = (1 << 20) + 1
    table.drip = (b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size + b" " * size, b"", 0)
    with pytest.raises(OutageError, match="EndlessReplyError"):
        client.call("GetItem")


def test_an_exchange_that_ends_while_it_is_given_up_is_no_error() -> None:
    """Its thread forgets the socket in the moment between two looks at it."""

    class Ending(exchange._Line):
        @property
        def _socket(self) -> socket.socket | None:
            found, self._left = self._left, None
            return found

        @_socket.setter
        def _socket(self, found: socket.socket | None) -> None:
            self._left = found

    ours, theirs = socket.socketpair()
    with ours, theirs:
        line = Ending(CONNECT_SECONDS, READ_SECONDS, threading.Semaphore())
        line._socket = ours
        line.give_up()
        assert theirs.recv(1) == b""  # it was shut down all the same
