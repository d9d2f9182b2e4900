"""Deregistration: no new request, and open ones end well."""

from __future__ import annotations

import threading
import time
from http.server import BaseHTTPRequestHandler

from load_balancing_world import World, wait_for

from local_aws.load_balancing.target_health import hosts


def test_target_registered_again_is_healthy_again(world: World) -> None:
    world.register(0, 1)
    assert world.health(2) is None
    world.register(0, 1, 2)
    world.await_health(2, "healthy")


def test_open_request_of_a_removed_target_ends_well(world: World) -> None:
    world.register(0)
    target, go_on, answers = world.targets[0], threading.Event(), []

    def slow(handler: BaseHTTPRequestHandler) -> None:
        go_on.wait(5)
        handler.reply(200, b"late")

    target.answer = slow
    client = threading.Thread(target=lambda: answers.append(world.get()))
    client.start()
    wait_for(lambda: target.requests)
    world.register(1)
    assert world.get()[0] in (200, 503)  # target 1 may not have been checked yet
    go_on.set()
    client.join()
    assert (answers[0][0], answers[0][2]) == (200, b"late")


def test_envoy_has_applied_it_when_reconcile_returns(world: World) -> None:
    admin = world.load_balancing._envoy.admin
    for registered in [(0, 1), (0, 1, 2)] * 10:
        world.register(*registered)
        known = {port for _, (_, port) in hosts(admin.clusters())}
        assert known == {world.targets[n].address[1] for n in registered}


def test_removals_under_load_fail_nothing_and_are_complete_when_reconcile_returns(
    world: World,
) -> None:
    stopping, statuses = threading.Event(), []

    def ask() -> None:
        while not stopping.is_set():
            statuses.append(world.get()[0])

    clients = [threading.Thread(target=ask) for _ in range(4)]
    for client in clients:
        client.start()
    removed = world.targets[2]
    try:
        for _ in range(8):
            removed.requests.clear()
            world.register(0, 1, 2)
            wait_for(lambda: removed.requests)
            world.register(0, 1)
            # What reached the target by now is done; from here on nothing reaches it.
            returned = time.monotonic()
            asked = len(statuses)
            wait_for(lambda n=asked: len(statuses) > n + 20)
            late = [at - returned for at, _, _ in removed.requests if at > returned + 0.02]
            assert not late
    finally:
        stopping.set()
        for client in clients:
            client.join()
    assert set(statuses) == {200}
