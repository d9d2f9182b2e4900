"""What is sent byte by byte, and what cheroot alone would get wrong."""

from __future__ import annotations

import contextlib
import resource
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from server_process import Server, Stub, ask, wait_until

from recommendation_server.connection import HEAD_SECONDS
from recommendation_server.http_server import THREADS
from recommendation_server.waiting import MOST

CHECK = b"GET /healthcheck HTTP/1.1\r\nHost: x\r\n\r\n"
HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n"


def exchange(server: Server, request: bytes, no_more: bool = True) -> bytes:
    """All that comes back until the server closes."""
    reply = b""
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as client:
        client.sendall(request)
        if no_more:
            client.shutdown(socket.SHUT_WR)
        while piece := client.recv(65536):
            reply += piece
    return reply


@pytest.mark.parametrize("blank", [b" ", b"\t"])
def test_a_first_header_that_begins_with_a_blank_is_a_400(server: Server, blank: bytes) -> None:
    reply = exchange(server, b"GET / HTTP/1.1\r\n" + blank + b"Host: x\r\n\r\n")
    assert reply.startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize(
    "headers",
    [b"Content-Length: 34", b"Transfer-Encoding: chunked", b"Content-Length: 99999"],
)
def test_a_body_is_never_taken_for_a_request(server: Server, headers: bytes) -> None:
    request = b"GET / HTTP/1.1\r\nHost: x\r\n" + headers + b"\r\n\r\n" + HIDDEN
    reply = exchange(server, request, no_more=False)
    assert reply.startswith(b"HTTP/1.1 200 ")
    assert reply.count(b"HTTP/1.1 ") == 1
    assert b"Connection: close" in reply


def test_pipelined_requests_are_answered_in_order(server: Server) -> None:
    reply = exchange(server, b"GET /healthcheck HTTP/1.1\r\nHost: x\r\n\r\n" + HIDDEN)
    assert reply.index(b"HTTP/1.1 200 ") < reply.index(b"HTTP/1.1 404 ")


def test_idle_connections_hold_no_thread(server: Server) -> None:
    with contextlib.ExitStack() as connected:
        for _ in range(THREADS + 1):
            connected.enter_context(socket.create_connection(("127.0.0.1", server.port), 5))
        assert ask(server.port, "/healthcheck", timeout=1).status == 200


def answer(client: socket.socket) -> bytes:
    """One reply, whose body is an object."""
    reply = b""
    while not reply.endswith(b"}") and (piece := client.recv(65536)):
        reply += piece
    return reply


def dripping(server: Server, path: str = "/") -> socket.socket:
    """A client that has begun a request."""
    client = socket.create_connection(("127.0.0.1", server.port), 5)
    client.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nX-Slow: ".encode())
    return client


def worst_check_seconds(server: Server, seconds: float, between: Callable[[], None]) -> float:
    """The slowest of the health checks made for a while; each must be answered with 200."""
    worst, end = 0.0, time.monotonic() + seconds
    while time.monotonic() < end:
        between()
        begun_at = time.monotonic()
        assert ask(server.port, "/healthcheck", timeout=4).status == 200
        worst = max(worst, time.monotonic() - begun_at)
    return worst


def test_heads_that_drip_hold_no_thread(server: Server) -> None:
    with contextlib.ExitStack() as connected:
        clients = [connected.enter_context(dripping(server)) for _ in range(2 * THREADS)]

        def drip() -> None:
            for client in clients:
                client.sendall(b"x")
            time.sleep(0.2)

        assert worst_check_seconds(server, HEAD_SECONDS / 2, drip) < 1


def test_a_head_has_one_deadline_however_often_a_byte_comes(server: Server) -> None:
    with dripping(server) as client:
        client.settimeout(0.2)
        begun_at, reply = time.monotonic(), b""
        while time.monotonic() < begun_at + 3 * HEAD_SECONDS:
            try:
                client.sendall(b"x")
                if not (piece := client.recv(65536)):
                    break
                reply += piece
            except TimeoutError:
                continue
            except OSError:
                break
        assert HEAD_SECONDS - 1 < time.monotonic() - begun_at < HEAD_SECONDS + 2
    assert reply.startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize("pause", [0.0, 0.02])
