"""What the local AWS's HTTP server adds to waitress, over real sockets."""

from __future__ import annotations

import contextlib
import http.client
import logging
import socket
import threading
import time
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from crowd import answer, crowd

from local_aws.host import http_server
from local_aws.host.http_server import CLIENT_IS_GONE, FIELDS, HttpServer

BODY_BYTES = 100_000


def _application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    body = environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Length", str(len(body))), ("x-amz-meta-aB", "1")])
    return [body]


def _server(**changes: int) -> HttpServer:
    limits = {"threads": 2, "connections": 50, "body_bytes": BODY_BYTES, "bodies_bytes": 10**9}
    return HttpServer("test", **{**limits, **changes})


@pytest.fixture
def port() -> Iterator[int]:
    server = _server(connections=1000)
    yield server.listen("127.0.0.1", 0, _application).number
    server.stop()


def _get(port: int, seconds: float = 5) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status
    finally:
        connection.close()


def test_silent_and_half_sent_connections_hold_up_nobody(port: int) -> None:
    with crowd(port):
        for _ in range(20):
            begun_at = time.monotonic()
            assert _get(port) == 200
            assert time.monotonic() - begun_at < 1


def test_more_connections_than_there_may_be_close_the_one_that_has_waited_longest() -> None:
    server = _server(connections=20)
    port = server.listen("127.0.0.1", 0, _application).number
    try:
        with (
            socket.create_connection(("127.0.0.1", port), timeout=5) as first,
            crowd(port, silent=30, half_sent=30),
        ):
            assert first.recv(1) == b""
            assert _get(port) == 200
    finally:
        server.stop()


def test_a_request_that_is_being_answered_is_never_closed_for_another() -> None:
    asked, go_on = threading.Event(), threading.Event()

    def slow(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        asked.set()
        assert go_on.wait(10)
        return _application(environ, start_response)

    server = _server(connections=20)
    slow_port = server.listen("127.0.0.1", 0, slow).number
    port = server.listen("127.0.0.1", 0, _application).number
    statuses: list[int] = []
    asking = threading.Thread(target=lambda: statuses.append(_get(slow_port, 10)))
    asking.start()
    try:
        assert asked.wait(10)
        with crowd(port, silent=30, half_sent=30):
            assert _get(port) == 200
        go_on.set()
        asking.join()
    finally:
        go_on.set()
        server.stop()
    assert statuses == [200]


def test_a_request_must_arrive_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_server, "_REQUEST_SECONDS", 0.2)
    monkeypatch.setattr(http_server, "_CHECK_SECONDS", 0)
    server = _server()
    port = server.listen("127.0.0.1", 0, _application).number
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=10) as silent:
            assert silent.recv(1) == b""
    finally:
        server.stop()


def test_bodies_that_are_too_much_together_lose_the_oldest() -> None:
    server = _server(body_bytes=10**8, bodies_bytes=4 * 1024**2)
    port = server.listen("127.0.0.1", 0, _application).number
    head = b"POST / HTTP/1.1\r\nContent-Length: 90000000\r\n\r\n"
    try:
        with (
            socket.create_connection(("127.0.0.1", port), timeout=10) as first,
            socket.create_connection(("127.0.0.1", port), timeout=10) as second,
        ):
            for connection in (first, second):
                connection.sendall(head + b"x" * 3 * 1024**2)
            with contextlib.suppress(ConnectionResetError):  # as it had not read all of it
                assert first.recv(1) == b""
            assert _get(port) == 200
    finally:
        server.stop()


_POST = b"POST / HTTP/1.1\r\n"
_CHUNKED = _POST + b"Transfer-Encoding: chunked\r\n"
_TOO_MANY_CHUNKS = (b"ffff\r\n" + b"x" * 65_535 + b"\r\n") * 2 + b"0\r\n\r\n"


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (_POST + b"Content-Length: -1\r\n\r\n", 400),
        (_POST + b"Content-Length: many\r\n\r\n", 400),
        (_POST + b"Content-Length: +5\r\n\r\nabcde", 400),
        (_POST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400),
        (_POST + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n", 400),
        (_POST + b"Content-Length: 999999999999\r\n\r\n", 413),
        (_CHUNKED + b"Content-Length: 5\r\n\r\n0\r\n\r\n", 400),
        (_POST + b"Transfer-Encoding: gzip\r\n\r\n", 400),
        (_POST + b"Transfer-Encoding: chunked, chunked\r\n\r\nZZ\r\n\r\n", 400),
        (_CHUNKED + b"\r\n-5\r\nabcde\r\n0\r\n\r\n", 400),
        (_CHUNKED + b"\r\n5\r\nabcde\r\n0\r\n\r\n", 200),
        (_CHUNKED + b"\r\n" + _TOO_MANY_CHUNKS, 413),
        (b"GET / HTTP/1.1\r\nX: " + b"x" * 70_000 + b"\r\n\r\n", 431),
        (b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 20_000 + b"\r\n", 431),
        (b"GET / HTTP/1.1\r\n continued: x\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nno colon\r\n\r\n", 400),
        (b"GET / HTTP/9.9\r\n\r\n", 200),
        (b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", 400),
        (b"\x00\xff\r\n\r\n", 400),
        (b"PUT / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 0\r\n\r\n", 200),
    ],
)
def test_whatever_is_sent_is_answered_without_a_traceback(
    port: int, caplog: pytest.LogCaptureFixture, request_: bytes, status: int
) -> None:
    """RFC 9112; RFC 6585 for 431."""
    with caplog.at_level(logging.WARNING):
        assert answer(port, request_).split(b" ", 2)[1] == str(status).encode()
    assert "Traceback" not in caplog.text
    assert _get(port) == 200


