"""The rows of a scenario's chart: replies, targets, capacity, latency, and the machine's state."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from evidence.judge.starvation import STALL_LIMIT_MS
from evidence.record.evidence import Evidence
from evidence.record.reply import KINDS
from evidence.report import drawing, series
from evidence.report.chart import Row, Shape, Tick
from evidence.report.printable import printable

_STATES = ("healthy", "initial", "unhealthy", "draining", "unused", "unavailable")
_INSTANCE_COLOURS = 6
_NOBODY = "no instance"
_LANE_PIXELS = 20

BY_KIND = [(kind, kind, kind) for kind in KINDS]
"""A series' key, its colour and its name."""


def scenario_rows(evidence: Evidence, x: drawing.Axis, cut: series.Buckets) -> list[Row]:
    """From the top; one of what was never recorded is left out."""
    draws = (_kinds, _instances, _lanes, _capacity, _latency, _machine_shares, _machine_stalls)
    return [row for draw in draws for row in draw(evidence, x, cut)]


def _kinds(evidence: Evidence, x: drawing.Axis, cut: series.Buckets) -> Iterator[Row]:
    rates = series.rates(evidence.replies, "kind", cut)
    yield from bars("replies/s by kind", 130, rates, BY_KIND, x, cut)


def _instances(evidence: Evidence, x: drawing.Axis, cut: series.Buckets) -> Iterator[Row]:
    rates = series.rates(evidence.replies, "instance", cut)
    known = [
        (instance, f"instance{number % _INSTANCE_COLOURS}", _short(instance))
        for number, instance in enumerate(sorted(filter(None, rates)))
    ]
    yield from bars("replies/s by instance", 130, rates, [*known, ("", "nobody", _NOBODY)], x, cut)


def bars(
    title: str,
    pixels: int,
    rates: dict[str, list[float]],
    names: Sequence[tuple[str, str, str]],
    x: drawing.Axis,
    cut: series.Buckets,
) -> Iterator[Row]:
    """Stacked bars, and over each the numbers that a pointer on it shows."""
    names = [name for name in names if name[0] in rates]
    if not names:
        return
    stack = [rates[key] for key, _, _ in names]
    y = drawing.linear(max(map(sum, zip(*stack, strict=True))), 5)
    paths = drawing.stacked(x, y, cut.edges, stack)
    shapes = [Shape(colour, path) for (_, colour, _), path in zip(names, paths, strict=True)]
    columns = (
        ", ".join(f"{rate:g}/s {name[2]}" for name, rate in zip(names, column, strict=True) if rate)
        for column in zip(*stack, strict=True)
    )
    key = [(colour, name) for _, colour, name in names]
    yield Row(title, pixels, [*shapes, *_pointed(x, cut, columns)], _ticks(y), key)


def _lanes(evidence: Evidence, x: drawing.Axis, _: series.Buckets) -> Iterator[Row]:
    """A lane for each target, the first on top."""
    lanes = series.lanes(evidence)
    instances = list(dict.fromkeys(lane.instance for lane in lanes))
    if not instances:
        return
    share = 1 / len(instances)
    shapes = []
    for lane in lanes:
        top = instances.index(lane.instance) * share
        reason = f": {lane.reason}" if lane.reason else ""
        shapes.append(
            Shape(
                lane.state,
                drawing.box(x, lane.start, lane.end, top + share * 0.15, top + share * 0.85),
                text=printable(
                    f"{lane.instance} {lane.state}{reason}, {lane.start:.1f} to {lane.end:.1f} s"
                ),
            )
        )
    ticks = [
        Tick(100 * share * (number + 0.5), _short(instance))
        for number, instance in enumerate(instances)
    ]
    states = {lane.state for lane in lanes}
    key = [(state, state) for state in _STATES if state in states]
    yield Row("target health", _LANE_PIXELS * len(instances), shapes, ticks, key)


