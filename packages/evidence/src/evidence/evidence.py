"""One scenario's records, read back from its run's folder."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, TypeVar

from evidence.journal import read_lines
from evidence.records import (
    GroupSample,
    HealthCheckSettings,
    Reply,
    Sample,
    SamplingError,
    StackSample,
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
    mutations: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Interruption:
    """Why a scenario did not come to its end; nothing about the service can be concluded."""

    kind: Literal["died", "stopped", "aborted"]
    reason: str

    def __str__(self) -> str:
        what = {"died": "the backend died: ", "stopped": "stopped ", "aborted": "aborted: "}
        return what[self.kind] + self.reason


@dataclass(frozen=True)
class Evidence:
    """Everything recorded between a scenario's start and its stop, in the order of time.

    `begun_at` is when the observer was ready: the first request was due and every first sample
    taken. `stopped_at` is when the last request was due; of an observation that is still going on
    (`is_complete` is False) the moment of reading. `rate`, `request_timeout_seconds` and
    `sample_interval_seconds` are what the observer was told; `heartbeats` the moments at which its
    loop certainly ran. `end_reason` is why it gave up, if it did.
    """

    scenario: str
    started_at: float
    stopped_at: float
    marks: tuple[Mark, ...] = ()
    replies: tuple[Reply, ...] = ()
    samples: tuple[Sample, ...] = ()
    missed: int = 0
    settings: Mapping[str, Any] = field(default_factory=dict)
    begun_at: float | None = None
    is_complete: bool = True
    rate: float | None = None
    request_timeout_seconds: float | None = None
    sample_interval_seconds: float | None = None
    heartbeats: tuple[float, ...] = ()
    interruption: Interruption | None = None
    end_reason: str | None = None

    @cached_property
    def windows(self) -> dict[str, Window]:
        start = self.started_at if self.begun_at is None else self.begun_at
        return windows(start, self.stopped_at, {mark.name: mark.at for mark in self.marks})

    @property
    def fault(self) -> Mark | None:
        return next((mark for mark in self.marks if mark.name == FAULT), None)

    @property
    def health_check(self) -> HealthCheckSettings | None:
        return next(iter(self._of_type(HealthCheckSettings)), None)

    @cached_property
    def sampling_errors(self) -> list[SamplingError]:
        return self._of_type(SamplingError)

    def sampled_by(self, sampler: str) -> list[TargetHealthSample] | list[GroupSample]:
        """What the sampler "target_health" or "group" took, without what AWS itself doubts."""
        if sampler == "group":
            return self.group()
        return [each for each in self.target_health() if each.load_balancer_error is None]

    def replies_in(self, window: Window) -> list[Reply]:
        return [reply for reply in self.replies if reply.scheduled_at in window]

    def target_health(self, window: Window | None = None) -> list[TargetHealthSample]:
        return self._of_type(TargetHealthSample, window)

    def group(self, window: Window | None = None) -> list[GroupSample]:
        return self._of_type(GroupSample, window)

    def stack(self) -> list[StackSample]:
        return self._of_type(StackSample)

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
    entries = observation_entries(folder, scenario, started_at)
    started = entries[0]
    stopped = next((entry for entry in entries if entry["event"] == "stopped"), {})
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
    return evidence_of(entries, replies, samples)


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
    entries: Sequence[Mapping[str, Any]], replies: Iterable[Reply], samples: Iterable[Sample]
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
        replies=tuple(sorted(replies, key=lambda reply: reply.scheduled_at)),
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
    )


def _mark(entry: Mapping[str, Any]) -> Mark:
    return Mark(
        name=entry["mark"],
        at=float(entry.get("since", entry["at"])),
        instance=entry.get("instance"),
        mutation=entry.get("mutation"),
        inverse=entry.get("inverse"),
        mutations=tuple(entry.get("mutations", ())),
    )
