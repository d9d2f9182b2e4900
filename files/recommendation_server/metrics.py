"""What Prometheus may ask for."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import generate_latest

CONTENT_TYPE = CONTENT_TYPE_LATEST
_PREFIX = "recommendation_"
_BUCKETS_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0)


class Metrics:
    def __init__(
        self, breaker_is_open: Callable[[], bool], settings_age_seconds: Callable[[], float]
    ) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            f"{_PREFIX}requests",
            "Replies by kind (real, static, error, health, status, metrics, rejected) and status.",
            ["kind", "status"],
            registry=self._registry,
        )
        self._durations = Histogram(
            f"{_PREFIX}request_seconds",
            "Time to make a reply.",
            ["kind"],
            buckets=_BUCKETS_SECONDS,
            registry=self._registry,
        )
        self.in_flight = self._gauge("in_flight_requests", "Being answered now.")
        self._gauge("breaker_open", "1 while the table is not asked.").set_function(breaker_is_open)
        self._gauge("settings_age_seconds", "Since SSM confirmed them, NaN if never.").set_function(
            settings_age_seconds
        )

    def _gauge(self, name: str, text: str) -> Gauge:
        return Gauge(_PREFIX + name, text, registry=self._registry)

    def replied(self, kind: str, status: int, seconds: float) -> None:
        self._requests.labels(kind, status).inc()
        self._durations.labels(kind).observe(seconds)

    def in_flight_now(self) -> int:
        return int(self._registry.get_sample_value(f"{_PREFIX}in_flight_requests") or 0)

    def text(self) -> bytes:
        return generate_latest(self._registry)
