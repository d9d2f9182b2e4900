"""Where the metrics of AWS's own services come from, and when they are measured.

service_connections.py names the services above that measure something. It is measured once a
minute, and for each request. The moments are the process's, as moto's metrics are.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from moto.cloudwatch.models import CloudWatchBackend, cloudwatch_backends

from local_aws.control_plane import moto_seams
from local_aws.control_plane.cloudwatch.metric_store import MINUTE, Metric, MetricStore
from local_aws.control_plane.cloudwatch.statistics import Datum

_AFTER_SECONDS = 1.0
"""What is measured just after a minute's end belongs to that minute."""
_HOUR = 3600


@dataclass(frozen=True)
class Measurement:
    """What one metric was, or how it grew, since it was measured last."""

    account_id: str
    region: str
    metric: Metric
    unit: str
    datum: Datum


def _nothing() -> None:
    return None


@dataclass(frozen=True)
class Source:
    """What a service measures. `measure` is called under LOCK; `read` before it, without LOCK:
    it does what takes long."""

    measure: Callable[[], Iterable[Measurement]]
    read: Callable[[], None] = _nothing


_sources: list[Source] = []
_measured_at = 0.0
_read_at = 0.0


def register(source: Source) -> None:
    """Measure also what a service measures that rests on this one."""
    _sources.append(source)


def store_of(backend: CloudWatchBackend) -> MetricStore:
    """The metrics of one account and region, made at the first look."""
    return moto_seams.notes(backend, MetricStore)


def read(now: float | None = None) -> None:
    """Read what `measure` needs. Call it without LOCK; `now` is seconds since the epoch."""
    global _read_at
    for source in _sources:
        source.read()
    _read_at = time.time() if now is None else now


def measure(now: float | None = None) -> None:
    """Measure everything. Call it under LOCK, after `read`."""
    global _measured_at
    now = time.time() if now is None else now
    since = _measured_at if _measured_at <= now else 0.0  # the clock was set back
    at = max(since, now - _AFTER_SECONDS)
    _measured_at = now
    for source in _sources:
        for found in source.measure():
            store = store_of(cloudwatch_backends[found.account_id][found.region])
            store.put(found.metric, found.unit, at, found.datum)
    if now // _HOUR > since // _HOUR:
        for backend in moto_seams.backends_in_use(cloudwatch_backends):
            store_of(backend).forget_old(now)


def read_each_minute(now: float) -> None:
    """Read when a minute has passed. Call it without LOCK, as often as you like."""
    if now // MINUTE != _measured_at // MINUTE:
        read(now)


def measure_each_minute(now: float) -> None:
    """Measure when a minute has passed, and what it needs was read since. Call it under LOCK."""
    if _measured_at // MINUTE != now // MINUTE == _read_at // MINUTE:
        measure(now)
