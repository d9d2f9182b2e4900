"""Replies and samples as series over time, in seconds from a scenario's start. All pure.

However many requests a run has, a chart gets a few hundred points: the report stays small.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from evidence.judge.statistics import percentile
from evidence.record.evidence import Evidence
from evidence.record.reply import Reply

MAXIMUM_POINTS = 200
_WIDTHS = (0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600)


@dataclass(frozen=True)
class Buckets:
    """A stretch of time, cut into parts; all times in seconds, `edges` from its start.

    The parts are equal, but for the last: it is shorter or longer by half of one at most.
    """

    start: float
    edges: tuple[float, ...]

    @property
    def count(self) -> int:
        return len(self.edges) - 1

    @property
    def lengths(self) -> list[float]:
        return [end - start for start, end in pairwise(self.edges)]

    @property
    def middles(self) -> list[float]:
        return [(start + end) / 2 for start, end in pairwise(self.edges)]

    def number(self, at: float) -> int:
        width = self.edges[1]
        return min(self.count - 1, max(0, int((at - self.start) / width)))


@dataclass(frozen=True)
class Lane:
    """How long a target was in one state: one stretch of its lane."""

    instance: str
    state: str
    start: float
    end: float
    reason: str | None = None


@dataclass(frozen=True)
class Latency:
    """Percentiles of each part; None where there was no request."""

    p50: list[float | None]
    p95: list[float | None]
    p99: list[float | None]


def buckets(start: float, end: float) -> Buckets:
    """Cut a stretch into at most MAXIMUM_POINTS parts of a length that is easy to read."""
    seconds = max(end - start, 0.1)
    width = next((w for w in _WIDTHS if seconds / w <= MAXIMUM_POINTS), seconds / MAXIMUM_POINTS)
    count = max(1, round(seconds / width))
    return Buckets(start, (*(round(number * width, 3) for number in range(count)), seconds))


def rates(replies: Iterable[Reply], field: str, cut: Buckets) -> dict[str, list[float]]:
    """Replies a second in each part, by a field's value; replies without one are under ""."""
    counts: dict[str, list[int]] = {}
    for reply in replies:
        value = getattr(reply, field) or ""
        series = counts.get(value)
        if series is None:
            series = counts[value] = [0] * cut.count
        series[cut.number(reply.scheduled_at)] += 1
    return {
        value: [
            round(count / length, 3)
            for count, length in zip(counts[value], cut.lengths, strict=True)
        ]
        for value in sorted(counts)
    }


def latencies(replies: Iterable[Reply], cut: Buckets) -> Latency:
    parts: list[list[float]] = [[] for _ in range(cut.count)]
    for reply in replies:
        parts[cut.number(reply.scheduled_at)].append(reply.latency_ms)

    def at(percent: float) -> list[float | None]:
        return [round(percentile(part, percent), 2) if part else None for part in parts]

    return Latency(at(50), at(95), at(99))


def greatest(stretches: Iterable[tuple[float, float, float]], cut: Buckets) -> list[float | None]:
    """The greatest value of each part, from (start, end, value); None where there is none."""
    found: list[float | None] = [None] * cut.count
    for start, end, value in stretches:
        for number in range(cut.number(start), cut.number(end) + 1):
            so_far = found[number]
            found[number] = value if so_far is None else max(so_far, value)
    return found


def lanes(evidence: Evidence) -> list[Lane]:
    """Target health as stretches of one state each, by instance, in the order they appeared."""
    open_lanes: dict[str, Lane] = {}
    closed: list[Lane] = []
    start = evidence.started_at
    samples = evidence.target_health()
    ends = [*(sample.at for sample in samples[1:]), evidence.stopped_at]
    # Without samples there is still the end of the last one.
    for sample, until in zip(samples, ends, strict=False):
        at, end = sample.at - start, until - start
        for target in sample.targets:
            lane = open_lanes.get(target.instance)
            same = lane is not None and (lane.state, lane.reason) == (target.state, target.reason)
            if lane is not None and not same:
                closed.append(lane)
            begin = lane.start if lane is not None and same else at
            open_lanes[target.instance] = Lane(
                target.instance, target.state, round(begin, 3), round(end, 3), target.reason
            )
        gone = set(open_lanes) - {target.instance for target in sample.targets}
        closed.extend(open_lanes.pop(instance) for instance in sorted(gone))
    closed.extend(open_lanes.values())
    return sorted(closed, key=lambda lane: lane.start)


def steps(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Only the points at which a value changes, and the last one: a step line needs no others."""
    return [
        point
        for number, point in enumerate(points)
        if number in (0, len(points) - 1) or point[1] != points[number - 1][1]
    ]
