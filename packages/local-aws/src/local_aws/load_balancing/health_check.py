"""A target group's health check as Envoy's.

What a check looks like: "Health checks for Application Load Balancer target groups" in its guide.
Where Envoy differs from ALB: a changed check (its path, say) is a new cluster to Envoy. No
request fails, but a target that fails the first check of the new kind is out at once, where ALB
counts up to the unhealthy threshold.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from local_aws.contract.desired_state import HealthCheck

USER_AGENT = "ELB-HealthChecker/2.0"
_TYPE = "type.googleapis.com/envoy."


def health_check(check: HealthCheck, log: Path) -> dict[str, Any]:
    """Every failed check and every change is written to `log`, one JSON object a line."""
    interval = f"{check.interval_seconds}s"
    expected = matcher_ranges(check.matcher)
    return {
        "timeout": f"{check.timeout_seconds}s",
        "interval": interval,
        "no_traffic_interval": interval,
        "healthy_threshold": check.healthy_threshold,
        "unhealthy_threshold": check.unhealthy_threshold,
        "reuse_connection": False,
        "always_log_health_check_failures": True,
        "event_logger": [
            {
                "name": "log",
                "typed_config": {
                    "@type": f"{_TYPE}extensions.health_check.event_sinks.file.v3"
                    ".HealthCheckEventFileSink",
                    "event_log_path": str(log),
                },
            }
        ],
        "http_health_check": {
            "path": check.path,
            "request_headers_to_add": [
                {
                    "header": {"key": "user-agent", "value": USER_AGENT},
                    "append_action": "OVERWRITE_IF_EXISTS_OR_ADD",
                },
                {
                    "header": {"key": "connection", "value": "close"},
                    "append_action": "OVERWRITE_IF_EXISTS_OR_ADD",
                },
            ],
            "expected_statuses": [{"start": a, "end": b + 1} for a, b in expected],
            # Any other status would take the target out at once; these count like a timeout.
            "retriable_statuses": [{"start": a, "end": b} for a, b in _others(expected)],
        },
    }


def matcher_ranges(matcher: str) -> list[tuple[int, int]]:
    """The sorted ranges of a matcher such as "200", "200,202" or "200-299", ends included.

    Raises ValueError for any other text.
    """
    ranges = []
    for part in matcher.split(","):
        first, _, last = part.partition("-")
        ranges.append((int(first), int(last or first)))
    return sorted(ranges)


def _others(expected: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The status codes in none of the ranges, as ranges without their ends."""
    others = []
    start = 100
    for first, last in expected:
        if start < first:
            others.append((start, first))
        start = max(start, last + 1)
    if start < 600:
        others.append((start, 600))
    return others
