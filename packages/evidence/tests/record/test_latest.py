"""An observation that goes on is read on, not again; what is kept of it is bounded."""

from dataclasses import replace
from pathlib import Path

from evidence.evidence import read_evidence
from evidence.judge.backend import death
from evidence.record.boundary import journal_boundary
from evidence.record.journal import append_lines, journal
from evidence.record.latest import Latest
from evidence.record.run_folder import RunFolder
from evidence.records import (
    GroupSample,
    HealthCheckSettings,
    Reply,
    TargetHealthSample,
    reply_to_json,
    sample_to_json,
)

SETTINGS = HealthCheckSettings(0, 1, 1, 2, 2)


def begun(path: Path) -> RunFolder:
    folder = RunFolder(path)
    journal_boundary(folder, "healthy", "started", settings={}, rate=50)
    append_lines(folder.samples, [sample_to_json(SETTINGS, "healthy")])
    return folder


def reply(folder: RunFolder, *times: float, scenario: str = "healthy") -> None:
    append_lines(
        folder.requests,
        [reply_to_json(Reply(at, 0, 1, 200, "real", instance="i-a"), scenario) for at in times],
    )


def sample(folder: RunFolder, *times: float) -> None:
    for at in times:
        for each in (TargetHealthSample(at, ()), GroupSample(at, ())):
            append_lines(folder.samples, [sample_to_json(each, "healthy")])


def test_it_reads_what_reading_everything_reads(tmp_path: Path) -> None:
    folder = begun(tmp_path)
    latest = Latest(folder, "healthy", None)
    for second in range(3):
        reply(folder, second + 0.5, second)
        reply(folder, second, scenario="other")
        sample(folder, second)
        journal(folder.journal, "healthy", "mark", mark=f"m{second}")
        seen, whole = latest.read(), read_evidence(folder, "healthy")
        assert (seen.replies, seen.samples, seen.marks) == (
            whole.replies,
            whole.samples,
            whole.marks,
        )


def test_it_keeps_the_latest_replies_and_samples_as_new_as_these(tmp_path: Path) -> None:
    folder = begun(tmp_path)
    latest = Latest(folder, "healthy", 10)
    for second in range(100):
        reply(folder, second)
        sample(folder, second)
        journal(folder.journal, "healthy", "progress", replies={}, targets={})
        evidence = latest.read()
    assert [each.scheduled_at for each in evidence.replies] == list(range(90, 100))
    health = [each.at for each in evidence.target_health()]
    assert health == list(range(89, 100)), "and the last known before them"
    assert [each.at for each in evidence.group()] == health
    assert evidence.health_check == SETTINGS
    assert len(evidence.heartbeats) <= 30
    assert death(replace(evidence, stopped_at=100)) is None, "what is forgotten is no silence"


def test_a_day_of_records_costs_no_more_than_a_minute_of_them(tmp_path: Path) -> None:
    folder = begun(tmp_path)
    sample(folder, *range(5000))
    for start in range(0, 200_000, 20_000):
        reply(folder, *range(start, start + 20_000))
    latest = Latest(folder, "healthy", 100)
    position = latest._new_requests._position
    assert folder.requests.stat().st_size - position < 100_000
    assert [each.scheduled_at for each in latest.read().replies] == list(range(199_900, 200_000))
    assert latest.read().health_check == SETTINGS


def test_a_half_written_line_is_read_once_it_is_whole(tmp_path: Path) -> None:
    folder = begun(tmp_path)
    latest = Latest(folder, "healthy", 10)
    reply(folder, 1, 2)
    text = folder.requests.read_bytes()
    folder.requests.write_bytes(text[:-5])
    assert [each.scheduled_at for each in latest.read().replies] == [1]
    folder.requests.write_bytes(text)
    assert [each.scheduled_at for each in latest.read().replies] == [1, 2]


def test_what_a_killed_observer_left_half_written_does_not_spoil_the_next_line(
    tmp_path: Path,
) -> None:
    folder = begun(tmp_path)
    reply(folder, 1, 2)
    for path in (folder.requests, folder.samples, folder.journal):
        path.write_bytes(path.read_bytes() + b'{"scenario":"healthy","sched')
    journal_boundary(folder, "healthy", "started", settings={})
    reply(folder, 3)
    sample(folder, 3)
    evidence = read_evidence(folder, "healthy")
    assert [each.scheduled_at for each in evidence.replies] == [3]
    assert len(evidence.samples) == 2
