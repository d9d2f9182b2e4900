"""Which numbers and addresses an observation takes: with others it measures itself, or nothing."""

from __future__ import annotations

import math
from dataclasses import dataclass
from urllib.parse import urlsplit


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


def check_url(name: str, url: str) -> None:
    """Raise ValueError unless the value of this option is an HTTP URL with a host.

    No request ever leaves for another one: its failures would be counted as the service's.
    """
    if not _is_http(url):
        raise ValueError(
            f"{name} is {url!r}; http:// or https:// with a host is expected, such as "
            "http://127.0.0.1:8080/"
        )


def _is_http(url: str) -> bool:
    try:
        place = urlsplit(url)
        host, _ = place.hostname or "", place.port
    except ValueError:  # half an IPv6 address, or no number where the port is
        return False
    is_host = bool(host) and host.isprintable() and " " not in host
    return is_host and place.scheme in {"http", "https"}
