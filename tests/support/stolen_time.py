"""The share of the processors that the hypervisor gave to other machines: no test can help that.

proc(5): the eighth figure of /proc/stat's first line, "steal"; all are in ticks since the boot.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_STAT = Path("/proc/stat")
_STEAL = 7
_FIGURES = 8
"""user to steal; guest time, which follows, is contained in user time."""


@dataclass(frozen=True)
class ProcessorTime:
    total: int
    stolen: int

    @classmethod
    def now(cls) -> ProcessorTime:
        """Zero on a machine that does not tell (macOS)."""
        if not _STAT.exists():
            return cls(0, 0)
        figures = [int(word) for word in _STAT.read_text().splitlines()[0].split()[1:]][:_FIGURES]
        return cls(sum(figures), figures[_STEAL])

    def stolen_share_since(self, earlier: ProcessorTime) -> float:
        total = self.total - earlier.total
        return (self.stolen - earlier.stolen) / total if total else 0.0
