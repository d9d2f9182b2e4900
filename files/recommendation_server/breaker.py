"""Stops asking a dependency that does not answer, and asks again once a second.

Only `Unavailable` counts: a refusal (wrong table name, denied, throttled) is an answer, and it is
as quick as a success.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from recommendation_server.errors import Unavailable
from recommendation_server.log import Change

FAILURES_TO_OPEN = 3
RETRY_SECONDS = 1.0


class Breaker:
    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._next_trial_at = 0.0
        self._change = Change("dependency")

    @property
    def is_open(self) -> bool:
        return self._failures >= FAILURES_TO_OPEN

    @contextmanager
    def guard(self) -> Iterator[None]:
        """Raises Unavailable at once while open, but for one trial each RETRY_SECONDS."""
        with self._lock:
            if self.is_open:
                if self._clock() < self._next_trial_at:
                    raise Unavailable("CircuitOpen")
                self._next_trial_at = self._clock() + RETRY_SECONDS
        try:
            yield
        except Unavailable as error:
            with self._lock:
                self._failures += 1
                if self._failures == FAILURES_TO_OPEN:
                    self._next_trial_at = self._clock() + RETRY_SECONDS
            if self.is_open:
                self._change.now(error.code)
            raise
        except Exception:
            self._answered()
            raise
        else:
            self._answered()

    def _answered(self) -> None:
        if self._failures:
            with self._lock:
                self._failures = 0
            self._change.now(None)
