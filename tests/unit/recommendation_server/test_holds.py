"""Replies that are held on request, from the real process."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from server_process import Server, Stub, wait_until

AT_ONCE = 8  # files/recommendation_server/holds.py


@pytest.fixture(scope="module")
def holding(stub: Stub, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    environment = stub.environment() | {"LONGEST_HOLD_SECONDS": "1", "DRAIN_SECONDS": "0.2"}
    with Server(tmp_path_factory.mktemp("server"), environment) as server:
        yield server


def seconds(server: Server, path: str, status: int) -> float:
    begun_at = time.monotonic()
    assert server.get(path).status == status
    return time.monotonic() - begun_at


@pytest.mark.parametrize("asked", [0.5, 1])
def test_a_reply_is_held_for_as_long_as_was_asked(holding: Server, asked: float) -> None:
    assert asked <= seconds(holding, f"/?hold={asked}", 200) < asked + 0.3


@pytest.mark.parametrize(
    "asked", ["1.001", "-1", "nan", "inf", "1e9", "long", "%00", "9" * 5000, "0.1s"]
)
def test_what_is_no_time_within_the_bound_is_refused_at_once(holding: Server, asked: str) -> None:
    assert seconds(holding, f"/?hold={asked}", 400) < 0.3


def test_several_holds_do_not_add_up(holding: Server) -> None:
    assert seconds(holding, "/?hold=0.4&hold=1&hold=1", 200) < 0.8


def test_none_is_held_unless_a_setting_allows_it(stub: Stub, home: Path) -> None:
    with Server(home, stub.environment()) as server:
        reply = server.get("/?hold=0.1")
    assert (reply.status, reply.json) == (400, {"error": "Not held"})


def test_held_replies_leave_threads_to_all_others(holding: Server) -> None:
    with ThreadPoolExecutor(30) as clients:
        asked = [clients.submit(holding.get, "/?hold=1") for _ in range(30)]
        wait_until(lambda: holding.get("/status").json["in_flight"] == AT_ONCE + 1, 1)
        assert seconds(holding, "/", 200) < 0.3
        assert seconds(holding, "/healthcheck", 200) < 0.3
        statuses = sorted(reply.result().status for reply in asked)
    assert statuses == [200] * AT_ONCE + [429] * (30 - AT_ONCE)


def test_a_place_is_free_again_afterwards(holding: Server) -> None:
    with ThreadPoolExecutor(AT_ONCE) as clients:
        for _ in range(3):
            replies = clients.map(holding.get, ["/?hold=0.1"] * AT_ONCE)
            assert {reply.status for reply in replies} == {200}


def test_sigterm_waits_for_what_is_held(stub: Stub, home: Path) -> None:
    """The longest hold that the template allows, longer than the drain."""
    environment = stub.environment() | {"LONGEST_HOLD_SECONDS": "4", "DRAIN_SECONDS": "0.5"}
    with (
        Server(home, environment) as server,
        ThreadPoolExecutor(1) as client,
    ):
        wait_until(lambda: any(line["event"] == "serving" for line in server.log()))
        held = client.submit(server.get, "/?hold=4")
        wait_until(lambda: server.get("/status").json["in_flight"] == 2)
        assert server.stop() == 0
        assert held.result().status == 200
