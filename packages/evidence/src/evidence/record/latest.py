"""What an observation has seen lately, read on from where the last reading ended.

However long the observation is, a look at it costs what is new, and keeps what the claims need.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from evidence.record.evidence import Evidence
from evidence.record.journal import NewLines, size
from evidence.record.reading import evidence_of, observation_entries
from evidence.record.reply import Reply, is_held, reply_from_json
from evidence.record.run_folder import RunFolder
from evidence.record.samples import Sample, sample_from_json

_REPLY_BYTES = 400
"""A reply's line is no longer than this; usually it is half of that."""
_HEARTBEATS = 30
_SAMPLES_BYTES = 1_000_000
"""Where the samples begin that are read at first: minutes of them."""


class Latest:
    """Reads an observation that goes on.

    With `replies` only so many of the latest replies are kept, and of the samples those that are
    as new; with None everything is.
    """

    def __init__(self, folder: RunFolder, scenario: str, replies: int | None) -> None:
        self._scenario = scenario
        self._kept = replies
        self._entries = observation_entries(folder, scenario)
        started = self._entries[0]
        self._journal = NewLines(folder.journal, size(folder.journal))
        requests_from, samples_from = started["requests_size"], started["samples_size"]
        self._samples: list[Sample] = []
        if replies is not None:
            requests_from = tail_start(folder.requests, requests_from, (replies + 1) * _REPLY_BYTES)
            self._samples = _first_settings(folder, scenario, samples_from)
            samples_from = tail_start(folder.samples, samples_from, _SAMPLES_BYTES)
        self._new_requests = NewLines(folder.requests, requests_from)
        self._new_samples = NewLines(folder.samples, samples_from)
        self._replies: list[Reply] = []
        self._held: list[Reply] = []

    def read(self) -> Evidence:
        """The evidence up to now."""
        self._entries.extend(self._ours(self._journal))
        for line in self._ours(self._new_requests):
            stream = self._held if is_held(line) else self._replies
            insort(stream, reply_from_json(line), key=lambda each: each.scheduled_at)
        self._samples.extend(sample_from_json(line) for line in self._ours(self._new_samples))
        if self._kept is not None:
            del self._replies[: -self._kept], self._held[: -self._kept]
            self._forget_old_samples()
            self._forget_old_heartbeats()
        return evidence_of(self._entries, self._replies, self._held, self._samples)

    def _forget_old_samples(self) -> None:
        """Keep what is as new as the replies, and the one of each kind before: the last known."""
        if not self._replies:
            return
        start = self._replies[0].scheduled_at
        newest: dict[tuple[type[Sample], str], Sample] = {}
        for sample in self._samples:
            if sample.at < start:
                newest[type(sample), getattr(sample, "sampler", "")] = sample
        kept = {id(sample) for sample in newest.values()}
        self._samples = [
            sample for sample in self._samples if sample.at >= start or id(sample) in kept
        ]

    def _forget_old_heartbeats(self) -> None:
        beats = [entry for entry in self._entries if entry["event"] == "progress"]
        old = {id(entry) for entry in beats[:-_HEARTBEATS]}
        self._entries = [entry for entry in self._entries if id(entry) not in old]

    def _ours(self, lines: NewLines) -> Iterator[dict[str, Any]]:
        return (line for line in lines.new() if line.get("scenario") == self._scenario)


def tail_start(path: Path, start: int, wanted: int) -> int:
    """Where a line begins so that about `wanted` bytes are left, but not before `start`."""
    position = size(path) - wanted
    if position <= start:
        return start
    with path.open("rb") as file:
        file.seek(position)
        return position + len(file.readline())


def _first_settings(folder: RunFolder, scenario: str, start: int) -> list[Sample]:
    """The health check's settings: what an observation samples first, and once."""
    for line in NewLines(folder.samples, start).new():
        if line.get("scenario") == scenario and line.get("sample") == "health_check":
            return [sample_from_json(line)]
        if line.get("sample") not in {"health_check", "error"}:
            break
    return []
