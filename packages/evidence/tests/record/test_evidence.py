"""A scenario's records are read back, and only its own."""

from pathlib import Path
from typing import Any

import pytest

from evidence.evidence import HeldRequests, Mark, read_evidence
from evidence.record.journal import append_lines, size
from evidence.record.latest import Latest
from evidence.record.reply import HELD
from evidence.record.run_folder import RunFolder
from evidence.records import Reply, StackSample, reply_to_json, sample_to_json


def entry(folder: RunFolder, scenario: str, event: str, at: float, **details: Any) -> None:
    sizes = {"requests_size": size(folder.requests), "samples_size": size(folder.samples)}
    line = {"at": at, "scenario": scenario, "event": event, **sizes, **details}
    append_lines(folder.journal, [line])


def observe(folder: RunFolder, scenario: str, start: float, killed: bool = False) -> None:
    """Write ten seconds of records, one a second, as an observer does."""
    entry(folder, scenario, "started", start, settings={"backend": "local"})
    entry(folder, scenario, "mark", start + 5, mark="fault", instance="i-b", mutation="break it")
    for second in range(10):
        reply = Reply(start + second, 0.1, 5.0, 200, "real")
        append_lines(folder.requests, [reply_to_json(reply, scenario)])
        append_lines(folder.samples, [sample_to_json(StackSample(start + second, "OK"), scenario)])
    if not killed:
        entry(folder, scenario, "stopped", start + 10, missed=2)


def starts(folder: RunFolder, scenario: str, started_at: float | None = None) -> tuple[float, int]:
    evidence = read_evidence(folder, scenario, started_at)
    assert len(evidence.samples) == len(evidence.replies)
    return evidence.replies[0].scheduled_at, len(evidence.replies)


def test_an_observation_comes_back_whole(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    observe(folder, "healthy", 100)
    evidence = read_evidence(folder, "healthy")
    assert (evidence.started_at, evidence.stopped_at, evidence.missed) == (100, 110, 2)
    assert evidence.marks == (Mark("fault", 105, "i-b", "break it"),)
    assert evidence.fault == evidence.marks[0]
    assert evidence.settings == {"backend": "local"}
    assert set(evidence.windows) == {"all", "before"}


def test_a_fault_that_was_marked_twice_is_the_latest_everywhere(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    observe(folder, "healthy", 100, killed=True)
    entry(folder, "healthy", "mark", 107, mark="fault", instance="i-c", mutation="break another")
    entry(folder, "healthy", "stopped", 110, missed=0)
    evidence = read_evidence(folder, "healthy")
    assert evidence.fault == evidence.marked["fault"] == Mark("fault", 107, "i-c", "break another")
    assert evidence.windows["before"].end == evidence.fault.at


def test_held_requests_are_told_apart_from_the_others(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    entry(
        folder, "healthy", "started", 100, settings={}, rate=50, held_rate=5, held_timeout_seconds=7
    )
    quick, slow = Reply(101, 0.1, 5.0, 200, "real"), Reply(100.5, 0.2, 1500.0, 200, "real")
    append_lines(
        folder.requests,
        [reply_to_json(slow, "healthy", HELD), reply_to_json(quick, "healthy")],
    )
    entry(folder, "healthy", "stopped", 110, missed=2, held_missed=1)
    evidence = read_evidence(folder, "healthy")
    assert (evidence.replies, evidence.missed, evidence.rate) == ((quick,), 2, 50)
    assert evidence.held == HeldRequests((slow,), 1, 5, 7)
    for kept in (5, None):
        latest = Latest(folder, "healthy", kept).read()
        assert (latest.replies, latest.held) == (evidence.replies, evidence.held)


def test_each_scenario_has_its_own_records(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    observe(folder, "healthy", 100)
    observe(folder, "fail-open", 200)
    assert starts(folder, "healthy") == (100, 10)
    assert starts(folder, "fail-open") == (200, 10)


def test_a_scenario_that_was_played_twice_has_two_observations(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    observe(folder, "healthy", 100)
    observe(folder, "healthy", 200)
    assert starts(folder, "healthy") == (200, 10)
    assert starts(folder, "healthy", started_at=100) == (100, 10)
    with pytest.raises(LookupError, match="no observation of scenario 'healthy'"):
        read_evidence(folder, "healthy", started_at=150)


def test_after_a_killed_observer_the_next_scenarios_records_are_not_taken(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    observe(folder, "healthy", 100, killed=True)
    observe(folder, "fail-open", 200)
    assert starts(folder, "healthy") == (100, 10)


def test_an_unknown_scenario_is_named(tmp_path: Path) -> None:
    with pytest.raises(LookupError, match="no observation of scenario 'healthy'"):
        read_evidence(RunFolder(tmp_path), "healthy")


@pytest.mark.parametrize(
    ("file", "was", "now", "reason", "expected"),
    [
        ("samples", '"sample":"stack"', '"sample":"zzz"', "'zzz' is missing or", "a sample, "),
        ("samples", '"status":', '"colour":', "unexpected keyword argument 'colour'", "a sample, "),
        ("samples", '"status":"OK",', "", "missing 1 required .*: 'status'", "a sample, "),
        ("samples", '"at":', '"at":"x","then":', "'x' is no number", "a sample, "),
        ("samples", '"scenario":', '"play":', "'scenario' is missing or", "a sample, "),
        ("requests", '"kind":', '"sort":', "missing 1 required .*: 'kind'", "a request, "),
        ("requests", '"latency_ms":5.0', '"latency_ms":"x"', "'x' is no number", "a request, "),
        ("journal", '"mark":', '"name":', "'mark' is missing or", "an entry, "),
        ("journal", '"at":205', '"at":"x"', "'x' is no number", "an entry, "),
        ("journal", '"settings":', '"options":', "'settings' is missing or", "an entry, "),
        ("journal", '"event":"stopped",', "", "'event' is missing or", "an entry, "),
    ],
)
def test_a_line_of_another_version_is_named(
    tmp_path: Path, file: str, was: str, now: str, reason: str, expected: str
) -> None:
    folder = RunFolder(tmp_path)
    observe(folder, "healthy", 100)
    observe(folder, "fail-open", 200, killed=True)
    entry(folder, "fail-open", "stopped", 210, requests_size=None, samples_size=None)
    path: Path = getattr(folder, file)
    lines = path.read_text().splitlines(keepends=True)
    [*_, number] = [at for at, line in enumerate(lines) if was in line]
    lines[number] = lines[number].replace(was, now, 1)
    path.write_text("".join(lines))
    with pytest.raises(ValueError, match=reason) as raised:
        read_evidence(folder, "fail-open")
    message = str(raised.value)
    assert message.startswith(f"{path}, line {number + 1}, is damaged or of another version: ")
    assert f"; {expected}" in message
    assert "\n" not in message
