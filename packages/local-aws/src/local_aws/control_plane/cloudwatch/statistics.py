"""Statistics of the values that were measured in a span of time. Pure.

Source: "CloudWatch statistics definitions" in the Amazon CloudWatch User Guide.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

STATISTICS = ("SampleCount", "Average", "Sum", "Minimum", "Maximum")

_MOST_VALUES = 1000
"""Of one span; with more distinct ones they are kept to two digits, less exactly than CloudWatch
shows a percentile anyway."""
_DIGITS = 2

_SHORT = re.compile(r"(?P<kind>p|tm|tc|ts|wm)(?P<high>\d{1,2}(\.\d{0,10})?|100)")
_NUMBER = r"(?:\d+(?:\.\d{0,10})?|\.\d{1,10})"
_RANGE = re.compile(
    rf"(?P<kind>TM|TC|TS|WM|PR)\((?P<low>{_NUMBER}(?P<low_percent>%)?)?:"
    rf"(?P<high>{_NUMBER}(?P<high_percent>%)?)?\)"
)


@dataclass(slots=True)
class Datum:
    """A statistic set, with the count of each value where these are known and differ (`counts`)."""

    sample_count: float = 0.0
    total: float = 0.0
    minimum: float = math.inf
    maximum: float = -math.inf
    counts: dict[float, float] | None = None

    @classmethod
    def of(cls, counts: Mapping[float, float]) -> Datum:
        """Of values with their counts."""
        present = {value: count for value, count in counts.items() if count}
        return cls(
            sum(present.values()),
            sum(value * count for value, count in present.items()),
            min(present, default=math.inf),
            max(present, default=-math.inf),
            present if len(present) > 1 else None,
        )

    @classmethod
    def of_set(cls, sample_count: float, total: float, minimum: float, maximum: float) -> Datum:
        """Of a statistic set. AWS: it has percentiles only with one value, or equal ones."""
        return cls(sample_count, total, minimum, maximum)

    @property
    def values(self) -> dict[float, float] | None:
        """The count of each value; None where the values are not known."""
        if not self.sample_count:
            return {}
        if self.minimum == self.maximum:
            return {self.minimum: self.sample_count}
        return self.counts

    def add(self, other: Datum) -> None:
        """Add what was measured elsewhere in the same span."""
        own, others = self.values, other.values
        self.sample_count += other.sample_count
        self.total += other.total
        self.minimum = min(self.minimum, other.minimum)
        self.maximum = max(self.maximum, other.maximum)
        if own is None or others is None or self.minimum == self.maximum:
            self.counts = None
            return
        for value, count in others.items():
            own[value] = own.get(value, 0.0) + count
        self.counts = _coarser(own) if len(own) > _MOST_VALUES else own

    def statistic(self, name: str) -> float | None:
        """Such as Sum, p99.9 or TM(10%:90%); None where the values themselves are not known, and
        for a percentile where one of them is negative.

        Raises ValueError for what is no statistic.
        """
        if name in STATISTICS:
            return self._simple(name)
        extended = Extended.parse(name)
        values = self.values
        if not values or (extended.kind == "P" and self.minimum < 0):
            return None
        return extended.of(values)

    def _simple(self, name: str) -> float:
        if name == "SampleCount":
            return self.sample_count
        if name == "Sum":
            return self.total
        if name == "Average":
            return self.total / self.sample_count if self.sample_count else 0.0
        return self.minimum if name == "Minimum" else self.maximum


def merged(data: Iterable[Datum]) -> Datum | None:
    """All of them as one; None without any."""
    result: Datum | None = None
    for datum in data:
        result = result or Datum()
        result.add(datum)
    return result


@dataclass(frozen=True)
class Extended:
    """A percentile, a trimmed or winsorized mean, and the like.

    `low` and `high` are fractions of the samples, in the order of their values, or values
    themselves (`is_of_values`), the lower of which is outside.
    """

    kind: str
    low: float
    high: float
    is_of_values: bool = False

    @classmethod
    def parse(cls, name: str) -> Extended:
        """Raises ValueError for what is no extended statistic."""
        if name == "IQM":
            return cls("TM", 0.25, 0.75)
        short = _SHORT.fullmatch(name)
        if short:
            return cls(short["kind"].upper(), 0.0, float(short["high"]) / 100)
        ranged = _RANGE.fullmatch(name)
        found = cls._of_range(ranged) if ranged else None
        if found:
            return found
        raise ValueError(f"{name!r} is no statistic")

    @classmethod
    def _of_range(cls, ranged: re.Match[str]) -> Extended | None:
        """None for a range without bounds, with bounds of both kinds, or in the wrong order."""
        bounds = [(ranged[each], bool(ranged[f"{each}_percent"])) for each in ("low", "high")]
        kinds = {is_percent for text, is_percent in bounds if text}
        if len(kinds) != 1:
            return None
        lowest, highest, unit = (0.0, 1.0, 100.0) if kinds == {True} else (-math.inf, math.inf, 1.0)
        low, high = (
            float(text.rstrip("%")) / unit if text else default
            for (text, _), default in zip(bounds, (lowest, highest), strict=True)
        )
        is_of_values = kinds == {False}
        if not lowest <= low < high <= highest or (ranged["kind"] == "PR" and not is_of_values):
            return None
        return cls(ranged["kind"], low, high, is_of_values)

    def of(self, counts: Mapping[float, float]) -> float | None:
        """Of values with their counts, at least one; None for a mean of none of them."""
        ordered = sorted(counts.items())
        samples = sum(counts.values())
        if self.kind == "P":
            return _at_rank(ordered, self.high * samples)
        if self.is_of_values and self.kind == "WM":
            within = ((min(max(value, self.low), self.high), count) for value, count in ordered)
            return sum(value * count for value, count in within) / samples
        if self.is_of_values:
            kept = [(v, count) for v, count in ordered if self.low < v <= self.high]
        else:
            kept = list(_between(ordered, self.low * samples, self.high * samples))
        count = sum(weight for _, weight in kept)
        total = sum(value * weight for value, weight in kept)
        if self.kind == "PR":
            return 100 * count / samples
        if self.kind == "TC":
            return count
        if self.kind == "TS":
            return total
        if self.kind == "TM":
            return total / count if count else None
        outside = kept[0][0] * self.low * samples + kept[-1][0] * (1 - self.high) * samples
        return (total + outside) / samples


def _at_rank(ordered: list[tuple[float, float]], rank: float) -> float:
    seen = 0.0
    for value, count in ordered:
        seen += count
        if seen >= rank:
            return value
    return ordered[-1][0]


def _between(
    ordered: list[tuple[float, float]], low: float, high: float
) -> Iterable[tuple[float, float]]:
    """The values between two ranks, each with how many samples of it are."""
    seen = 0.0
    for value, count in ordered:
        weight = min(seen + count, high) - max(seen, low)
        if weight > 0:
            yield value, weight
        seen += count


def _coarser(counts: Mapping[float, float]) -> dict[float, float]:
    coarse: dict[float, float] = {}
    for value, count in counts.items():
        rounded = float(f"{value:.{_DIGITS - 1}e}")
        coarse[rounded] = coarse.get(rounded, 0.0) + count
    return coarse