def test_a_head_in_pieces_is_a_request(server: Server, pause: float) -> None:
    with socket.create_connection(("127.0.0.1", server.port), 5) as client:
        for _ in range(2):
            for byte in CHECK:
                client.sendall(bytes([byte]))
                time.sleep(pause)
            assert answer(client).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 34\r\nContent-Length: 0\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 34\r\n 0\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -34\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: +34\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 3_4\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length:\r\n\r\n",
    ],
)
def test_a_length_that_is_none_is_a_400(server: Server, head: bytes) -> None:
    reply = exchange(server, head + HIDDEN)
    assert reply.startswith(b"HTTP/1.1 400 ")
    assert reply.count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize("encoding", [b"chunked", b"identity", b""])
def test_a_coded_body_of_http_1_0_is_never_taken_for_a_request(
    server: Server, encoding: bytes
) -> None:
    head = b"GET / HTTP/1.0\r\nConnection: Keep-Alive\r\nTransfer-Encoding: " + encoding
    reply = exchange(server, head + b"\r\n\r\n" + HIDDEN, no_more=False)
    assert reply.count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize(
    "hosts",
    [
        b"",
        b"Host: x\r\nHost: x\r\n",
        b"Host: x\r\n y\r\n",
        b"Host: x y\r\n",
        b"Host: http://x/\r\n",
        b"Host: user@x\r\n",
        b"Host: x:http\r\n",
        b"Host: [::1\r\n",
        b"Host: %zz\r\n",
    ],
)
def test_without_one_host_http_1_1_is_a_400(server: Server, hosts: bytes) -> None:
    """A server replies 400 to a request without a Host, with two, or with one that is none.

    https://www.rfc-editor.org/rfc/rfc9112#section-3.2
    """
    reply = exchange(server, b"GET /healthcheck HTTP/1.1\r\n" + hosts + b"\r\n" + HIDDEN)
    assert reply.startswith(b"HTTP/1.1 400 ")
    assert b"404" not in reply


@pytest.mark.parametrize(
    "head",
    [
        b"GET /healthcheck HTTP/1.0\r\n",
        b"GET /healthcheck HTTP/1.1\r\nHost:\r\n",
        b"GET /healthcheck HTTP/1.1\r\nhost: a-b.example:8080\r\n",
        b"GET /healthcheck HTTP/1.1\r\nHost: [2001:db8::1]:80\r\n",
        b"GET /healthcheck HTTP/1.1\r\nHost: caf%C3%A9_1\r\n",
    ],
)
def test_a_host_is_any_that_a_uri_can_have(server: Server, head: bytes) -> None:
    assert exchange(server, head + b"\r\n").startswith(b"HTTP/1.1 200 ")


def test_what_ends_amid_a_head_is_a_400(server: Server) -> None:
    assert exchange(server, b"GET / HTTP/1.1\r\nHost: x\r\n").startswith(b"HTTP/1.1 400 ")


def test_lines_without_a_carriage_return_are_a_400_at_once(server: Server) -> None:
    reply = exchange(server, b"GET / HTTP/1.1\nHost: x\n\n", no_more=False)
    assert reply.startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", b"414"),
        (b"GET /" + b"a" * 70_000, b"414"),
        (b"GET / HTTP/1.1\r\nX: " + b"a" * 70_000, b"413"),
        (b"GET /" + b"a" * 60_000 + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", b"404"),
    ],
    ids=["line", "endless line", "endless head", "long"],
)
def test_heads_of_up_to_64_kib_are_taken(server: Server, request_: bytes, status: bytes) -> None:
    assert exchange(server, request_, no_more=False).startswith(b"HTTP/1.1 " + status)


@contextlib.contextmanager
def open_files(most: int) -> Iterator[None]:
    """What is started meanwhile may have so many."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.parametrize("files", [200, MOST + 400], ids=["files", "connections"])
def test_with_too_many_waiting_those_go_that_never_asked(
    stub: Stub, home: Path, files: int
) -> None:
    """A load balancer's connections stay, and whoever comes is answered."""
    server = Server(home, stub.environment())
    with contextlib.ExitStack() as connected:
        with open_files(files):
            connected.enter_context(server)
        wait_until(lambda: any(line["event"] == "serving" for line in server.log()))
        here_already = sum(1 for _ in Path("/dev/fd").iterdir())
        connected.enter_context(open_files(here_already + files + 200))

        def connect() -> socket.socket:
            return connected.enter_context(socket.create_connection(("127.0.0.1", server.port), 5))

        kept = connect()
        kept.sendall(CHECK)
        assert answer(kept).startswith(b"HTTP/1.1 200 ")
        for _ in range(files + 100):
            connect()
        assert ask(server.port, "/healthcheck", timeout=2).status == 200
        kept.sendall(CHECK)
        assert answer(kept).startswith(b"HTTP/1.1 200 ")
        assert not [line for line in server.log() if "traceback" in line]
