"""One scenario's records, read back from its run's folder."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from evidence.record.evidence import Evidence, HeldRequests, Interruption, Mark
from evidence.record.journal import line_number, placed_lines
from evidence.record.reply import Reply, is_held, reply_from_json
from evidence.record.run_folder import RunFolder
from evidence.record.samples import SAMPLE_NAMES, Sample, sample_from_json

Read = TypeVar("Read")

_NEEDED = {
    "started": ("requests_size", "samples_size", "settings"),
    "mark": ("mark",),
    "interrupted": ("kind", "reason"),
}
"""What an entry of the journal must say besides `event` and `at`."""
_EXPECTED = {
    "journal.jsonl": "an entry, with scenario, event, at and what belongs to the event,",
    "requests.jsonl": "a request, with scenario, scheduled_at, late_ms, latency_ms and kind,",
    "samples.jsonl": f"a sample, one of {', '.join(SAMPLE_NAMES)}, with the fields of its kind,",
}


def read_evidence(folder: RunFolder, scenario: str, started_at: float | None = None) -> Evidence:
    """One observation of a scenario: the one that started at that moment, or else the latest.

    Raises LookupError when the run has none, and ValueError, in one line, for a record that is
    damaged or of another version.
    """
    entries = observation_entries(folder, scenario, started_at)
    started = entries[0]
    stopped = next((entry for entry in entries if entry["event"] == "stopped"), {})
    replies: list[Reply] = []
    held: list[Reply] = []
    start, end = started["requests_size"], stopped.get("requests_size")
    for line_is_held, reply in _read(_reply, folder.requests, scenario, start, end):
        (held if line_is_held else replies).append(reply)
    start, end = started["samples_size"], stopped.get("samples_size")
    samples = _read(_sample, folder.samples, scenario, start, end)
    return evidence_of(entries, replies, held, samples)


def observation_entries(
    folder: RunFolder, scenario: str, started_at: float | None = None
) -> list[dict[str, Any]]:
    """The journal's entries of one observation, "started" first.

    Raises LookupError without any, and ValueError for one that cannot be read.
    """
    found: list[dict[str, Any]] = []
    for entry in _read(_entry, folder.journal, scenario):
        if entry["event"] == "started":
            if found and started_at is not None:
                break
            found = [entry] if started_at in (None, entry["at"]) else []
        elif found:
            found.append(entry)
    if not found:
        raise LookupError(f"run {folder.path.name} has no observation of scenario {scenario!r}")
    return found


def evidence_of(
    entries: Sequence[Mapping[str, Any]],
    replies: Iterable[Reply],
    held: Iterable[Reply],
    samples: Iterable[Sample],
) -> Evidence:
    """The evidence that an observation's journal entries, replies and samples make."""
    started = entries[0]
    stopped = next((entry for entry in entries if entry["event"] == "stopped"), None)
    at_end = stopped or {}
    begun = (entry["at"] for entry in entries if entry["event"] == "observing")
    interrupted = (entry for entry in entries if entry["event"] == "interrupted")
    return Evidence(
        scenario=started["scenario"],
        started_at=started["at"],
        stopped_at=time.time() if stopped is None else stopped.get("until", stopped["at"]),
        marks=tuple(_mark(entry) for entry in entries if entry["event"] == "mark"),
        replies=_in_order(replies),
        samples=tuple(sorted(samples, key=lambda sample: sample.at)),
        missed=at_end.get("missed", 0),
        settings=started["settings"],
        begun_at=next(begun, None),
        is_complete=stopped is not None,
        rate=started.get("rate"),
        request_timeout_seconds=started.get("request_timeout_seconds"),
        sample_interval_seconds=started.get("sample_interval_seconds"),
        end_reason=at_end.get("reason"),
        heartbeats=tuple(entry["at"] for entry in entries if entry["event"] == "progress"),
        interruption=next(
            (Interruption(entry["kind"], entry["reason"]) for entry in interrupted), None
        ),
        held=HeldRequests(
            replies=_in_order(held),
            missed=at_end.get("held_missed", 0),
            rate=started.get("held_rate"),
            request_timeout_seconds=started.get("held_timeout_seconds"),
        ),
        clock_offsets=tuple(entry["clock_offset"] for entry in entries if "clock_offset" in entry),
    )


def _read(
    read: Callable[[dict[str, Any]], Read],
    path: Path,
    scenario: str,
    start: int = 0,
    end: int | None = None,
) -> Iterator[Read]:
    """What the lines of a scenario say. Raises ValueError for one that `read` cannot read.

    Its message names the file, the line and what is expected there.
    """
    for position, line in placed_lines(path, start, end):
        try:
            if line["scenario"] == scenario:
                yield read(line)
        except (KeyError, TypeError) as error:
            missing = isinstance(error, KeyError)
            reason = f"{error.args[0]!r} is missing or unknown" if missing else str(error)
            raise ValueError(
                f"{path}, line {line_number(path, position)}, is damaged or of another version: "
                f"{reason}; {_EXPECTED[path.name]} is expected"
            ) from error


def _reply(line: dict[str, Any]) -> tuple[bool, Reply]:
    """A request, and whether it is a held one."""
    reply = reply_from_json(line)
    for value in (reply.scheduled_at, reply.late_ms, reply.latency_ms):
        _check_number(value)
    return is_held(line), reply


def _sample(line: dict[str, Any]) -> Sample:
    _check_number(line["at"])
    return sample_from_json(line)


def _entry(line: dict[str, Any]) -> dict[str, Any]:
    _check_number(line["at"])
    _check_number(line.get("clock_offset", 0))
    for name in _NEEDED.get(line["event"], ()):
        if name not in line:
            raise KeyError(name)
    return line


def _check_number(value: object) -> None:
    if not isinstance(value, int | float):
        raise TypeError(f"{value!r} is no number")


def _in_order(replies: Iterable[Reply]) -> tuple[Reply, ...]:
    return tuple(sorted(replies, key=lambda reply: reply.scheduled_at))


def _mark(entry: Mapping[str, Any]) -> Mark:
    return Mark(
        name=entry["mark"],
        at=float(entry.get("since", entry["at"])),
        instance=entry.get("instance"),
        mutation=entry.get("mutation"),
        inverse=entry.get("inverse"),
        mutations=tuple(entry.get("mutations", ())),
    )
