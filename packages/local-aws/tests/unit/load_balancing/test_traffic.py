"""What a client and a target see of the load balancer: forwarding, headers, errors, limits."""

from __future__ import annotations

import http.client
import re
import socket
import struct
import time
from collections import Counter
from dataclasses import replace
from http.server import BaseHTTPRequestHandler

import pytest
from load_balancing_world import World, load_balancer, target_group, wait_for

from local_aws.contract.desired_state import DesiredState, Target
from local_aws.host import ports


def test_each_target_serves_its_share(world: World) -> None:
    served = Counter(world.get()[2] for _ in range(60))
    assert len(served) == 3
    assert min(served.values()) >= 12


def test_target_receives_the_clients_address_and_the_host(world: World) -> None:
    world.register(0)
    world.get("/item?a=1", {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"})
    _, path, headers = world.targets[0].requests[-1]
    seen = {name.lower(): value for name, value in headers.items()}
    assert path == "/item?a=1"
    assert seen["x-forwarded-for"] == "203.0.113.7, 127.0.0.1"
    assert seen["x-forwarded-proto"] == "http"
    assert seen["x-forwarded-port"] == "80"
    assert re.fullmatch(r"Root=1-[0-9a-f]{8}-[0-9a-f]{24}", seen["x-amzn-trace-id"])
    assert not [name for name in seen if name.startswith("x-envoy")]


def test_targets_own_error_passes_unchanged(world: World) -> None:
    for target in world.targets:
        target.answer = lambda handler: handler.reply(502, b"mine")
    status, headers, body = world.get()
    assert (status, body) == (502, b"mine")
    assert "server" not in headers


def _close(handler: BaseHTTPRequestHandler) -> None:
    handler.close_connection = True


def _reset(handler: BaseHTTPRequestHandler) -> None:
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.close_connection = True


def _speak_no_http(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"this is no HTTP at all\r\n\r\n")
    handler.close_connection = True


@pytest.mark.parametrize("answer", [_close, _reset, _speak_no_http])
def test_502_when_the_target_gives_no_answer(world: World, answer: object) -> None:
    for target in world.targets:
        target.answer = answer
    status, headers, body = world.get()
    assert status == 502
    assert headers["server"] == "awselb/2.0"
    assert b"502 Bad Gateway" in body
    # It asked once: a request that may have been carried out is not sent to another target.
    assert sum(len(target.requests) for target in world.targets) == 1


def test_502_when_the_connection_is_refused(world: World) -> None:
    unchecked = replace(world.desired.target_groups[0].health_check, enabled=False)
    world.register(0, health_check=unchecked)
    world.targets[0].close()
    status, headers, _ = world.get()
    assert (status, headers["server"]) == (502, "awselb/2.0")


def test_504_when_the_connection_takes_too_long(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("local_aws.load_balancing.clusters._CONNECT_SECONDS", 0.2)
    unchecked = replace(world.desired.target_groups[0].health_check, enabled=False)
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        # A full queue of connections that nobody accepts: the next one gets no answer.
        waiting = [socket.socket() for _ in range(2)]
        for client in waiting:
            client.setblocking(False)
            client.connect_ex(full.getsockname())
        world.load_balancing.reconcile(
            replace(world.desired, target_groups=(target_group((0,), health_check=unchecked),)),
            {"i-0": full.getsockname()},
        )
        status, headers, _ = world.get()
        for client in waiting:
            client.close()
    assert (status, headers["server"]) == (504, "awselb/2.0")


def test_503_without_a_registered_target(world: World) -> None:
    world.register()
    status, headers, body = world.get()
    assert (status, headers["server"]) == (503, "awselb/2.0")
    assert b"503 Service Temporarily Unavailable" in body


def test_504_when_the_target_is_silent_for_the_idle_timeout(world: World) -> None:
    balancer = load_balancer(world.port, idle_timeout_seconds=0.2)
    world.apply(replace(world.desired, load_balancers=(balancer,)))
    for target in world.targets:
        target.answer = lambda handler: handler.server.closing.wait(5)
    status, headers, body = world.get()
    assert (status, headers["server"]) == (504, "awselb/2.0")
    assert b"504 Gateway Time-out" in body


def test_a_connection_ends_with_the_first_response_after_the_clients_keep_alive(
    world: World,
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html#http-client-keep-alive-duration"""
    balancer = load_balancer(world.port, client_keep_alive_seconds=0.5)
    world.apply(replace(world.desired, load_balancers=(balancer,)))
    client = http.client.HTTPConnection("127.0.0.1", world.port, timeout=5)

    def ends() -> bool:
        client.request("GET", "/")
        response = client.getresponse()
        response.read()
        assert response.status == 200
        return response.getheader("connection") == "close"

    begun = time.monotonic()
    assert not ends()
    wait_for(ends)
    assert time.monotonic() - begun >= 0.5
    client.close()


def test_a_connection_to_a_target_ends_after_the_idle_timeout(world: World) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html#connection-idle-timeout:
    of "an existing client or target connection"."""
    balancer = load_balancer(world.port, idle_timeout_seconds=0.5)
    world.apply(replace(world.desired, load_balancers=(balancer,)))
    answered: list[BaseHTTPRequestHandler] = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response_only(204)
        handler.end_headers()
        answered.append(handler)

    for target in world.targets:
        target.answer = answer
    assert world.get()[0] == 204
    wait_for(lambda: answered[0].close_connection)


def test_response_may_last_longer_than_the_idle_timeout(world: World) -> None:
    balancer = load_balancer(world.port, idle_timeout_seconds=0.3)
    world.apply(replace(world.desired, load_balancers=(balancer,)))

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response_only(200)
        handler.send_header("Content-Length", "8")
        handler.end_headers()
        for _ in range(8):
            handler.wfile.write(b".")
            handler.server.closing.wait(0.1)

    for target in world.targets:
        target.answer = drip
    assert world.get()[::2] == (200, b"." * 8)


@pytest.mark.parametrize(
    ("path", "headers", "expected"),
    [
        ("/" + "a" * (16_384 - len("GET / HTTP/1.1")), {}, 200),
        ("/" + "a" * (16_385 - len("GET / HTTP/1.1")), {}, 414),
        ("/", {"X-Long": "a" * 16_000}, 200),
        ("/", {"X-Long": "a" * 16_500}, 400),
        ("/", {f"X-{n}": "a" * 15_000 for n in range(3)}, 200),
        ("/", {f"X-{n}": "a" * 15_000 for n in range(5)}, 400),
    ],
)
def test_request_limits(world: World, path: str, headers: dict[str, str], expected: int) -> None:
    status, answered, _ = world.get(path, headers)
    assert status == expected
    assert expected == 200 or answered["server"] == "awselb/2.0"


def test_malformed_request_is_400(world: World) -> None:
    with socket.create_connection(("127.0.0.1", world.port), timeout=5) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nbad header\r\n\r\n")
        assert client.recv(4096).startswith(b"HTTP/1.1 400 ")


def test_load_balancer_that_goes_takes_its_port_with_it(world: World) -> None:
    other = ports.free_port()
    second = load_balancer(other, name="second")
    world.apply(replace(world.desired, load_balancers=(*world.desired.load_balancers, second)))
    socket.create_connection(("127.0.0.1", other), timeout=5).close()
    world.apply(replace(world.desired, load_balancers=world.desired.load_balancers[:1]))
    assert world.get()[0] == 200
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", other), timeout=5)


def test_nothing_listens_without_a_load_balancer(world: World) -> None:
    world.apply(DesiredState())
    with pytest.raises(ConnectionRefusedError):
        world.get()


def test_web_socket_passes(world: World) -> None:
    def upgrade(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response_only(101)
        handler.send_header("Upgrade", "websocket")
        handler.send_header("Connection", "Upgrade")
        handler.end_headers()
        handler.wfile.write(handler.rfile.read(4)[::-1])
        handler.close_connection = True

    for target in world.targets:
        target.answer = upgrade
    with socket.create_connection(("127.0.0.1", world.port), timeout=5) as client:
        client.sendall(
            b"GET /chat HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
        )
        head = client.recv(4096)
        assert head.startswith(b"HTTP/1.1 101 ")
        client.sendall(b"ping")
        assert client.recv(4) == b"gnip"


def test_http_1_0_client(world: World) -> None:
    with socket.create_connection(("127.0.0.1", world.port), timeout=5) as client:
        client.sendall(b"GET / HTTP/1.0\r\n\r\n")
        assert b" 200 OK" in client.recv(4096).split(b"\r\n")[0]


def test_ip_targets(world: World) -> None:
    """An instance's private address is the instance; a loopback address is itself."""
    loopback = world.targets[2].address
    group = replace(
        target_group(()),
        target_type="ip",
        targets=(Target("172.31.0.1", 80), Target(*loopback)),
    )
    world.apply(replace(world.desired, target_groups=(group,)))
    wait_for(lambda: len({world.get()[2] for _ in range(10)}) == 2)
    names = {str(world.targets[n].address[1]).encode() for n in (1, 2)}
    assert {world.get()[2] for _ in range(10)} == names
