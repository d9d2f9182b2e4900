"""The charts of a report: of a scenario, of the whole run, and of what repetitions took."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from statistics import median
from typing import Any

from evidence.judge.starvation import STALL_LIMIT_MS
from evidence.record.evidence import Evidence
from evidence.record.windows import REPAIR, RESTORED
from evidence.report import drawing, series
from evidence.report.chart import Chart, Row, Shape, Stretch, Tick
from evidence.report.printable import printable
from evidence.report.repetitions import spread
from evidence.report.rows import BY_KIND, bars, scenario_rows
from evidence.report.run_record import RunRecord

_TIME_TICKS = 10
_SPREAD_PIXELS = 46


def scenario_chart(evidence: Evidence) -> Chart:
    """One scenario: its replies, its targets, its capacity and its latency."""
    length = max(evidence.stopped_at - evidence.started_at, 0.1)
    x = drawing.seconds(length, _TIME_TICKS)
    cut = series.buckets(evidence.started_at, evidence.stopped_at)
    return Chart(
        label=f"{evidence.scenario}: replies, targets, latency and the machine's state over time",
        rows=scenario_rows(evidence, x, cut),
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
    """The whole run: replies by kind, with a band for each scenario and a line for each fault.

    A band is around all repetitions of its scenario.
    """
    x = drawing.seconds(max(run.seconds, 0.1), _TIME_TICKS)
    cut = series.buckets(run.started_at, run.started_at + run.seconds)
    played = [evidence for scenario in run.scenarios for evidence in scenario.repetitions]
    replies = [reply for evidence in played for reply in evidence.replies]
    return Chart(
        label="the run: replies by kind over time",
        rows=list(bars("replies/s", 190, series.rates(replies, "kind", cut), BY_KIND, x, cut)),
        time=_time(x),
        marks=[
            Tick(_percent(x, evidence.fault.at - run.started_at), "")
            for evidence in played
            if evidence.fault is not None
        ],
        behind=[
            _stretch(
                x,
                scenario.title,
                scenario.repetitions[0].started_at - run.started_at,
                scenario.repetitions[-1].stopped_at - run.started_at,
                scenario.anchor,
            )
            for scenario in run.scenarios
        ],
        over=[
            _stretch(
                x,
                "veil",
                evidence.started_at - run.started_at,
                evidence.windows["all"].start - run.started_at,
            )
            for evidence in played
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


def _time(x: drawing.Axis) -> list[Tick]:
    return [Tick(_percent(x, value), f"{value:g}") for value in x.ticks]


def _stretch(x: drawing.Axis, name: str, start: float, end: float, anchor: str = "") -> Stretch:
    left = _percent(x, start)
    return Stretch(printable(name), left, round(_percent(x, end) - left, 2), anchor)


def _percent(x: drawing.Axis, at: float) -> float:
    return round(100 * x.share(at), 2)
