"""Which targets may have requests in flight, from connections that a test counts."""

from __future__ import annotations

from load_balancing_world import GROUP

from local_aws.contract.facts import TargetKey
from local_aws.load_balancing.leaving import LeavingTargets
from local_aws.load_balancing.targets import PlacedTarget

WEB = TargetKey(GROUP, "i-1", 80)
OTHER = TargetKey(GROUP, "i-2", 80)


class Connections:
    def __init__(self) -> None:
        self.counts: dict[int, int | None] = {}

    def to(self, host: str, port: int) -> int | None:
        assert host == "127.0.0.1"
        return self.counts.get(port, 0)


def placed(key: TargetKey, port: int | None) -> PlacedTarget:
    address = None if port is None else ("127.0.0.1", port)
    return PlacedTarget(key, address, "172.31.0.1:80", "172.31.0.1:80")


def test_a_target_that_leaves_is_in_use_while_it_has_connections() -> None:
    connections = Connections()
    targets = LeavingTargets(connections.to)
    targets.update([placed(WEB, 8001), placed(OTHER, 8002)], now=0)
    targets.update([placed(OTHER, 8002)], now=10)
    connections.counts[8001] = 2
    assert targets.in_use(now=11) == {WEB, OTHER}
    connections.counts[8001] = 0
    assert targets.in_use(now=12) == {OTHER}
    connections.counts[8001] = 1  # somebody else's: the target has left
    assert targets.in_use(now=13) == {OTHER}


def test_one_that_has_just_left_is_in_use_even_without_connections() -> None:
    targets = LeavingTargets(Connections().to)
    targets.update([placed(WEB, 8001)], now=0)
    targets.update([], now=10)
    assert targets.in_use(now=10.05) == {WEB}
    assert targets.in_use(now=10.15) == set()


def test_one_that_serves_nowhere_has_nothing_in_flight() -> None:
    targets = LeavingTargets(Connections().to)
    targets.update([placed(WEB, None)], now=0)
    assert targets.in_use(now=1) == set()
    targets.update([], now=2)
    assert targets.in_use(now=2) == set()


def test_one_that_returns_has_not_left() -> None:
    connections = Connections()
    targets = LeavingTargets(connections.to)
    for now, registered in enumerate([[placed(WEB, 8001)], [], [placed(WEB, 8003)]]):
        targets.update(registered, now)
    assert targets.in_use(now=9) == {WEB}


def test_where_connections_are_not_known_it_is_in_use_for_the_longest_delay() -> None:
    connections = Connections()
    connections.counts[8001] = None
    targets = LeavingTargets(connections.to)
    targets.update([placed(WEB, 8001)], now=0)
    targets.update([], now=0)
    assert targets.in_use(now=3599) == {WEB}
    assert targets.in_use(now=3600) == set()
