"""What a report's charts show: rows of series above one time axis. The page's template draws them.

Colours are named here, and given their values by report.css, for light, for dark and for print.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

from evidence.judge.starvation import STALL_LIMIT_MS
from evidence.record.evidence import Evidence
from evidence.record.reply import KINDS
from evidence.record.windows import FAULT, REPAIR, RESTORED
from evidence.report import drawing, series
from evidence.report.printable import printable
from evidence.report.repetitions import spread
from evidence.report.run_record import RunRecord

_STATES = ("healthy", "initial", "unhealthy", "draining", "unused", "unavailable")
_INSTANCE_COLOURS = 6
_NOBODY = "no instance"
_TIME_TICKS = 10
_LANE_PIXELS = 20
_SPREAD_PIXELS = 46


@dataclass(frozen=True)
class Shape:
    """A path in `colour`, as an area or as a line; `text` is what a pointer on it shows."""

    colour: str
    path: str
    is_line: bool = False
    text: str = ""


@dataclass(frozen=True)
class Tick:
    """A place on an axis, in percent from the left or from the top."""

    at: float
    label: str


@dataclass(frozen=True)
class Row:
    """One row: its height in pixels, what is drawn, and the names of its colours."""

    title: str
    pixels: int
    shapes: Sequence[Shape]
    ticks: Sequence[Tick]
    key: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Stretch:
    """A stretch of time over all rows, in percent of the chart's width."""

    name: str
    left: float
    width: float
    anchor: str = ""


@dataclass(frozen=True)
class Chart:
    """Rows above one time axis; `behind` and `over` are stretches below and above what is drawn."""

    label: str
    rows: Sequence[Row]
    time: Sequence[Tick]
    marks: Sequence[Tick]
    behind: Sequence[Stretch]
    over: Sequence[Stretch]


def scenario_chart(evidence: Evidence) -> Chart:
    """One scenario: its replies, its targets, its capacity and its latency."""
    length = max(evidence.stopped_at - evidence.started_at, 0.1)
    x = drawing.seconds(length, _TIME_TICKS)
    cut = series.buckets(evidence.started_at, evidence.stopped_at)
    rows = (_kinds, _instances, _lanes, _capacity, _latency, _machine_shares, _machine_stalls)
    return Chart(
        label=f"{evidence.scenario}: replies, targets, latency and the machine's state over time",
        rows=[row for draw in rows for row in draw(evidence, x, cut)],
        time=_time(x),
        marks=[
            Tick(_percent(x, mark.at - evidence.started_at), mark.name) for mark in evidence.marks
        ],
        behind=[
            _stretch(x, name, start - evidence.started_at, end - evidence.started_at)
            for name, start, end in _stretches(evidence)
        ],
        over=[_stretch(x, "veil", 0, evidence.windows["all"].start - evidence.started_at)],
    )


def run_chart(run: RunRecord) -> Chart:
    """The whole run: replies by kind, with a band for each scenario and a line for each fault."""
    x = drawing.seconds(max(run.seconds, 0.1), _TIME_TICKS)
    cut = series.buckets(run.started_at, run.started_at + run.seconds)
    replies = [reply for scenario in run.scenarios for reply in scenario.evidence.replies]
    return Chart(
        label="the run: replies by kind over time",
        rows=list(_bars("replies/s", 190, series.rates(replies, "kind", cut), _BY_KIND, x, cut)),
        time=_time(x),
        marks=[
            Tick(_percent(x, mark.at - run.started_at), "")
            for scenario in run.scenarios
            for mark in scenario.evidence.marks
            if mark.name == FAULT
        ],
        behind=[
            _stretch(
                x,
                scenario.title,
                scenario.evidence.started_at - run.started_at,
                scenario.evidence.stopped_at - run.started_at,
                scenario.anchor,
            )
            for scenario in run.scenarios
        ],
        over=[
            _stretch(
                x,
                "veil",
                scenario.evidence.started_at - run.started_at,
                scenario.evidence.windows["all"].start - run.started_at,
            )
            for scenario in run.scenarios
        ],
    )


def spread_chart(result: Mapping[str, Any]) -> Chart | None:
    """How long each repetition took to detect and so on; None when there are no two to compare.

    A dot is a repetition, the first on top; the line is the median.
    """
    times = {name: values for name, values in spread(result).items() if len(values) > 1}
    if not times:
        return None
    x = drawing.linear(max(map(max, times.values())), _TIME_TICKS)
    rows = [
        Row(
            f"{name}, {min(values):.1f} to {max(values):.1f} s, median {median(values):.1f}",
            _SPREAD_PIXELS,
            [
                Shape("group", drawing.column(x, median(values)), is_line=True),
                *(
                    Shape("dot latency", drawing.dot(x, value, (number + 0.5) / len(values)), True)
                    for number, value in enumerate(values)
                ),
            ],
            [],
        )
        for name, values in times.items()
    ]
    label = f"{result['scenario']}: seconds that each repetition took"
    return Chart(label, rows, _time(x), [], [], [])


_BY_KIND = [(kind, kind, kind) for kind in KINDS]
"""A series' key, its colour and its name."""


def _kinds(evidence: Evidence, x: drawing.Axis, cut: series.Buckets) -> Iterator[Row]:
    rates = series.rates(evidence.replies, "kind", cut)
    yield from _bars("replies/s by kind", 130, rates, _BY_KIND, x, cut)


def _instances(evidence: Evidence, x: drawing.Axis, cut: series.Buckets) -> Iterator[Row]:
    rates = series.rates(evidence.replies, "instance", cut)
    known = [
        (instance, f"instance{number % _INSTANCE_COLOURS}", _short(instance))
        for number, instance in enumerate(sorted(filter(None, rates)))
    ]
    yield from _bars("replies/s by instance", 130, rates, [*known, ("", "nobody", _NOBODY)], x, cut)


def _bars(
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


def _stretches(evidence: Evidence) -> Iterator[tuple[str, float, float]]:
    """The windows, the time from the repair until the service was restored, and starved times."""
    for name, window in evidence.windows.items():
        yield name, window.start, window.end
    marks = evidence.marked
    if REPAIR in marks:
        until = marks[RESTORED].at if RESTORED in marks else evidence.stopped_at
        yield "restoring", marks[REPAIR].at, until
    for sample in evidence.machine():
        if sample.stall_ms >= STALL_LIMIT_MS:
            yield "starved", sample.at - sample.seconds, sample.at


def _pointed(x: drawing.Axis, cut: series.Buckets, texts: Iterator[str]) -> Iterator[Shape]:
    """A column for each part of the time that has a text, seen by pointers only."""
    for (start, end), text in zip(pairwise(cut.edges), texts, strict=True):
        if text:
            column = drawing.box(x, start, end, 0, 1)
            yield Shape("pointed", column, text=printable(f"{start:g} s: {text}"))


def _ticks(y: drawing.Axis) -> list[Tick]:
    return [Tick(100 * (1 - y.share(value)), f"{value:,g}") for value in y.ticks]


def _time(x: drawing.Axis) -> list[Tick]:
    return [Tick(_percent(x, value), f"{value:g}") for value in x.ticks]


def _stretch(x: drawing.Axis, name: str, start: float, end: float, anchor: str = "") -> Stretch:
    left = _percent(x, start)
    return Stretch(printable(name), left, round(_percent(x, end) - left, 2), anchor)


def _percent(x: drawing.Axis, at: float) -> float:
    return round(100 * x.share(at), 2)


def _short(instance: str) -> str:
    """The end of an id: enough to tell three instances apart, and it fits on a phone."""
    return printable(f"…{instance[-5:]}")
