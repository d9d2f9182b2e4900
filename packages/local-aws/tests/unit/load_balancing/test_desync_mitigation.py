"""Which requests each mode of desync mitigation lets through.

Modes: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html#desync-mitigation-mode;
classes of requests: https://github.com/aws/http-desync-guardian/blob/main/docs/README.md
"""

from __future__ import annotations

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
