"""The replies of the last minutes, second by second, and of the last moment by who gave them.

Pure: its clock is the record's.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from evidence.judge.statistics import percentile
from evidence.record.reply import KINDS, Reply

KEPT_SECONDS = 300
_NOW_SECONDS = 2.0
"""So long a time before the newest reply is what "now" means."""
_STALE_SECONDS = 3.0
"""When the newest reply is older than this, nothing is requested."""
_LATEST = 6
"""So many seconds may still get replies, or corrections."""


@dataclass
class _Second:
    kinds: Counter[str] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)


class Traffic:
    def __init__(self) -> None:
        self._seconds: dict[int, _Second] = {}
        self._latest: deque[Reply] = deque()
        self._newest = 0.0
        self.kind = ""
        """What most replies of the last moment are."""

    def take(self, reply: Reply) -> None:
        second = self._seconds.setdefault(int(reply.scheduled_at), _Second())
        second.kinds[reply.kind] += 1
        second.latencies.append(reply.latency_ms)
        self._latest.append(reply)
        self._newest = max(self._newest, reply.completed_at)
        while self._latest[0].completed_at <= self._newest - _NOW_SECONDS:
            self._latest.popleft()

    def forget(self, now: float) -> None:
        """Leave out what is too old to be shown."""
        for second in [each for each in self._seconds if each < now - KEPT_SECONDS]:
            del self._seconds[second]

    def is_flowing(self, now: float) -> bool:
        return now - self._newest < _STALE_SECONDS

    def by_instance(self, now: float) -> Mapping[str, Counter[str]]:
        """Replies of the last moment: by instance, then by kind; "" stands for none of them."""
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        if self.is_flowing(now):
            for reply in self._latest:
                counts[reply.instance or ""][reply.kind] += 1
        return counts

    def seconds(self, since: float = 0) -> list[list[Any]]:
        """[second, real, static, error, p50 in ms, p99 in ms], in the order of time."""
        return [
            [at, *(each.kinds[kind] for kind in KINDS), *_percentiles(each.latencies)]
            for at, each in sorted(self._seconds.items())
            if at >= since
        ]

    def latest(self) -> list[list[Any]]:
        """The seconds that may have changed since they were handed out."""
        newest = max(self._seconds, default=0)
        return self.seconds(newest - _LATEST)


def rate(counts: Mapping[str, int]) -> float:
    """Replies a second, of counts of the last moment."""
    return round(sum(counts.values()) / _NOW_SECONDS, 1)


def _percentiles(latencies: list[float]) -> tuple[float, float]:
    """The latencies that half of the replies, and 99 of 100, are not above, as the report has."""
    return round(percentile(latencies, 50), 1), round(percentile(latencies, 99), 1)
