"""One scenario's records, read back from its run's folder."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from evidence.record.evidence import Evidence, HeldRequests, Interruption, Mark
from evidence.record.journal import read_lines
from evidence.record.reply import Reply, is_held, reply_from_json
from evidence.record.run_folder import RunFolder
from evidence.record.samples import Sample, sample_from_json


def read_evidence(folder: RunFolder, scenario: str, started_at: float | None = None) -> Evidence:
    """One observation of a scenario: the one that started at that moment, or else the latest.

    Raises LookupError when the run has none.
    """
    entries = observation_entries(folder, scenario, started_at)
    started = entries[0]
    stopped = next((entry for entry in entries if entry["event"] == "stopped"), {})
    replies: list[Reply] = []
    held: list[Reply] = []
    for line in read_lines(folder.requests, started["requests_size"], stopped.get("requests_size")):
        if line["scenario"] == scenario:
            (held if is_held(line) else replies).append(reply_from_json(line))
    samples = (
        sample_from_json(line)
        for line in read_lines(folder.samples, started["samples_size"], stopped.get("samples_size"))
        if line["scenario"] == scenario
    )
    return evidence_of(entries, replies, held, samples)


def observation_entries(
    folder: RunFolder, scenario: str, started_at: float | None = None
) -> list[dict[str, Any]]:
    """The journal's entries of one observation, "started" first. Raises LookupError."""
    found: list[dict[str, Any]] = []
    for entry in read_lines(folder.journal):
        if entry.get("scenario") != scenario:
            continue
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
    begun = (entry["at"] for entry in entries if entry["event"] == "observing")
    return Evidence(
        scenario=started["scenario"],
        started_at=started["at"],
        stopped_at=time.time() if stopped is None else stopped.get("until", stopped["at"]),
        marks=tuple(_mark(entry) for entry in entries if entry["event"] == "mark"),
        replies=_in_order(replies),
        samples=tuple(sorted(samples, key=lambda sample: sample.at)),
        missed=0 if stopped is None else stopped.get("missed", 0),
        settings=started["settings"],
        begun_at=next(begun, None),
        is_complete=stopped is not None,
        rate=started.get("rate"),
        request_timeout_seconds=started.get("request_timeout_seconds"),
        sample_interval_seconds=started.get("sample_interval_seconds"),
        end_reason=None if stopped is None else stopped.get("reason"),
        heartbeats=tuple(entry["at"] for entry in entries if entry["event"] == "progress"),
        interruption=next(
            (
                Interruption(entry["kind"], entry["reason"])
                for entry in entries
                if entry["event"] == "interrupted"
            ),
            None,
        ),
        held=HeldRequests(
            replies=_in_order(held),
            missed=0 if stopped is None else stopped.get("held_missed", 0),
            rate=started.get("held_rate"),
            request_timeout_seconds=started.get("held_timeout_seconds"),
        ),
    )


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
