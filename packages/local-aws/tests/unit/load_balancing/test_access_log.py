"""Envoy's access log: what is read of a line, and that no line is lost."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

import pytest
from load_balancing_world import World, load_balancer, wait_for

from local_aws.contract.desired_state import DesiredState
from local_aws.load_balancing.access_log import _OPERATORS, entry, settings

SEPARATOR = "\x1f"
OWN = ("arn:aws:x:y:z:loadbalancer/app/lb/1", "a listener", "https", "443", "lb.example")
NOTHING = dict.fromkeys(_OPERATORS, "-") | {"received_at": "1700000000.250000", "client": "a:1"}


def line(**logged: str) -> bytes:
    return (SEPARATOR.join((*OWN, *(NOTHING | logged).values())) + "\n").encode("latin-1")


@pytest.mark.parametrize(
    ("logged", "kind"),
    [
        ({"protocol": "HTTP/1.1"}, "https"),
        ({"protocol": "HTTP/2"}, "h2"),
        ({"protocol": "HTTP/2", "content_type": "application/grpc+proto"}, "grpcs"),
        ({"protocol": "HTTP/1.1", "upgrade": "websocket", "status": "101"}, "wss"),
        ({"protocol": "HTTP/1.1", "upgrade": "websocket", "status": "403"}, "https"),
    ],
    ids=["https", "h2", "grpcs", "wss", "no websocket"],
)
def test_kinds_of_requests(logged: dict[str, str], kind: str) -> None:
    """ELB User Guide, "Access log entries": type."""
    found = entry(line(**logged), {})
    assert found
    assert found.kind == kind


def test_a_line_that_was_not_written_to_its_end() -> None:
    assert entry(line(), {})
    assert entry(line()[:-1], {}) is None
    assert entry(line()[:40] + b"\n", {}) is None


def test_a_load_balancer_without_access_logs_costs_nothing() -> None:
    balancer = load_balancer(18_000)
    assert settings(balancer.listeners[0], balancer, Path("/log")) == {}


def logged(world: World) -> None:
    balancer = load_balancer(world.port, has_access_log=True)
    state = world.desired
    world.apply(DesiredState(state.instances, (balancer,), state.target_groups))


def test_each_request_comes_once_while_others_are_served(world: World) -> None:
    logged(world)
    clients, each = 4, 150

    def serve(client: int) -> None:
        for number in range(each):
            world.get(f"/{client}/{number}")

    threads = [threading.Thread(target=serve, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    paths = []
    while any(thread.is_alive() for thread in threads):
        paths += [found.path for found in world.load_balancing.take_access_log()]
    paths += [found.path for found in world.load_balancing.take_access_log()]

    expected = {f"/{client}/{number}" for client in range(clients) for number in range(each)}
    assert len(paths) == clients * each
    assert set(paths) == expected
    assert world.load_balancing.access_log_bytes == 0


def test_targets_have_the_addresses_that_they_have_on_aws(world: World) -> None:
    logged(world)
    world.get("/")
    [found] = world.load_balancing.take_access_log()
    assert found.target in {f"172.31.0.{number}:80" for number in range(3)}


def test_a_full_disk_is_said(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """Envoy cannot write to it, as if the disk were full."""
    logged(world)
    list(world.load_balancing.take_access_log())
    file = world.load_balancing._access_log._path
    file.unlink(missing_ok=True)
    file.symlink_to("/dev/full")
    world.load_balancing._envoy.admin.reopen_logs()
    caplog.set_level(logging.ERROR)

    def is_said() -> bool:
        world.get("/")
        world.load_balancing._access_log._await_written()
        return "is the disk full?" in caplog.text

    wait_for(is_said)
    file.unlink()
    world.load_balancing._envoy.admin.reopen_logs()
