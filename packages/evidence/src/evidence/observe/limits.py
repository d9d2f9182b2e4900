"""Which numbers an observation takes: beyond them it would measure itself, or nothing."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Limit:
    """From `lowest` to `highest`, both within; `unit` and `reason` are for people."""

    lowest: float
    highest: float
    unit: str
    reason: str = ""


HIGHEST_RATE = 5000.0
"""Measured: on two cores the prober keeps this schedule (benchmarks/prober.py)."""

LIMITS = {
    "rate": Limit(
        0.1, HIGHEST_RATE, "requests a second", "the most that the prober was measured to keep"
    ),
    "request_timeout_seconds": Limit(0.01, 60, "seconds"),
    "held_rate": Limit(0.1, 100, "requests a second", "each is in flight for long"),
    "held_timeout_seconds": Limit(0.01, 60, "seconds"),
    "sample_interval_seconds": Limit(0.05, 60, "seconds", "AWS throttles those who ask more often"),
    "limit_seconds": Limit(1, 86400, "seconds", "a day"),
    "replies": Limit(1, 1_000_000, "replies"),
    "timeout_seconds": Limit(0.1, 86400, "seconds", "a day"),
    "abort_below": Limit(0, 1, "as a share of all requests"),
    "abort_seconds": Limit(1, 86400, "seconds", "a day"),
}


def check(name: str, value: float) -> None:
    """Raise ValueError unless the value of this option is a number within its limits."""
    limit = LIMITS[name]
    if not (math.isfinite(value) and limit.lowest <= value <= limit.highest):
        reason = f" ({limit.reason})" if limit.reason else ""
        raise ValueError(
            f"{name} is {value:g}; {limit.lowest:g} to {limit.highest:,g} {limit.unit} are "
            f"expected{reason}"
        )
