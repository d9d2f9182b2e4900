"""systemd's time spans: "5", "500ms", "1min 30s", "infinity". See systemd.time(7)."""

from __future__ import annotations

import math
import re

_MICROSECOND = 1e-6
_LONGEST = 2**64 * _MICROSECOND  # systemd counts microseconds in 64 bits
_UNITS = {
    **dict.fromkeys(("us", "usec", "µs"), _MICROSECOND),
    **dict.fromkeys(("ms", "msec"), 1e-3),
    **dict.fromkeys(("", "s", "sec", "second", "seconds"), 1.0),
    **dict.fromkeys(("m", "min", "minute", "minutes"), 60.0),
    **dict.fromkeys(("h", "hr", "hour", "hours"), 3600.0),
    **dict.fromkeys(("d", "day", "days"), 86_400.0),
    **dict.fromkeys(("w", "week", "weeks"), 604_800.0),
    **dict.fromkeys(("M", "month", "months"), 2_629_800.0),
    **dict.fromkeys(("y", "year", "years"), 31_557_600.0),
}
_PART = re.compile(r"\s*([0-9]{1,30}(?:\.[0-9]{0,30})?)\s*([a-zA-Zµ]*)\s*")


def seconds(text: str) -> float:
    """math.inf for "infinity". Raises ValueError, without a text, for what is no time span."""
    if text == "infinity":
        return math.inf
    total, position = 0.0, 0
    while position < len(text) or not text:
        part = _PART.match(text, position)
        if part is None or part[2] not in _UNITS:
            raise ValueError
        total += float(part[1]) * _UNITS[part[2]]
        position = part.end()
    if total >= _LONGEST:
        raise ValueError
    return total
