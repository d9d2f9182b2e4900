"""What Envoy counted: who answered what, and how long it took."""

from __future__ import annotations

from dataclasses import replace
from http.server import BaseHTTPRequestHandler

import pytest
from load_balancing_world import GROUP, World, wait_for

from local_aws.contract.desired_state import FixedResponse, Rule
from local_aws.contract.traffic import TargetGroupTraffic


class Counted:
    """What was counted since this was made."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._group, self._listener = self._now()

    def _now(self) -> tuple[TargetGroupTraffic, dict[int, int]]:
        traffic = self._world.load_balancing.traffic()
        (listener,) = traffic.listeners.values()
        return traffic.target_groups[GROUP], dict(listener)

    def requests(self) -> int:
        return self._now()[0].requests - self._group.requests

    def of_targets(self, digit: int) -> int:
        return self._now()[0].answers[digit] - self._group.answers[digit]

    def of_all(self, digit: int) -> int:
        return self._now()[1][digit] - self._listener[digit]


@pytest.fixture
def counted(world: World) -> Counted:
    return Counted(world)


def test_answers_of_targets(world: World, counted: Counted) -> None:
    for status, times in ((200, 3), (302, 1), (404, 2), (503, 2)):
        for target in world.targets:
            target.answer = lambda handler, status=status: handler.reply(status, b"")
        for _ in range(times):
            world.get()
    assert counted.requests() == 8
    assert [counted.of_targets(digit) for digit in (2, 3, 4, 5)] == [3, 1, 2, 2]
    assert [counted.of_all(digit) for digit in (2, 3, 4, 5)] == [3, 1, 2, 2]


def _close(handler: BaseHTTPRequestHandler) -> None:
    handler.close_connection = True


def _speak_no_http(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"this is no HTTP at all\r\n\r\n")
    handler.close_connection = True


@pytest.mark.parametrize("answer", [_close, _speak_no_http])
def test_answers_for_a_target_that_gives_none(
    world: World, counted: Counted, answer: object
) -> None:
    for target in world.targets:
        target.answer = answer
    assert world.get()[0] == 502
    assert (counted.requests(), counted.of_targets(5), counted.of_all(5)) == (1, 0, 1)


def test_answers_for_a_target_that_refuses_connections(world: World) -> None:
    unchecked = replace(world.desired.target_groups[0].health_check, enabled=False)
    world.register(0, health_check=unchecked)
    world.targets[0].close()
    counted = Counted(world)
    assert world.get()[0] == 502
    assert (counted.requests(), counted.of_targets(5), counted.of_all(5)) == (1, 0, 1)


def test_answers_without_a_target(world: World) -> None:
    world.register()
    counted = Counted(world)
    assert world.get()[0] == 503
    assert (counted.requests(), counted.of_targets(5), counted.of_all(5)) == (0, 0, 1)


def test_answers_of_the_load_balancer_alone(world: World) -> None:
    world.with_rules(Rule(1, ("/no",), (), FixedResponse(404, "text/plain", "")))
    counted = Counted(world)
    assert world.get("/no")[0] == 404
    assert (counted.requests(), counted.of_targets(4), counted.of_all(4)) == (0, 0, 1)


def test_response_times_are_in_seconds(world: World) -> None:
    world.register(0)

    def slow(handler: BaseHTTPRequestHandler) -> None:
        world.targets[0].closing.wait(0.25)
        handler.reply(200, b"")

    world.targets[0].answer = slow
    world.get()

    def times() -> list[float]:
        found = world.load_balancing.traffic().target_groups[GROUP].response_seconds
        return [seconds for seconds in found if seconds >= 0.2]

    (seconds,) = wait_for(times, seconds=15)  # Envoy adds them up each 5 s
    assert 0.24 < seconds < 2


def test_an_envoy_that_does_not_answer_has_counted_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hang(_: str) -> None:
        raise TimeoutError

    monkeypatch.setattr(world.load_balancing._envoy.admin, "_get", hang)
    assert world.load_balancing.traffic().listeners == {}
