"""A chart as the page's template draws it: rows above one time axis.

Colours are named here, and given their values by report.css, for light, for dark and for print.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


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
