"""The metrics of one region: what was measured when, for as long as CloudWatch keeps it.

Source: "Metrics retention" in "Metrics concepts" of the Amazon CloudWatch User Guide.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from local_aws.control_plane.cloudwatch.statistics import Datum, merged

MINUTE = 60
_SECONDS_KEPT = 3 * 3600
_MINUTES_KEPT = 15 * 24 * 3600
"""AWS keeps sums of five minutes and of hours for longer; these are not kept here."""


@dataclass(frozen=True)
class Metric:
    """Dimensions are sorted by name: their order does not matter."""

    namespace: str
    name: str
    dimensions: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, namespace: str, name: str, dimensions: Mapping[str, str]) -> Metric:
        return cls(namespace, name, tuple(sorted(dimensions.items())))


@dataclass
class _Spans:
    """Data by the second at which their span begins."""

    by_start: dict[int, Datum] = field(default_factory=dict)
    starts: list[int] = field(default_factory=list)  # sorted

    def add(self, start: int, datum: Datum) -> None:
        if start not in self.by_start:
            bisect.insort(self.starts, start)
            self.by_start[start] = Datum()
        self.by_start[start].add(datum)

    def within(self, start: float, end: float) -> Iterator[Datum]:
        first = bisect.bisect_left(self.starts, start)
        for begin in self.starts[first : bisect.bisect_left(self.starts, end)]:
            yield self.by_start[begin]

    def forget_before(self, time: float) -> None:
        kept = bisect.bisect_left(self.starts, time)
        for start in self.starts[:kept]:
            del self.by_start[start]
        del self.starts[:kept]


@dataclass
class _Series:
    """High-resolution data are in both: those of a second are kept less long."""

    seconds: _Spans = field(default_factory=_Spans)
    minutes: _Spans = field(default_factory=_Spans)
    is_fine: bool = False  # whether anything was put with a resolution of a second

    def forget_old(self, now: float) -> None:
        self.seconds.forget_before(now - _SECONDS_KEPT)
        self.minutes.forget_before(now - _MINUTES_KEPT)


class MetricStore:
    """Times are seconds since the epoch."""

    def __init__(self) -> None:
        self._series: dict[Metric, dict[str, _Series]] = {}  # by metric and unit

    def put(
        self, metric: Metric, unit: str, time: float, datum: Datum, *, is_fine: bool = False
    ) -> None:
        """Add a datum at a time; `is_fine` keeps the second of it, else it counts to its minute."""
        series = self._series.setdefault(metric, {}).setdefault(unit, _Series())
        series.minutes.add(int(time // MINUTE) * MINUTE, datum)
        if is_fine:
            series.is_fine = True
            series.seconds.add(int(time), datum)

    def datum(
        self, metric: Metric, start: float, period: int, unit: str | None = None
    ) -> Datum | None:
        """What was measured in [start, start + period); None when nothing was.

        `unit` None takes all units together.
        """
        return merged(
            datum
            for name, series in self._series.get(metric, {}).items()
            if unit in (None, name)
            for datum in self._spans(series, period).within(start, start + period)
        )

    def units(self, metric: Metric, start: float, end: float) -> list[str]:
        """The units in which the metric was measured in [start, end), by name."""
        return sorted(
            name
            for name, series in self._series.get(metric, {}).items()
            if any(series.minutes.within(start // MINUTE * MINUTE, end))
        )

    def metrics(self) -> Iterable[Metric]:
        """All that have data."""
        return list(self._series)

    def latest(self, metric: Metric) -> float:
        """When the metric was measured last."""
        starts = (series.minutes.starts for series in self._series[metric].values())
        return max(each[-1] for each in starts if each)

    def forget_old(self, now: float) -> None:
        """Forget what AWS would not keep, and metrics without data."""
        for metric, by_unit in list(self._series.items()):
            for unit, series in list(by_unit.items()):
                series.forget_old(now)
                if not series.minutes.starts:
                    del by_unit[unit]
            if not by_unit:
                del self._series[metric]

    @staticmethod
    def _spans(series: _Series, period: int) -> _Spans:
        return series.seconds if series.is_fine and period < MINUTE else series.minutes
