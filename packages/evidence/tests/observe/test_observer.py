"""What fails in the observer ends the observation, which then says what it was."""

from __future__ import annotations

import asyncio
import errno
import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from evidence.evidence import read_evidence
from evidence.judge.backend import observers_death
from evidence.observe import observer
from evidence.observe.configuration import ObserverConfig, Subject
from evidence.observe.samplers import Sampler
from evidence.observe.watchdog import Watchdog
from evidence.record.journal import append_lines
from evidence.record.processes import ProcessIdentity
from evidence.record.run_folder import RunFolder, create_run
from evidence.records import Sample, StackSample

SCENARIO = "healthy"
LIMIT_SECONDS = 10.0
FULL = OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def me() -> ProcessIdentity:
    found = ProcessIdentity.of(os.getpid())
    assert found is not None
    return found


@pytest.fixture
def folder(tmp_path: Path, me: ProcessIdentity) -> RunFolder:
    return create_run(me, tmp_path)


@pytest.fixture
def observe(
    folder: RunFolder, me: ProcessIdentity, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Callable[[], Iterable[Sample]]], tuple[str | None, float]]:
    """Observes with one sampler; returns why it gave up, and how many seconds it took."""
    config = ObserverConfig(
        scenario=SCENARIO,
        run_folder=str(folder.path),
        url="http://127.0.0.1:1/",
        rate=20,
        timeout_seconds=1,
        sample_interval_seconds=0.1,
        limit_seconds=LIMIT_SECONDS,
        owner=me,
        subject=Subject("us-east-1", "stack", "arn", "group"),
        settings={},
    )

    def observe(take: Callable[[], Iterable[Sample]]) -> tuple[str | None, float]:
        monkeypatch.setattr(observer, "samplers", lambda *_: [Sampler("stack", 0.1, take)])
        observer.journal_boundary(folder, SCENARIO, "started", settings={})
        began = time.monotonic()
        asyncio.run(observer.Observer(config, Watchdog(me, 1)).run())
        return observers_death(read_evidence(folder, SCENARIO)), time.monotonic() - began

    return observe


def no_room_for(name: str, monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    """From the write `after` on, the disk takes no line of this record."""
    writes = 0

    def appended(path: Path, lines: Iterable[dict[str, Any]]) -> None:
        nonlocal writes
        writes += path.name == name
        if path.name == name and writes > after:
            raise FULL
        append_lines(path, lines)

    monkeypatch.setattr(observer, "append_lines", appended)


@pytest.mark.parametrize("after", [0, 2], ids=["at first", "later"])
def test_a_sample_that_cannot_be_written_ends_the_observation(
    observe: Any, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    no_room_for("samples.jsonl", monkeypatch, after)

    died, seconds = observe(lambda: [StackSample(time.time(), "CREATE_COMPLETE")])

    assert died == (
        "the observer gave up: its sampler stack failed: OSError: [Errno 28] No space left on "
        "device"
    )
    assert seconds < LIMIT_SECONDS / 2


def test_an_answer_that_no_sampler_understands_ends_the_observation(observe: Any) -> None:
    answers = iter([[StackSample(time.time(), "CREATE_COMPLETE")], []])

    died, seconds = observe(lambda: [next(answers)[0]])

    assert died == (
        "the observer gave up: its sampler stack failed: IndexError: list index out of range"
    )
    assert seconds < LIMIT_SECONDS / 2


def test_requests_that_cannot_be_written_end_the_observation(
    observe: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_room_for("requests.jsonl", monkeypatch, 2)

    died, seconds = observe(list)

    assert died == (
        "the observer gave up: its record of requests failed: OSError: [Errno 28] No space left "
        "on device"
    )
    assert seconds < LIMIT_SECONDS / 2
