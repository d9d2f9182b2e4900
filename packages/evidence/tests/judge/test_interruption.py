"""What ends a scenario early, and what does not."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from story import Story

from evidence.evidence import read_evidence
from evidence.judge.interruption import (
    Interruptions,
    ScenarioEndedError,
    abort_reason,
    asked_to_stop,
)
from evidence.observe.configuration import AbortCondition, ObserverConfig, Subject
from evidence.observe.observation import RunningObserver
from evidence.record.boundary import journal_boundary
from evidence.record.journal import append_lines
from evidence.record.processes import ProcessIdentity
from evidence.record.run_folder import RunFolder
from evidence.records import MachineSample, StackSample, TargetHealthSample, sample_to_json

ABORT = AbortCondition(below=0.5, seconds=10)


def failing(start: int, end: int, **marks: Any) -> Any:
    """Every request fails from one second to another; two instances reply otherwise."""
    tale = Story(**marks).traffic(0, start, ["i-a"])
    tale.traffic(start, end, [None], "error").traffic(end, 30, ["i-a"])
    return tale.evidence()


def test_too_many_errors_abort() -> None:
    assert abort_reason(failing(24, 30, steady=0), ABORT) == (
        "40.00% of the requests of 10 s succeeded, outside the fault's impact; 50.00% must"
    )
    assert abort_reason(failing(20, 30, steady=0, fault=15), ABORT) is not None


@pytest.mark.parametrize(
    ("start", "end", "marks", "abort"),
    [
        (26, 30, {"steady": 0}, ABORT),
        (10, 20, {"steady": 0}, ABORT),
        (0, 30, {}, ABORT),
        (0, 30, {"steady": 25}, ABORT),
        (20, 30, {"steady": 0, "fault": 20}, replace(ABORT, impact="errors")),
        (0, 30, {"steady": 0}, replace(ABORT, below=0)),
    ],
    ids=["few", "over", "not steady yet", "steady of late", "declared", "control"],
)
def test_what_does_not_abort(start: int, end: int, marks: Any, abort: Any) -> None:
    assert abort_reason(failing(start, end, **marks), abort) is None


def test_a_fault_that_fails_requests_excuses_none_before_it() -> None:
    assert abort_reason(failing(15, 30, steady=0), replace(ABORT, impact="errors"))


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (None, None),
        (b"", "by an operator"),
        (b"ada\n", "by ada"),
        (b"ada\nand \x1b[31m bob", "by ada and \x1b[31m bob"),
        (b"\xff" * 10, "by " + "\ufffd" * 10),
        (b"x" * 10_000, "by " + "x" * 200),
    ],
)
def test_who_asks_to_stop(tmp_path: Path, text: bytes | None, asked: str | None) -> None:
    folder = RunFolder(tmp_path)
    if text is not None:
        folder.stop.write_bytes(text)
    assert asked_to_stop(folder) == asked


@pytest.fixture
def observer(tmp_path: Path) -> RunningObserver:
    owner = ProcessIdentity(1, "then")
    subject = Subject("us-east-1", "demo", "arn", "group")
    config = ObserverConfig(
        "healthy", str(tmp_path), "http://x/", 50, 5, 0.2, 60, owner, subject, {}
    )
    journal_boundary(RunFolder(tmp_path), "healthy", "started", settings={"backend": "local"})
    return RunningObserver(owner, config)


def test_a_reason_is_written_down_and_stays(observer: RunningObserver) -> None:
    interruptions = Interruptions(observer, 0)
    interruptions.check(read_evidence(observer.folder, "healthy"))
    observer.folder.stop.write_text("ada")
    with pytest.raises(ScenarioEndedError, match=r"^stopped by ada at its beginning$"):
        interruptions.check(read_evidence(observer.folder, "healthy"))
    with pytest.raises(ScenarioEndedError, match=r"^stopped by ada"):
        interruptions.check(read_evidence(observer.folder, "healthy"))


def test_records_that_a_full_disk_cut_off_are_no_backends_death(
    observer: RunningObserver,
) -> None:
    """The journal may take a line yet, in its last block."""
    (observer.folder.path / f".room-{os.getpid()}").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left on device"):
        Interruptions(observer, 0).end("died", "the local AWS has not answered for 12.3 s")
    assert read_evidence(observer.folder, "healthy").interruption is None
    assert not list(observer.folder.path.glob(".room-*"))
    with pytest.raises(ScenarioEndedError, match="has not answered"):
        Interruptions(observer, 0).end("died", "the local AWS has not answered for 12.3 s")


def test_the_step_is_that_after_the_mark_that_was_written_last(observer: RunningObserver) -> None:
    """Both marks name the moment at which what was awaited began."""
    for name in ("steady", "settled"):
        journal_boundary(observer.folder, "healthy", "mark", mark=name, since=10.0)
    observer.folder.stop.write_text("ada")
    with pytest.raises(ScenarioEndedError, match="at the step after 'settled'"):
        Interruptions(observer, 0).check(read_evidence(observer.folder, "healthy"))


@pytest.mark.parametrize(("stall_ms", "kind"), [(20, "aborted"), (140, "starved")])
def test_an_abort_says_whether_the_machine_was_too_busy(
    observer: RunningObserver, stall_ms: float, kind: str
) -> None:
    evidence = failing(22, 30, steady=0)
    seen = [TargetHealthSample(at, ()) for at in range(31)]
    seen += [MachineSample(27, 0.2, stall_ms)]
    with pytest.raises(ScenarioEndedError, match=r"aborted: .* succeeded") as raised:
        Interruptions(observer, 0).check(replace(evidence, samples=tuple(seen)))
    assert raised.value.interruption.kind == kind
    assert ("this machine was too busy: it stood still for 140" in str(raised.value)) is (
        kind == "starved"
    )
    assert read_evidence(observer.folder, "healthy").interruption == raised.value.interruption


def test_only_what_happens_to_the_stack_while_a_task_waits_is_somebody_elses_doing(
    observer: RunningObserver,
) -> None:
    def seen(*samples: Any) -> Any:
        lines = [sample_to_json(sample, "healthy") for sample in samples]
        append_lines(observer.folder.samples, lines)
        evidence = read_evidence(observer.folder, "healthy")
        return replace(evidence, started_at=0, stopped_at=6.0)

    ours = StackSample(1, "UPDATE_IN_PROGRESS", "arn", "10:00")
    health = [TargetHealthSample(at, ()) for at in range(6)]
    interruptions = Interruptions(observer, began_at=2)
    interruptions.check(seen(ours, *health, StackSample(3, "UPDATE_COMPLETE", "arn", "10:00")))
    with pytest.raises(ScenarioEndedError, match="the backend died: somebody else changes"):
        interruptions.check(seen(StackSample(5, "UPDATE_IN_PROGRESS", "arn", "10:05")))
