"""Geometry of the charts: values become places in a row, series become paths. All pure.

A row is drawn in its own coordinates, WIDTH wide and HEIGHT high, which the page stretches to
whatever room there is. So a chart fits a phone and a sheet of paper, and nothing has to draw it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

WIDTH, HEIGHT = 1000, 100
_STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True)
class Axis:
    """From `low` to `high`; on a logarithmic one both are powers of ten."""

    low: float
    high: float
    ticks: tuple[float, ...]
    logarithmic: bool = False

    def share(self, value: float) -> float:
        """Where a value is, as a share of the axis; what is outside is at its nearer end."""
        low, high = self.low, self.high
        if self.logarithmic:
            low, high, value = math.log10(low), math.log10(high), math.log10(max(value, low))
        return min(1.0, max(0.0, (value - low) / (high - low)))

    def x(self, value: float) -> float:
        return round(WIDTH * self.share(value), 2)

    def y(self, value: float) -> float:
        return round(HEIGHT * (1 - self.share(value)), 2)


def linear(highest: float, ticks: int) -> Axis:
    """From 0 to a round number at or above `highest`, with so many ticks at most besides 0."""
    step = _round_step(max(highest, 1e-9) / ticks)
    count = math.ceil(highest / step - 1e-9) or 1
    return Axis(0, count * step, tuple(round(step * number, 9) for number in range(count + 1)))


def seconds(length: float, ticks: int) -> Axis:
    """From 0 to exactly `length`, with round ticks."""
    step = _round_step(length / ticks)
    count = math.floor(length / step + 1e-9)
    return Axis(0, length, tuple(round(step * number, 9) for number in range(count + 1)))


def logarithmic(lowest: float, highest: float) -> Axis:
    """Whole powers of ten around both."""
    low = math.floor(math.log10(max(lowest, 1e-3)))
    high = max(low + 1, math.ceil(math.log10(max(highest, 1e-3))))
    return Axis(10.0**low, 10.0**high, tuple(10.0**power for power in range(low, high + 1)), True)


def stacked(
    x: Axis, y: Axis, edges: Sequence[float], series: Iterable[Sequence[float]]
) -> list[str]:
    """Bars on top of each other, a path for each series; each bar is from one edge to the next."""
    below = [0.0] * (len(edges) - 1)
    paths = []
    for values in series:
        bars = []
        for number, (value, (start, end)) in enumerate(zip(values, pairwise(edges), strict=True)):
            if value:
                left, right = x.x(start), x.x(end)
                bottom, top = y.y(below[number]), y.y(below[number] + value)
                bars.append(f"M{left} {bottom}V{top}H{right}V{bottom}Z")
                below[number] += value
        paths.append("".join(bars))
    return paths


def line(x: Axis, y: Axis, places: Sequence[float], values: Sequence[float | None]) -> str:
    """A line through the values, broken where there is none; one alone is a short dash."""
    return "".join(
        "M"
        + "L".join(f"{x.x(at)} {y.y(value)}" for at, value in stretch)
        + ("h2" if len(stretch) == 1 else "")
        for stretch in _stretches(places, values)
    )


def steps(x: Axis, y: Axis, points: Sequence[tuple[float, float]]) -> str:
    """Each value from its point on to the next one."""
    if not points:
        return ""
    (at, value), *rest = points
    return f"M{x.x(at)} {y.y(value)}" + "".join(f"H{x.x(at)}V{y.y(value)}" for at, value in rest)


def band(
    x: Axis,
    y: Axis,
    places: Sequence[float],
    low: Sequence[float | None],
    high: Sequence[float | None],
) -> str:
    """The area between two lines; both have their gaps at the same places."""
    path = []
    for lower, upper in zip(_stretches(places, low), _stretches(places, high), strict=True):
        corners = [*upper, *reversed(lower)]
        path.append("M" + "L".join(f"{x.x(at)} {y.y(value)}" for at, value in corners) + "Z")
    return "".join(path)


def box(x: Axis, start: float, end: float, top: float, bottom: float) -> str:
    """A rectangle over a stretch of `x`, between two shares of the row's height."""
    left, right = x.x(start), x.x(end)
    return f"M{left} {HEIGHT * top:.2f}H{right}V{HEIGHT * bottom:.2f}H{left}Z"


def dot(x: Axis, value: float, down: float) -> str:
    """A point, at a share of the row's height; as a line without length it stays round."""
    return f"M{x.x(value)} {HEIGHT * down:.2f}h0"


def column(x: Axis, value: float) -> str:
    """A line over the row's whole height."""
    return f"M{x.x(value)} 0V{HEIGHT}"


def _stretches(
    places: Sequence[float], values: Sequence[float | None]
) -> list[list[tuple[float, float]]]:
    """The points between two gaps."""
    points = zip(places, values, strict=True)
    return [
        [(at, value) for at, value in stretch if value is not None]
        for known, stretch in groupby(points, lambda point: point[1] is not None)
        if known
    ]


def _round_step(least: float) -> float:
    """The smallest step of _STEPS, times a power of ten, that is not below `least`."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(step * power for step in _STEPS if step * power >= least - 1e-12)
