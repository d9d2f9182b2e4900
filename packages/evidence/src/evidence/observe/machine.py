"""How busy the observer's own machine is: pressure, stolen time, and how late a thread wakes up.

On Linux /proc/pressure/cpu ("some": the time in which a process that could run waited for a
processor; Documentation/accounting/psi.rst of the kernel) and /proc/stat ("steal": what the
hypervisor gave to other machines; proc(5)). What a machine does not report is None.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from evidence.record.samples import MachineSample, Sample

_PRESSURE = Path("/proc/pressure/cpu")
_STAT = Path("/proc/stat")
_STEAL = 7
_FIGURES = 8
"""user to steal; guest time, which follows, is contained in user time."""

_LOOKS = 5
_TICK_SECONDS = 0.02


@dataclass(frozen=True)
class ProcessorTime:
    """Ticks since the boot, of all processors; zero on a machine that does not report it."""

    total: int
    stolen: int

    @classmethod
    def now(cls) -> ProcessorTime:
        if not _STAT.exists():
            return cls(0, 0)
        figures = [int(word) for word in _STAT.read_text().splitlines()[0].split()[1:]][:_FIGURES]
        return cls(sum(figures), figures[_STEAL])

    def stolen_share_since(self, earlier: ProcessorTime) -> float:
        total = self.total - earlier.total
        return (self.stolen - earlier.stolen) / total if total else 0.0


class Machine:
    """Watches the machine for `seconds` at a time."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._at = 0.0
        self._time = ProcessorTime(0, 0)
        self._waited: float | None = None

    def take(self) -> list[Sample]:
        """What happened since the last time; nothing the first time, which begins it."""
        if not self._at:
            self._look()
            return []
        stall_seconds = _watch(self._seconds)
        at, processor_time, waited = self._at, self._time, self._waited
        self._look()
        seconds = self._at - at
        pressure = (
            None
            if waited is None or self._waited is None or seconds <= 0
            else min(1.0, (self._waited - waited) / seconds)
        )
        return [
            MachineSample(
                self._at,
                seconds=round(seconds, 3),
                stall_ms=round(stall_seconds * 1000, 1),
                pressure=pressure and round(pressure, 3),
                stolen=round(self._time.stolen_share_since(processor_time), 3)
                if self._time.total
                else None,
            )
        ]

    def _look(self) -> None:
        self._at = time.time()
        self._time = ProcessorTime.now()
        self._waited = _waited_seconds()


def clock_offset() -> float:
    """How far, in seconds, the clock is ahead of one that nobody sets, to the millisecond.

    It changes when somebody sets the clock, and when the machine sleeps.
    """
    looks = []
    for _ in range(_LOOKS):
        before = time.monotonic()
        now = time.time()
        after = time.monotonic()
        looks.append((after - before, now - before))
    # The quickest look: a thread that did not run in between would take that for a step.
    return round(min(looks)[1], 3)


def _watch(seconds: float) -> float:
    """The longest time, in seconds, that this thread slept beyond what it asked for."""
    longest = 0.0
    before = time.monotonic()
    end = before + seconds
    while before < end:
        time.sleep(_TICK_SECONDS)
        now = time.monotonic()
        longest = max(longest, now - before - _TICK_SECONDS)
        before = now
    return longest


def _waited_seconds() -> float | None:
    """For how long, since the boot, some process waited for a processor."""
    try:
        some = _PRESSURE.read_text().splitlines()[0]
    except (OSError, IndexError):  # no Linux, or a kernel without PSI
        return None
    return int(some.rpartition("total=")[2]) / 1e6
