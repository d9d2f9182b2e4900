"""What is sent byte by byte, and what cheroot alone would get wrong."""

from __future__ import annotations

import contextlib
import socket

import pytest
from server_process import Server, ask

from recommendation_server.http_server import THREADS

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
