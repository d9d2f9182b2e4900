"""Targets that get no new request any more, but may still be answering some.

Envoy does not list a removed target. But it closes each of its connections to it as soon as no
request is open on it, idle ones at once; and HTTP/1.1 has one request a connection at a time. So
its open connections are its requests in flight.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from local_aws.contract.facts import TargetKey
from local_aws.load_balancing.targets import Address, PlacedTarget

_UNSETTLED_SECONDS = 0.1
"""Envoy's workers take a configuration over some milliseconds after Envoy reports it applied."""

_FORGOTTEN_SECONDS = 3600.0
"""The longest deregistration delay: nobody waits longer for a request in flight."""


@dataclass(frozen=True)
class _Departure:
    address: Address
    since: float


class LeavingTargets:
    """Times are given by the caller, from any one clock."""

    def __init__(self, connections_to: Callable[[str, int], int | None]) -> None:
        """`connections_to` counts the connections to an address; None when it cannot."""
        self._connections_to = connections_to
        self._placed: dict[TargetKey, Address] = {}
        self._leaving: dict[TargetKey, _Departure] = {}

    def update(self, placed: Iterable[PlacedTarget], now: float) -> None:
        """Take over which targets get requests from now on."""
        before = self._placed
        self._placed = {
            target.key: target.address for target in placed if target.address is not None
        }
        for key in self._placed:
            self._leaving.pop(key, None)
        for key, address in before.items():
            if key not in self._placed:
                self._leaving[key] = _Departure(address, now)

    def in_use(self, now: float) -> frozenset[TargetKey]:
        """The targets that get requests, and those that left with requests in flight."""
        self._leaving = {
            key: departure
            for key, departure in self._leaving.items()
            if self._is_in_use(departure, now)
        }
        return frozenset(self._placed) | frozenset(self._leaving)

    def _is_in_use(self, departure: _Departure, now: float) -> bool:
        seconds = now - departure.since
        if seconds < _UNSETTLED_SECONDS:
            return True
        return seconds < _FORGOTTEN_SECONDS and self._connections_to(*departure.address) != 0
