"""Evidence that tests write themselves: replies and samples at chosen moments."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from evidence.evidence import Evidence, HeldRequests, Mark
from evidence.records import (
    GroupInstance,
    GroupSample,
    Reply,
    Sample,
    TargetHealthSample,
    TargetState,
)

ZONES = ("us-east-1a", "us-east-1b", "us-east-1c")


@dataclass
class Story:
    """A scenario from second 0 to second `end`, with the marks that it is given a time of."""

    end: float = 30
    steady: float | None = None
    fault: float | None = None
    fault_on: str | None = None
    settled: float | None = None
    repair: float | None = None
    restored: float | None = None
    replies: list[Reply] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    held: list[Reply] = field(default_factory=list)

    def reply(self, at: float, kind: Any = "real", **given: Any) -> "Story":
        self.replies.append(self._reply(at, kind, **given))
        return self

    def hold(self, start: int, end: int, kind: Any = "real", **given: Any) -> "Story":
        """Each second a request whose reply is held for 1.5 s."""
        self.held += [
            self._reply(second, kind, **{"latency_ms": 1500.0, **given})
            for second in range(start, end)
        ]
        return self

    def _reply(self, at: float, kind: Any, **given: Any) -> Reply:
        defaults: dict[str, Any] = {
            "status": 502 if kind == "error" else 200,
            "error": "502" if kind == "error" else None,
            "instance": None if kind == "error" else "i-a",
            "latency_ms": 5.0,
            "late_ms": 0.5,
        }
        return Reply(scheduled_at=at, kind=kind, **{**defaults, **given})

    def traffic(
        self, start: int, end: int, instances: Iterable[str], kind: Any = "real", **given: Any
    ) -> "Story":
        """Each instance replies once in each second."""
        for second in range(start, end):
            for number, instance in enumerate(instances):
                self.reply(second + number / 10, kind, instance=instance, **given)
        return self

    def health(
        self, start: int, end: int, states: dict[str, str], reason: str | None = None
    ) -> "Story":
        """Target health, sampled each second."""
        for second in range(start, end):
            targets = tuple(
                TargetState(name, 80, None, state, None if state == "healthy" else reason)
                for name, state in states.items()
            )
            self.samples.append(TargetHealthSample(second, targets))
        return self

    def group(self, start: int, end: int, states: dict[str, str]) -> "Story":
        """The group, sampled each second; zones by the order of the instances."""
        for second in range(start, end):
            instances = tuple(
                GroupInstance(name, ZONES[number % 3], state)
                for number, (name, state) in enumerate(states.items())
            )
            self.samples.append(GroupSample(second, instances))
        return self

    def evidence(self) -> Evidence:
        marks = [Mark("fault", self.fault, self.fault_on)] if self.fault is not None else []
        times = {
            "steady": self.steady,
            "settled": self.settled,
            "repair": self.repair,
            "restored": self.restored,
        }
        marks += [Mark(name, at) for name, at in times.items() if at is not None]
        return Evidence(
            scenario="tale",
            started_at=0,
            stopped_at=self.end,
            marks=tuple(marks),
            replies=tuple(sorted(self.replies, key=lambda reply: reply.scheduled_at)),
            samples=tuple(sorted(self.samples, key=lambda sample: sample.at)),
            held=HeldRequests(tuple(sorted(self.held, key=lambda reply: reply.scheduled_at))),
        )