def test_header_fields_come_and_go_as_they_are() -> None:
    seen: list[list[tuple[str, str]]] = []

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        seen.append(environ[FIELDS])
        return _application(environ, start_response)

    server = _server()
    port = server.listen("127.0.0.1", 0, application).number
    try:
        text = answer(port, b"GET / HTTP/1.1\r\nX_a: 1\r\nX-A:  2  3 \r\nX-a: \xc3\xbc\r\n\r\n")
    finally:
        server.stop()
    assert seen == [[("x_a", "1"), ("x-a", "2  3"), ("x-a", "ü")]]
    assert b"\r\nx-amz-meta-aB: 1\r\n" in text


@pytest.mark.parametrize("headers", [[("Content-Length", "5")], []], ids=["length", "chunked"])
def test_a_reply_to_head_has_no_body(headers: list[tuple[str, str]]) -> None:
    """RFC 9110, 9.3.2. A client took what followed the head for the reply to its next request."""

    def application(_: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response("403 Forbidden", headers)
        return iter([b"Error"])

    server = _server()
    port = server.listen("127.0.0.1", 0, application).number
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(b"HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            received = b"".join(iter(lambda: connection.recv(1000), b""))
    finally:
        server.stop()
    assert received.startswith(b"HTTP/1.1 403 Forbidden\r\n")
    assert received.partition(b"\r\n\r\n")[2] == b""


def test_a_port_can_be_withdrawn_and_served_again(port: int) -> None:
    server = _server()
    first = server.listen("127.0.0.1", 0, _application)
    try:
        with socket.create_connection(("127.0.0.1", first.number), timeout=5) as kept:
            assert _get(first.number) == 200
            server.withdraw(first)
            assert kept.recv(1) == b""
        assert server.listen("127.0.0.1", first.number, _application).number == first.number
        assert _get(first.number) == 200
        with pytest.raises(OSError, match="in use"):
            server.listen("127.0.0.1", port, _application)
    finally:
        server.stop()


def test_it_stops_at_once_beside_connections_that_are_kept_alive() -> None:
    server = _server()
    port = server.listen("127.0.0.1", 0, _application).number
    kept = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    kept.request("GET", "/")
    assert kept.getresponse().read() == b""

    begun_at = time.monotonic()
    server.stop()

    assert time.monotonic() - begun_at < 2
    assert kept.sock.recv(1) == b""
    kept.close()


def test_a_reply_that_is_on_its_way_arrives_whole_before_it_stops() -> None:
    size = 30_000_000

    def large(_: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Length", str(size))])
        return [b"x" * size]

    server = _server()
    connection = http.client.HTTPConnection(
        "127.0.0.1", server.listen("127.0.0.1", 0, large).number, timeout=5
    )
    connection.request("GET", "/")
    reply = connection.getresponse()
    stopping = threading.Thread(target=server.stop)
    stopping.start()

    assert len(reply.read()) == size
    stopping.join(5)
    assert not stopping.is_alive()
    connection.close()


def test_more_than_its_threads_can_wait_and_others_are_answered() -> None:
    server = _server(threads=1)
    is_over = threading.Event()
    waiting = threading.Semaphore(0)

    def wait(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/wait":
            with server.one_thread_more():
                waiting.release()
                is_over.wait(10)
        return _application(environ, start_response)

    port = server.listen("127.0.0.1", 0, wait).number
    try:
        with contextlib.ExitStack() as connections:
            for _ in range(3):
                one = connections.enter_context(socket.create_connection(("127.0.0.1", port)))
                one.sendall(b"GET /wait HTTP/1.1\r\n\r\n")
                assert waiting.acquire(timeout=5)
            assert _get(port) == 200
            is_over.set()
        assert _get(port) == 200
    finally:
        server.stop()
    assert not server.threads.threads


def test_whether_a_client_is_gone_is_known_while_it_is_answered() -> None:
    server = _server()
    seen: list[bool] = []
    is_closed, looked = threading.Event(), threading.Event()

    def look(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        seen.append(environ[CLIENT_IS_GONE]())
        looked.set()
        assert is_closed.wait(5)
        seen.append(environ[CLIENT_IS_GONE]())
        looked.set()
        return _application(environ, start_response)

    port = server.listen("127.0.0.1", 0, look).number
    try:
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(b"GET / HTTP/1.1\r\n\r\n")
            assert looked.wait(5)
            looked.clear()
        is_closed.set()
        assert looked.wait(5)
    finally:
        server.stop()
    assert seen == [False, True]
