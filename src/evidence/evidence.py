"""One scenario's records, read back from its run's folder."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import takewhile
from typing import Any, TypeVar

from evidence.journal import read_lines
from evidence.records import (
    GroupSample,
    HealthCheckSettings,
    Reply,
    Sample,
    SamplingError,
    TargetHealthSample,
    reply_from_json,
    sample_from_json,
)
from evidence.run_folder import RunFolder
from evidence.windows import FAULT, Window, windows

SampleType = TypeVar("SampleType", bound=Sample)


@dataclass(frozen=True)
class Mark:
    """A moment the play named. `instance` is the one a fault is on, when it is on one."""

    name: str
    at: float
    instance: str | None = None
    mutation: str | None = None
    inverse: str | None = None


@dataclass(frozen=True)
class Evidence:
    """Everything recorded between a scenario's start and its stop, in the order of time.

    `stopped_at` of an observation that is still going on is the moment of reading.
    """

    scenario: str
    started_at: float
    stopped_at: float
    marks: tuple[Mark, ...] = ()
    replies: tuple[Reply, ...] = ()
    samples: tuple[Sample, ...] = ()
    missed: int = 0
    settings: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def windows(self) -> dict[str, Window]:
        return windows(
            self.started_at, self.stopped_at, {mark.name: mark.at for mark in self.marks}
        )

    @property
    def fault(self) -> Mark | None:
        return next((mark for mark in self.marks if mark.name == FAULT), None)

    @property
    def health_check(self) -> HealthCheckSettings | None:
        return next(iter(self._of_type(HealthCheckSettings)), None)

    @property
    def sampling_errors(self) -> list[SamplingError]:
        return self._of_type(SamplingError)

    def replies_in(self, window: Window) -> list[Reply]:
        return [reply for reply in self.replies if reply.scheduled_at in window]

    def target_health(self, window: Window | None = None) -> list[TargetHealthSample]:
        return self._of_type(TargetHealthSample, window)

    def group(self, window: Window | None = None) -> list[GroupSample]:
        return self._of_type(GroupSample, window)

    def _of_type(
        self, sample_type: type[SampleType], window: Window | None = None
    ) -> list[SampleType]:
        return [
            sample
            for sample in self.samples
            if isinstance(sample, sample_type) and (window is None or sample.at in window)
        ]


def read_evidence(folder: RunFolder, scenario: str, started_at: float | None = None) -> Evidence:
    """One observation of a scenario: the one that started at that moment, or else the latest.

    Raises LookupError when the run has none.
    """
    entries = [entry for entry in read_lines(folder.journal) if entry["scenario"] == scenario]
    starts = [
        number
        for number, entry in enumerate(entries)
        if entry["event"] == "started" and started_at in (None, entry["at"])
    ]
    if not starts:
        raise LookupError(f"run {folder.path.name} has no observation of scenario {scenario!r}")
    started, *later = entries[starts[-1] :]
    later = list(takewhile(lambda entry: entry["event"] != "started", later))
    stopped = next((entry for entry in later if entry["event"] == "stopped"), {})
    replies = (
        reply_from_json(line)
        for line in read_lines(
            folder.requests, started["requests_size"], stopped.get("requests_size")
        )
        if line["scenario"] == scenario
    )
    samples = (
        sample_from_json(line)
        for line in read_lines(folder.samples, started["samples_size"], stopped.get("samples_size"))
        if line["scenario"] == scenario
    )
    return Evidence(
        scenario=scenario,
        started_at=started["at"],
        stopped_at=stopped.get("at", time.time()),
        marks=tuple(_mark(entry) for entry in later if entry["event"] == "mark"),
        replies=tuple(sorted(replies, key=lambda reply: reply.scheduled_at)),
        samples=tuple(sorted(samples, key=lambda sample: sample.at)),
        missed=stopped.get("missed", 0),
        settings=started["settings"],
    )


def _mark(entry: Mapping[str, Any]) -> Mark:
    return Mark(
        name=entry["mark"],
        at=float(entry.get("since", entry["at"])),
        instance=entry.get("instance"),
        mutation=entry.get("mutation"),
        inverse=entry.get("inverse"),
    )
