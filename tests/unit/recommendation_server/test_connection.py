"""When a worker gets a connection: never before its client has done what it must."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from recommendation_server.connection import LARGEST_HEAD_BYTES, Connection

HEAD = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
SERVER = SimpleNamespace(peercreds_enabled=False, peercreds_resolve_enabled=False)


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, Connection]]:
    """A client, and the server's side of its connection."""
    client, served = socket.socketpair()
    connection = Connection(SERVER, served)
    with client:
        yield client, connection
    connection.close()


@pytest.mark.parametrize(
    ("received", "ready"),
    [
        (b"", False),
        (b"\r\n", False),
        (b"GET / HTTP/1.1\r\n", False),
        (HEAD[:-1], False),
        (HEAD, True),
        (HEAD + HEAD[:-1], True),
        (b"\r\n" + HEAD, True),
        (b"GET / HTTP/1.1\nHost: x\n\n", True),
        (b"x" * LARGEST_HEAD_BYTES, False),
        (b"x" * (LARGEST_HEAD_BYTES + 1), True),
    ],
)
def test_a_worker_gets_a_head_that_is_whole_or_refused(
    pair: tuple[socket.socket, Connection], received: bytes, ready: bool
) -> None:
    client, connection = pair
    for begin in range(0, len(received), 1000):
        client.sendall(received[begin : begin + 1000])
        connection.receive()
    assert connection.is_ready() == ready


def test_what_a_worker_leaves_is_the_begin_of_the_next_head(
    pair: tuple[socket.socket, Connection],
) -> None:
    client, connection = pair
    client.sendall(HEAD + HEAD[:9])
    connection.receive()
    assert b"".join(connection.rfile.readline() for _ in range(3)) == HEAD
    assert not connection.is_ready()
    client.sendall(HEAD[9:])
    connection.receive()
    assert connection.is_ready()
    assert connection.rfile.read() == HEAD


def test_a_client_that_does_not_read_gets_no_worker(pair: tuple[socket.socket, Connection]) -> None:
    client, connection = pair
    client.sendall(HEAD)
    connection.receive()
    connection.socket.setblocking(False)
    with contextlib.suppress(BlockingIOError):
        while connection.socket.send(b"x" * 4096):
            pass
    assert not connection.is_ready()
    client.setblocking(False)
    with contextlib.suppress(BlockingIOError):
        while client.recv(65536):
            pass
    assert connection.is_ready()


@pytest.mark.parametrize("received", [b"", HEAD[:9]])
def test_a_client_that_goes_is_noticed(
    pair: tuple[socket.socket, Connection], received: bytes
) -> None:
    client, connection = pair
    client.sendall(received + b"\r\n")
    connection.receive()
    client.shutdown(socket.SHUT_WR)
    connection.receive()
    connection.rfile.readline()
    assert connection.is_over()


def test_to_receive_waits_for_nothing(pair: tuple[socket.socket, Connection]) -> None:
    _, connection = pair
    connection.receive()
    assert not connection.is_over()


def test_it_waits_since_the_first_byte_of_a_request(
    pair: tuple[socket.socket, Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, connection = pair
    for now, piece in enumerate((HEAD[:3], HEAD[3:6], HEAD[6:])):
        monkeypatch.setattr("time.monotonic", lambda now=now: now)
        client.sendall(piece)
        connection.receive()
        assert connection.waits_since == 0
