"""What a daemon that starts says to its starter, through a pipe."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator

import pytest

from local_aws import starting

LONG_SECONDS = 30.0


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    """The starter's end, and the daemon's, which the test closes."""
    reader, writer = os.pipe()
    yield reader, writer
    os.close(reader)


def test_all_lines_are_read_however_many(pipe: tuple[int, int]) -> None:
    """One for each load balancer that could not keep its address."""
    reader, writer = pipe
    said = "\n".join(["ready", *(f"load balancer {number}: …" for number in range(5000))])

    def say() -> None:
        with os.fdopen(writer, "w") as daemon:
            print(said, file=daemon)

    daemon = threading.Thread(target=say)
    daemon.start()
    assert starting._read_answer(reader, LONG_SECONDS) == said
    daemon.join()


def test_a_daemon_that_ended_has_said_nothing(pipe: tuple[int, int]) -> None:
    reader, writer = pipe
    os.close(writer)
    assert starting._read_answer(reader, LONG_SECONDS) == ""


def test_a_daemon_that_says_nothing_is_not_waited_for_without_end(pipe: tuple[int, int]) -> None:
    reader, writer = pipe
    assert starting._read_answer(reader, 0.1) is None
    os.close(writer)
