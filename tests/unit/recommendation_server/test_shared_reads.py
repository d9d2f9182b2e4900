from __future__ import annotations

import threading
import traceback
from concurrent.futures import ThreadPoolExecutor

import pytest

from recommendation_server.shared_reads import SharedReads


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


class Source:
    """Counts its reads; each waits until it may answer."""

    def __init__(self, error: Exception | None = None) -> None:
        self.count = 0
        self.error = error
        self.begun = threading.Event()
        self.go_on = threading.Event()

    def read(self) -> int:
        self.count += 1
        self.begun.set()
        assert self.go_on.wait(5)
        if self.error:
            raise self.error
        return self.count


@pytest.mark.parametrize("lifetime_seconds", [0, 1])
def test_those_who_come_while_a_read_is_under_way_share_it(lifetime_seconds: float) -> None:
    reads: SharedReads[int] = SharedReads(lifetime_seconds, Clock())
    source = Source()
    with ThreadPoolExecutor(8) as pool:
        first = pool.submit(reads.get, "key", source.read)
        assert source.begun.wait(5)
        others = [pool.submit(reads.get, "key", source.read) for _ in range(7)]
        source.go_on.set()
        answers = [future.result(5) for future in (first, *others)]
    assert answers[0] == 1
    assert source.count == 1 or lifetime_seconds == 0


def test_an_answer_lives_as_long_as_told_from_the_begin_of_its_read() -> None:
    clock = Clock()
    reads: SharedReads[str] = SharedReads(1.0, clock)
    assert reads.get("key", lambda: "old") == "old"
    clock.now += 0.99
    assert reads.get("key", lambda: "new") == "old"
    clock.now += 0.01
    assert reads.get("key", lambda: "new") == "new"


def test_keys_do_not_mix_and_old_ones_are_forgotten() -> None:
    clock = Clock()
    reads: SharedReads[int] = SharedReads(1.0, clock)
    assert [reads.get(number, lambda number=number: number) for number in range(9)] == [*range(9)]  # type: ignore[misc]
    clock.now += 1
    reads.get("other", lambda: 0)
    assert len(reads._reads) == 1


@pytest.mark.parametrize("lifetime_seconds", [0, 1])
def test_a_failure_goes_to_all_who_waited(lifetime_seconds: float) -> None:
    clock = Clock()
    reads: SharedReads[int] = SharedReads(lifetime_seconds, clock)
    source = Source(ValueError("no"))
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(reads.get, "key", source.read)
        assert source.begun.wait(5)
        second = pool.submit(reads.get, "key", source.read)
        source.go_on.set()
        for future in (first, second):
            with pytest.raises(ValueError, match="no"):
                future.result(5)
    clock.now += lifetime_seconds
    assert reads.get("key", lambda: 7) == 7


def test_a_failure_lives_as_long_as_an_answer() -> None:
    clock = Clock()
    reads: SharedReads[int] = SharedReads(1.0, clock)

    def refused() -> int:
        clock.now += 0.5
        raise ValueError("no")

    for _ in range(2):
        with pytest.raises(ValueError, match="no"):
            reads.get("key", refused)
    assert clock.now == 100.5  # the second got what the first had read
    clock.now += 0.5
    assert reads.get("key", lambda: 7) == 7


def test_a_failure_that_is_shared_does_not_grow() -> None:
    """Each raise of the same exception would add its frames, and all that these hold, to it."""
    reads: SharedReads[int] = SharedReads(1.0, Clock())

    def refused() -> int:
        raise ValueError("no")

    def frames() -> int:
        try:
            return reads.get("key", refused)
        except ValueError as error:
            return len(traceback.extract_tb(error.__traceback__))

    frames()
    assert len({frames() for _ in range(10)}) == 1
