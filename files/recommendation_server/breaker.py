"""Stops asking a dependency that does not answer, and tries it again once a second.

Only `OutageError` counts. A refusal (wrong table name, denied, throttled) is an answer, and as
quick as a success.
"""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from .aws import AwsError, OutageError
from .log import Condition

FAILURES_TO_OPEN = 3
RETRY_SECONDS = 1.0
T = TypeVar("T")


class Breaker:
    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._next_trial_at = 0.0
        self._condition = Condition("breaker")

    def is_open(self) -> bool:
        return self._failures >= FAILURES_TO_OPEN

    def call(self, function: Callable[[], T]) -> T:
        """What `function` returns or raises. While open: OutageError at once, but for trials."""
        with self._lock:
            if self.is_open():
                if self._clock() < self._next_trial_at:
                    raise OutageError("CircuitOpen")
                self._next_trial_at = self._clock() + RETRY_SECONDS
        try:
            answer = function()
        except OutageError as error:
            self._count(error.code)
            raise
        except AwsError:
            self._count(None)
            raise
        self._count(None)
        return answer

    def _count(self, failure: str | None) -> None:
        if failure is None and not self._failures:
            return
        with self._lock:
            self._failures = self._failures + 1 if failure else 0
            if self._failures == FAILURES_TO_OPEN:
                self._next_trial_at = self._clock() + RETRY_SECONDS
            self._condition.is_now("open" if self.is_open() else None)
