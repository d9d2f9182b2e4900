"""Reads that callers share: one at a time for each key, its answer kept for a moment."""

import copy
import threading
import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Generic, TypeVar

T = TypeVar("T")


class SharedReads(Generic[T]):
    """An answer is kept for `lifetime_seconds` from the begin of its read, and so is a failure;
    with 0 it goes only to those who waited for it.

    So a dependency that is slow, or refuses, is asked once, and not once for each caller in turn.
    """

    def __init__(
        self, lifetime_seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._lifetime_seconds = lifetime_seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._reads: dict[Hashable, tuple[float, Future[T]]] = {}  # by key: when begun, outcome

    def get(self, key: Hashable, read: Callable[[], T]) -> T:
        """The answer to `key`, or what `read` raises."""
        now = self._clock()
        with self._lock:
            self._reads = {
                kept: (begun_at, outcome)
                for kept, (begun_at, outcome) in self._reads.items()
                if now - begun_at < self._lifetime_seconds or not outcome.done()
            }
            is_mine = key not in self._reads
            if is_mine:
                self._reads[key] = (now, Future())
            outcome = self._reads[key][1]
        if is_mine:
            try:
                outcome.set_result(read())
            except BaseException as error:  # noqa: BLE001 - raised below, to all who waited
                outcome.set_exception(error)
        if failure := outcome.exception():
            # Itself it would gather the frames of all who raise it.
            raise copy.copy(failure) from failure
        return outcome.result()
