"""Cuts an observation into before, during and after its fault, and the time after its repair."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

STEADY = "steady"
FAULT = "fault"
SETTLED = "settled"
REPAIR = "repair"
RESTORED = "restored"
WINDOW_NAMES = ("all", "before", "during", "after", "repair", "restored")


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

    all: from the mark "steady", or from the start without it, until the mark "repair", or to the
    end without it; before: from the same moment until the mark "fault"; during: from there to the
    mark "settled"; after: from "settled" to the end of all; repair: from the mark "repair" to the
    end; restored: from the mark "restored" to the end. A window is not there without the marks that
    it needs.
    """
    start = marks.get(STEADY, started_at)
    end = marks.get(REPAIR, stopped_at)
    found = {"all": Window(start, end)}
    fault, settled, restored = marks.get(FAULT), marks.get(SETTLED), marks.get(RESTORED)
    if fault is not None:
        found["before"] = Window(start, fault)
    if fault is not None and settled is not None:
        found["during"] = Window(fault, settled)
    if settled is not None:
        found["after"] = Window(settled, end)
    if REPAIR in marks:
        found["repair"] = Window(end, stopped_at)
    if restored is not None:
        found["restored"] = Window(restored, stopped_at)
    return found


def outermost(windows: Sequence[Window]) -> list[Window]:
    """Those that lie in no other, so that no reply is counted twice: windows nest, or are apart."""
    distinct = list(dict.fromkeys(windows))
    return [
        each
        for each in distinct
        if not any(
            other != each and other.start <= each.start and each.end <= other.end
            for other in distinct
        )
    ]
