# GNU General Public License v3.0+ (see LICENSE)
"""Waiting for a described state: a pure predicate, a clock passed in, no waiting in check mode."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

Observation = TypeVar("Observation")


class Clock(Protocol):
    """What a waiter needs of time, in seconds. The `time` module is one."""

    def monotonic(self) -> float: ...

    def sleep(self, seconds: float, /) -> None: ...


class NotReachedError(Exception, Generic[Observation]):
    """The awaited state did not come in time. `last` is what was seen at the end.

    `reason` says why it cannot come any more; None when only the time was up.
    """

    def __init__(self, last: Observation, waited_seconds: float, reason: str | None = None) -> None:
        super().__init__(reason or f"not reached within {waited_seconds:.1f} s")
        self.last = last
        self.waited_seconds = waited_seconds
        self.reason = reason


def wait_for(
    observe: Callable[[], Observation],
    reached: Callable[[Observation], bool],
    *,
    hopeless: Callable[[Observation], str | None] = lambda _: None,
    timeout_seconds: float,
    interval_seconds: float,
    growth: float = 1,
    check_mode: bool = False,
    clock: Clock = time,
) -> Observation:
    """Observe each `interval_seconds` until `reached` holds; return that observation.

    `hopeless` says of an observation why the state cannot come any more: it ends the wait at once.
    With `growth` each interval is so many times as long as the one before.
    There is always one observation, and one more when the time is up. Check mode observes once
    and does not judge: the change that would bring the state about was not made.
    Raises `NotReachedError` with the last observation.
    """
    started = clock.monotonic()
    deadline = started + timeout_seconds
    while True:
        observation = observe()
        if check_mode or reached(observation):
            return observation
        reason = hopeless(observation)
        now = clock.monotonic()
        if reason is not None:
            raise NotReachedError(observation, now - started, reason)
        if now >= deadline:
            raise NotReachedError(observation, now - started)
        clock.sleep(min(interval_seconds, deadline - now))
        interval_seconds *= growth
