"""Everything recorded of one scenario: its replies, samples and marks, in one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal, TypeVar

from evidence.record.reply import Reply
from evidence.record.samples import (
    GroupSample,
    HealthCheckSettings,
    MachineSample,
    Sample,
    SamplingError,
    StackSample,
    TargetHealthSample,
)
from evidence.record.windows import FAULT, Window, windows

SampleType = TypeVar("SampleType", bound=Sample)


@dataclass(frozen=True)
class Mark:
    """A moment that was named. `instance` is the one a fault is on, when it is on one."""

    name: str
    at: float
    instance: str | None = None
    mutation: str | None = None
    inverse: str | None = None
    mutations: tuple[Mapping[str, Any], ...] = ()


InterruptionKind = Literal["died", "stopped", "aborted", "starved"]
"""`starved` is aborted too, on a machine that was too busy to tell whose fault it was."""

_WHAT_HAPPENED = {
    "died": "the backend died: ",
    "stopped": "stopped ",
    "aborted": "aborted: ",
    "starved": "aborted: ",
}


@dataclass(frozen=True)
class Interruption:
    """Why a scenario did not come to its end; nothing about the service can be concluded."""

    kind: InterruptionKind
    reason: str

    def __str__(self) -> str:
        return _WHAT_HAPPENED[self.kind] + self.reason


@dataclass(frozen=True)
class HeldRequests:
    """A second, thin stream of requests, whose replies the service was asked to hold.

    None of what is measured of the others counts them. `rate` is None when there was no such
    stream.
    """

    replies: tuple[Reply, ...] = ()
    missed: int = 0
    rate: float | None = None
    request_timeout_seconds: float | None = None


@dataclass(frozen=True)
class Evidence:
    """Everything recorded between a scenario's start and its stop, in the order of time.

    `begun_at` is when the observer was ready: the first request was due and every first sample
    taken. `stopped_at` is when the last request was due; of an observation that is still going on
    (`is_complete` is False) the moment of reading. `rate`, `request_timeout_seconds` and
    `sample_interval_seconds` are the observer's configuration. `heartbeats` are the moments at
    which its loop certainly ran, `end_reason` is why it gave up, if it did. `clock_offsets` are how
    far, in seconds, the clock was ahead of one that nobody sets, at the begin, each heartbeat and
    the end.
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
    held: HeldRequests = HeldRequests()
    clock_offsets: tuple[float, ...] = ()

    def of_held_requests(self) -> Evidence:
        """The same, with the held requests in place of the others."""
        held = self.held
        return replace(
            self,
            replies=held.replies,
            missed=held.missed,
            rate=held.rate,
            request_timeout_seconds=held.request_timeout_seconds,
        )

    @cached_property
    def windows(self) -> dict[str, Window]:
        start = self.started_at if self.begun_at is None else self.begun_at
        return windows(
            start, self.stopped_at, {name: mark.at for name, mark in self.marked.items()}
        )

    @cached_property
    def marked(self) -> dict[str, Mark]:
        """The marks by name, the latest of each."""
        return {mark.name: mark for mark in self.marks}

    @property
    def fault(self) -> Mark | None:
        """The mark "fault", the latest one, as the windows have it; None without one."""
        return self.marked.get(FAULT)

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

    def machine(self) -> list[MachineSample]:
        return self._of_type(MachineSample)

    def _of_type(
        self, sample_type: type[SampleType], window: Window | None = None
    ) -> list[SampleType]:
        return [
            sample
            for sample in self.samples
            if isinstance(sample, sample_type) and (window is None or sample.at in window)
        ]
