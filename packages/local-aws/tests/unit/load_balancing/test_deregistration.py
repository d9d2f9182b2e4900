"""Deregistration: no new request, and open ones end well."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler

from load_balancing_world import GROUP, World, wait_for

from local_aws.contract.facts import TargetKey
from local_aws.load_balancing.target_health import hosts

KEYS = [TargetKey(GROUP, f"i-{number}", 80) for number in range(3)]


def test_target_registered_again_is_healthy_again(world: World) -> None:
    world.register(0, 1)
    assert world.health(2) is None
    world.register(0, 1, 2)
    world.await_health(2, "healthy")


@contextmanager
def requests_in_flight(world: World, number: int, count: int) -> Iterator[list[tuple[int, bytes]]]:
    """Open requests to the only target that is registered; they are answered at the end.

    Yields the replies, which are there afterwards.
    """
    target, answer, replies = world.targets[number], threading.Event(), []

    def slow(handler: BaseHTTPRequestHandler) -> None:
        answer.wait(5)
        handler.reply(200, b"late")

    target.answer = slow
    target.requests.clear()
    with ThreadPoolExecutor(count) as clients:
        asked = [clients.submit(world.get) for _ in range(count)]
        wait_for(lambda: len(target.requests) == count)
        try:
            yield replies
        finally:
            answer.set()
        replies.extend((reply.result()[0], reply.result()[2]) for reply in asked)


def test_open_requests_of_a_removed_target_end_well(world: World) -> None:
    world.register(0)
    with requests_in_flight(world, 0, 3) as replies:
        world.register(1)
        assert world.get()[0] in (200, 503)  # target 1 may not have been checked yet
    assert replies == [(200, b"late")] * 3


def test_a_removed_target_is_in_use_until_its_last_request_is_answered(world: World) -> None:
    in_use = world.load_balancing.targets_in_use
    world.register(0)
    wait_for(lambda: in_use() == {KEYS[0]}, 0.5)
    with requests_in_flight(world, 0, 3):
        world.register(1)
        time.sleep(0.5)
        assert in_use() == {KEYS[0], KEYS[1]}
    wait_for(lambda: in_use() == {KEYS[1]}, 0.5)


def test_connections_that_are_only_kept_alive_do_not_count(world: World) -> None:
    for _ in range(30):
        assert world.get()[0] == 200
    world.register(0)
    begun = time.monotonic()
    wait_for(lambda: world.load_balancing.targets_in_use() == {KEYS[0]}, 1)
    assert time.monotonic() - begun < 0.4


def test_a_target_that_returns_is_in_use(world: World) -> None:
    world.register(0)
    world.register(0, 1)
    time.sleep(0.2)
    assert world.load_balancing.targets_in_use() == {KEYS[0], KEYS[1]}


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
