"""Which requests each mode of desync mitigation lets through.

Modes: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html#desync-mitigation-mode;
classes of requests: https://github.com/aws/http-desync-guardian/blob/main/docs/README.md
"""

from __future__ import annotations

import socket

import pytest
from load_balancing_world import World, load_balancer

from local_aws.contract.desired_state import DesiredState, RequestHeaders

CHUNKS = b"3\r\nabc\r\n0\r\n\r\n"
CHUNKED, LENGTH = "Transfer-Encoding: chunked", "Content-Length: 3"
SERVED, REFUSED = b"200", b"400"


def set_mode(world: World, mode: str) -> None:
    balancer = load_balancer(world.port, request_headers=RequestHeaders(desync_mitigation=mode))
    world.apply(DesiredState(world.desired.instances, (balancer,), world.desired.target_groups))


@pytest.mark.parametrize(
    ("lines", "body", "in_strictest"),
    [
        (["POST / HTTP/1.1", LENGTH], b"abc", SERVED),
        (["POST / HTTP/1.1", CHUNKED], CHUNKS, SERVED),
        (["POST / HTTP/1.1", LENGTH, CHUNKED], CHUNKS, REFUSED),
        (["GET / HTTP/1.1", "Content-Length: 0"], b"", REFUSED),
        (["GET / HTTP/1.1", LENGTH], b"abc", REFUSED),
        (["GET / HTTP/1.1", CHUNKED], CHUNKS, REFUSED),
        (["POST / HTTP/1.0", CHUNKED], CHUNKS, REFUSED),
        (["GET / HTTP/1.1", "Transfer_Encoding: chunked"], b"", REFUSED),
        (["GET / HTTP/1.1", "X-Name: J\u00fcrgen"], b"", REFUSED),
        (["GET / HTTP/1.1", "X-Name: a\tb ~"], b"", SERVED),
    ],
    ids=[
        "a length",
        "chunks",
        "BothTeClPresent",
        "GetHeadZeroContentLength",
        "UndefinedContentLengthSemantics",
        "UndefinedTransferEncodingSemantics",
        "chunks in HTTP 1.0",
        "SuspiciousHeader",
        "NonCompliantHeader",
        "a tab",
    ],
)
def test_only_strictest_refuses_what_is_acceptable_or_ambiguous(
    world: World, lines: list[str], body: bytes, in_strictest: bytes
) -> None:
    for mode, expected in (("monitor", SERVED), ("defensive", SERVED), ("strictest", in_strictest)):
        set_mode(world, mode)
        answer = world.answered(*lines, "Host: a", body=body)
        assert (mode, answer.split(b" ")[1]) == (mode, expected)


@pytest.mark.parametrize(
    ("lines", "body", "ends"),
    [
        (["GET / HTTP/1.1", LENGTH], b"abc", True),
        (["GET / HTTP/1.1", CHUNKED], CHUNKS, True),
        (["POST / HTTP/1.0", "Connection: keep-alive", CHUNKED], CHUNKS, True),
        (["POST / HTTP/1.1", LENGTH, "Content_Length: 4"], b"abc", True),
        (["GET / HTTP/1.1", "Content-Length: 0"], b"", False),
        (["POST / HTTP/1.1", CHUNKED], CHUNKS, False),
        (["POST / HTTP/1.1", LENGTH, "X-Name: J\u00fcrgen"], b"abc", False),
    ],
    ids=["a length", "chunks", "HTTP 1.0", "suspicious", "zero", "compliant", "acceptable"],
)
def test_defensive_closes_the_connection_of_an_ambiguous_request(
    world: World, lines: list[str], body: bytes, ends: bool
) -> None:
    for mode, expected in (("defensive", ends), ("monitor", False)):
        set_mode(world, mode)
        answer = kept_alive(world, *lines, "Host: a", body=body)
        assert answer.split(b" ")[1] == SERVED
        assert (mode, b"connection: close" in answer.lower()) == (mode, expected)


def test_strictest_closes_the_connection_of_what_it_refuses(world: World) -> None:
    set_mode(world, "strictest")
    answer = kept_alive(world, "GET / HTTP/1.1", LENGTH, "Host: a", body=b"abc")
    assert answer.split(b" ")[1] == REFUSED
    assert b"connection: close" in answer.lower()


def kept_alive(world: World, *lines: str, body: bytes = b"") -> bytes:
    """What is answered, headers and all, to a client that would go on."""
    request = "\r\n".join([*lines, "", ""]).encode() + body
    with socket.create_connection(("127.0.0.1", world.port), timeout=5) as client:
        client.sendall(request)
        return client.recv(4096)


def test_chunks_count_where_there_is_a_length_too(world: World) -> None:
    """RFC 9112, section 6.3: the target does not get the length."""
    world.answered("POST / HTTP/1.1", "Host: a", LENGTH, CHUNKED, body=CHUNKS)
    request = max(request for target in world.targets for request in target.requests)
    assert request[2]["Transfer-Encoding"] == "chunked"
    assert "Content-Length" not in request[2]


@pytest.mark.parametrize(
    "headers",
    [["Content-Length: 3", "Content-Length: 4"], ["Content-Length: x"], ["X-A: \0"]],
    ids=["MultipleContentLength", "BadContentLength", "BadHeader"],
)
def test_defensive_refuses_what_is_severe(world: World, headers: list[str]) -> None:
    answer = world.answered("POST / HTTP/1.1", "Host: a", *headers, body=b"abc")
    assert answer.split(b" ")[1] == REFUSED
    assert b"<h1>400 Bad Request</h1>" in answer
    assert not any(target.requests for target in world.targets)
