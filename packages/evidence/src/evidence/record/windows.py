"""Cuts an observation into before, during and after its fault."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

STEADY = "steady"
FAULT = "fault"
SETTLED = "settled"
WINDOW_NAMES = ("all", "before", "during", "after")


@dataclass(frozen=True)
class Window:
    """From `start` (within) to `end` (not within), in seconds since the epoch."""

    start: float
    end: float

    def __contains__(self, at: object) -> bool:
        return isinstance(at, float | int) and self.start <= at < self.end

    @property
    def seconds(self) -> float:
        return self.end - self.start


def windows(started_at: float, stopped_at: float, marks: Mapping[str, float]) -> dict[str, Window]:
    """The windows that the marks define.

    all: from the mark "steady", or from the start without it; before: the same until the mark
    "fault"; during: from there to the mark "settled"; after: from "settled" on. Without one of the
    last two marks, the windows that need it are not there.
    """
    start = marks.get(STEADY, started_at)
    found = {"all": Window(start, stopped_at)}
    fault, settled = marks.get(FAULT), marks.get(SETTLED)
    if fault is not None:
        found["before"] = Window(start, fault)
    if fault is not None and settled is not None:
        found["during"] = Window(fault, settled)
    if settled is not None:
        found["after"] = Window(settled, stopped_at)
    return found
