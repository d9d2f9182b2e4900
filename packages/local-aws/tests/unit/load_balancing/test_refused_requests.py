"""Requests that the load balancer answers itself, whatever its rules say.

All of it: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html
"""

from __future__ import annotations

import pytest
from load_balancing_world import World


@pytest.mark.parametrize(
    ("lines", "status", "title"),
    [
        (["TRACE / HTTP/1.1", "Host: a"], 405, "405 Not Allowed"),
        (["CONNECT a:443 HTTP/1.1", "Host: a:443"], 400, "400 Bad Request"),
        (["POST / HTTP/1.1", "Host: a", "Transfer-Encoding: gzip"], 501, "501 Not Implemented"),
        (["GET / HTTP/1.1"], 400, "400 Bad Request"),
        (["PRI * HTTP/2.0"], 400, "400 Bad Request"),
    ],
    ids=["TRACE", "CONNECT", "transfer-encoding", "no host", "HTTP/2 without TLS"],
)
def test_a_request_that_no_target_gets(
    world: World, lines: list[str], status: int, title: str
) -> None:
    """HTTP 405: Method not allowed; HTTP 501: Not implemented; HTTP 400: Bad request."""
    head, _, body = world.answered(*lines).partition(b"\r\n\r\n")
    assert head.split(b" ")[1] == str(status).encode()
    assert b"server: awselb/2.0" in head.lower()
    assert f"<h1>{title}</h1>".encode() in body
    assert not any(target.requests for target in world.targets)


@pytest.mark.parametrize(("addresses", "status"), [(30, 200), (31, 463)])
def test_x_forwarded_for_has_30_addresses_at_most(
    world: World, addresses: int, status: int
) -> None:
    """HTTP 463; the addresses may come in several headers."""
    half = ", ".join(["203.0.113.7"] * 15)
    rest = ", ".join(["203.0.113.7"] * (addresses - 15))
    forwarded = (f"X-Forwarded-For: {half}", f"X-Forwarded-For: {rest}")
    answer = world.answered("GET / HTTP/1.1", "Host: a", *forwarded)
    assert answer.split(b" ")[1] == str(status).encode()
