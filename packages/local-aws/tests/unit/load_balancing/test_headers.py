"""Headers on their way through the load balancer, in both directions."""

from __future__ import annotations

import re
import socket
from http.server import BaseHTTPRequestHandler

import pytest
from load_balancing_world import World

ROOT = "Root=1-67891233-abcdef012345678912345678"
OLD_SELF = "Self=1-67891234-12456789abcdef0123456789"


def received(world: World) -> dict[str, str]:
    """The headers of the last request, as a target got them."""
    return max(request for target in world.targets for request in target.requests)[2]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (ROOT, f";{ROOT}"),
        (f"{ROOT};CalledFrom=app", f";{ROOT};CalledFrom=app"),
        (f"{OLD_SELF};{ROOT}", f";{ROOT}"),
        (f"{ROOT};{OLD_SELF};CalledFrom=app", f";{ROOT};CalledFrom=app"),
        (OLD_SELF, ""),
    ],
)
def test_a_trace_goes_on(world: World, sent: str, kept: str) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-request-tracing.html:
    a Self field is inserted or updated, the other fields are preserved."""
    world.get(headers={"X-Amzn-Trace-Id": sent})
    trace = received(world)["X-Amzn-Trace-Id"]
    assert trace != sent
    assert re.fullmatch("Self=1-[0-9a-f]{8}-[0-9a-f]{24}" + re.escape(kept), trace)


def test_a_trace_begins_anew_in_a_request_with_more_than_7_kb_of_headers(world: World) -> None:
    """Request tracing, "Limitations": the header gets a Root field only."""
    world.get(headers={"X-Amzn-Trace-Id": ROOT, "X-Long": "a" * 7 * 1024})
    trace = received(world)["X-Amzn-Trace-Id"]
    assert trace != ROOT
    assert re.fullmatch("Root=1-[0-9a-f]{8}-[0-9a-f]{24}", trace)


def test_names_keep_their_case(world: World) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html:
    HTTP/2 makes names lowercase; those of the load balancer itself are in mixed case."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response_only(204)
        handler.send_header("X-my-ANSWER", "1")
        handler.end_headers()

    for target in world.targets:
        target.answer = answer
    _, answered, _ = world.get(headers={"X-my-NAME": "1"})
    names = {"Host", "X-my-NAME", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Port"}
    assert {*names, "X-Amzn-Trace-Id"} <= received(world).keys()
    assert "X-my-ANSWER" in answered


def test_http_1_0_without_a_host_gets_the_dns_name(world: World) -> None:
    """How Elastic Load Balancing works, "HTTP connections"."""
    with socket.create_connection(("127.0.0.1", world.port), timeout=5) as client:
        client.sendall(b"GET / HTTP/1.0\r\n\r\n")
        assert client.recv(4096).split(b"\r\n")[0] == b"HTTP/1.0 200 OK"
    assert received(world)["Host"] == world.desired.load_balancers[0].dns_name


@pytest.mark.parametrize(("size", "status"), [(31_000, 200), (33_000, 502)])
def test_a_response_has_32_k_of_headers_at_most(world: World, size: int, status: int) -> None:
    """Troubleshoot your Application Load Balancers, "HTTP 502: Bad gateway"."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response_only(200)
        for number in range(4):
            handler.send_header(f"X-{number}", "a" * (size // 4))
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    for target in world.targets:
        target.answer = answer
    assert world.get()[0] == status


@pytest.mark.parametrize("protocol", ["TLS/1.0", "h2c", "web", "WEBSOCKETS", "websocket/13"])
def test_an_upgrade_to_anything_but_web_sockets_is_ignored(world: World, protocol: str) -> None:
    """How Elastic Load Balancing works, "HTTP connections": upgrades to WebSockets are supported.
    RFC 9110, section 7.8: others may be ignored."""
    status, _, _ = world.get(headers={"Connection": "Upgrade", "Upgrade": protocol})
    assert status == 200
    assert not {"Upgrade", "Connection"} & received(world).keys()


def test_headers_that_mean_something_to_envoy_are_like_others(world: World) -> None:
    sent = {"X-Forwarded-Client-Cert": "a", "X-Request-Id": "b", "X-Envoy-Peer-Metadata": "c"}
    world.get(headers=sent)
    assert sent.items() <= received(world).items()
