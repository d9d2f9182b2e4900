"""Records are lines of JSON and come back as they were."""

import json
import multiprocessing
from pathlib import Path

import pytest

from evidence import records
from evidence.record.journal import append_lines, read_lines

SAMPLES = [
    records.TargetHealthSample(
        1.5,
        (
            records.TargetState("i-1", 80, None, "healthy"),
            records.TargetState("i-2", 80, "z", "unhealthy", "Target.Timeout", "too slow"),
        ),
    ),
    records.GroupSample(2.0, (records.GroupInstance("i-1", "z", "InService", "3"),)),
    records.StackSample(3.0, "UPDATE_COMPLETE"),
    records.Activity(4.0, "a-1", 3.5, "InProgress", "Launching"),
    records.SamplingError(5.0, "stack", "throttled"),
    records.HealthCheckSettings(6.0, 10, 5, 2, 2),
]


@pytest.mark.parametrize("sample", SAMPLES)
def test_samples_come_back_as_they_were(sample: records.Sample) -> None:
    line = json.loads(json.dumps(records.sample_to_json(sample, "healthy")))
    assert line["scenario"] == "healthy"
    assert records.sample_from_json(line) == sample


@pytest.mark.parametrize(
    "reply",
    [
        records.Reply(1.25, 0.5, 7.5, 200, "real", None, "i-1", "z", "1.0.0"),
        records.Reply(1.25, 0.5, 7.5, None, "error", "refused"),
    ],
)
def test_replies_come_back_as_they_were(reply: records.Reply) -> None:
    line = json.loads(json.dumps(records.reply_to_json(reply, "healthy")))
    assert records.reply_from_json(line) == reply


def test_bounds_that_follow_from_the_health_check() -> None:
    settings = records.HealthCheckSettings(
        0, interval_seconds=10, timeout_seconds=5, healthy_threshold=3, unhealthy_threshold=2
    )
    assert settings.eviction_seconds == 25
    assert settings.recovery_seconds == 35


def test_a_group_knows_who_is_on_the_way_out() -> None:
    sample = records.GroupSample(
        0,
        tuple(
            records.GroupInstance(name, "z", state)
            for name, state in (
                ("i-1", "InService"),
                ("i-2", "Terminating:Wait"),
                ("i-3", "Terminated"),
                ("i-4", "Pending"),
            )
        ),
    )
    assert sample.present == {"i-1", "i-4"}
    assert sample.in_service == 1


def test_a_line_that_is_half_written_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    assert list(read_lines(path)) == []
    append_lines(path, [{"number": 1}, {"number": 2}])
    path.write_text(path.read_text() + '{"number"')
    assert [line["number"] for line in read_lines(path)] == [1, 2]


def _write(path: Path, writer: int) -> None:
    for number in range(200):
        append_lines(path, [{"writer": writer, "number": number, "padding": "x" * 500}])


def test_two_writers_never_mix_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=_write, args=(path, number)) for number in (1, 2)]
    for process in writers:
        process.start()
    for process in writers:
        process.join(30)
    lines = list(read_lines(path))
    assert len(lines) == 400
    for writer in (1, 2):
        numbers = [line["number"] for line in lines if line["writer"] == writer]
        assert numbers == list(range(200))