def _capacity(evidence: Evidence, x: drawing.Axis, _: series.Buckets) -> Iterator[Row]:
    start = evidence.started_at
    found = (
        ("group", "in service (Auto Scaling)", [(s.at, s.in_service) for s in evidence.group()]),
        (
            "healthy",
            "healthy targets",
            [(s.at, s.count("healthy")) for s in evidence.target_health()],
        ),
    )
    lines = [
        (colour, name, series.steps([(at - start, float(value)) for at, value in points]))
        for colour, name, points in found
        if points
    ]
    if not lines:
        return
    y = drawing.linear(max(value for _, _, points in lines for _, value in points) + 1, 4)
    shapes = [
        Shape(colour, drawing.steps(x, y, points), is_line=True) for colour, _, points in lines
    ]
    yield Row("in service", 80, shapes, _ticks(y), [(colour, name) for colour, name, _ in lines])


def _latency(evidence: Evidence, x: drawing.Axis, cut: series.Buckets) -> Iterator[Row]:
    found = series.latencies(evidence.replies, cut)
    known = [value for value in (*found.p50, *found.p99) if value is not None]
    if not known:
        return
    y = drawing.logarithmic(min(known), max(known))
    shapes = [
        Shape("latencyband", drawing.band(x, y, cut.middles, found.p50, found.p95)),
        Shape("latencyband", drawing.band(x, y, cut.middles, found.p50, found.p99)),
        Shape("latency", drawing.line(x, y, cut.middles, found.p50), is_line=True),
    ]
    columns = (
        "" if p50 is None else f"p50 {p50} ms, p95 {p95} ms, p99 {p99} ms"
        for p50, p95, p99 in zip(found.p50, found.p95, found.p99, strict=True)
    )
    key = [("latency", "p50"), ("latencyband", "up to p95 and p99")]
    yield Row("latency, ms", 130, [*shapes, *_pointed(x, cut, columns)], _ticks(y), key)


def _machine_shares(evidence: Evidence, x: drawing.Axis, cut: series.Buckets) -> Iterator[Row]:
    """What kept the processes of the observer's machine from running, in percent."""
    y = drawing.linear(100, 2)
    shapes, key = [], []
    for field, name in (
        ("pressure", "time a process waited"),
        ("stolen", "processors taken by other machines"),
    ):
        known = [
            (sample.at - sample.seconds, sample.at, 100 * getattr(sample, field))
            for sample in evidence.machine()
            if getattr(sample, field) is not None
        ]
        if known:
            values = series.greatest(known, cut)
            shapes.append(Shape(field, drawing.line(x, y, cut.middles, values), is_line=True))
            key.append((field, name))
    if shapes:
        yield Row("machine, %", 50, shapes, _ticks(y), key)


def _machine_stalls(evidence: Evidence, x: drawing.Axis, cut: series.Buckets) -> Iterator[Row]:
    """How late a thread of the observer woke up, up to the limit at least."""
    samples = evidence.machine()
    if not samples:
        return
    stalls = series.greatest(
        [(sample.at - sample.seconds, sample.at, sample.stall_ms) for sample in samples], cut
    )
    y = drawing.linear(max(STALL_LIMIT_MS, *(sample.stall_ms for sample in samples)), 2)
    shape = Shape("stall", drawing.line(x, y, cut.middles, stalls), is_line=True)
    columns = ("" if stall is None else f"stood still for {stall:.0f} ms" for stall in stalls)
    key = [("stall", "it stood still for"), ("starved", f"{STALL_LIMIT_MS:g} ms and more: starved")]
    yield Row("machine, ms", 50, [shape, *_pointed(x, cut, columns)], _ticks(y), key)


def _pointed(x: drawing.Axis, cut: series.Buckets, texts: Iterator[str]) -> Iterator[Shape]:
    """A column for each part of the time that has a text, seen by pointers only."""
    for (start, end), text in zip(pairwise(cut.edges), texts, strict=True):
        if text:
            column = drawing.box(x, start, end, 0, 1)
            yield Shape("pointed", column, text=printable(f"{start:g} s: {text}"))


def _ticks(y: drawing.Axis) -> list[Tick]:
    return [Tick(100 * (1 - y.share(value)), f"{value:,g}") for value in y.ticks]


def _short(instance: str) -> str:
    """The end of an id: enough to tell three instances apart, and it fits on a phone."""
    return printable(f"…{instance[-5:]}")
