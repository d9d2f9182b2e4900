"""How many of how many, and what that says of the rate behind it.

The bounds are exact (Clopper and Pearson, "The use of confidence or fiducial limits illustrated in
the case of the binomial", 1934): at the confidence, the rate that made replies match is within
them. They hold for independent replies; those of one run are correlated, so they are the least
that must be doubted.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

CONFIDENCE = 0.95
_STEPS = 60  # of a bisection: each halves the interval
_TERMS = 10_000
_TINY = 1e-300


@dataclass(frozen=True)
class Proportion:
    """`matching` of `of` replies. The rate is from `low` to `high`, each between 0 and 1.

    When none or all match, the one bound that is not trivial has the whole confidence; else each
    side has half of the doubt.
    """

    matching: int
    of: int
    low: float
    high: float

    @classmethod
    def counted(cls, matching: int, of: int) -> Proportion:
        """Raises ValueError without a reply."""
        if not 0 <= matching <= of or of == 0:
            raise ValueError(f"{matching} of {of} is no proportion")
        doubt = (1 - CONFIDENCE) / (1 if matching in {0, of} else 2)
        return cls(matching, of, _lowest(matching, of, doubt), _highest(matching, of, doubt))

    @property
    def share(self) -> float:
        return self.matching / self.of

    def __str__(self) -> str:
        """Such as "0 of 3,104: below 0.097% (95%)"; a bound is never shown tighter than it is."""
        counted = f"{self.matching:,} of {self.of:,}"
        high, low = _shown(self.high, math.ceil), _shown(self.low, math.floor)
        if self.matching == 0:
            said = f"below {high}"
        elif self.matching == self.of:
            said = f"above {low}"
        else:
            said = f"{low} to {high}"
        return f"{counted}: {said} ({CONFIDENCE:.0%})"


def _highest(matching: int, of: int, doubt: float) -> float:
    if matching == of:
        return 1.0
    return _root(lambda rate: _beta(matching + 1, of - matching, rate) - (1 - doubt))


def _lowest(matching: int, of: int, doubt: float) -> float:
    return 1 - _highest(of - matching, of, doubt)


def _root(rises: Callable[[float], float]) -> float:
    """Where a function that rises from below 0 to above 0 between 0 and 1 is 0."""
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if rises(middle) < 0 else (low, middle)
    return high


def _beta(a: float, b: float, x: float) -> float:
    """The regularized incomplete beta function, for 0 < x < 1."""
    logarithm = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    front = math.exp(logarithm + a * math.log(x) + b * math.log1p(-x))
    if x < (a + 1) / (a + b + 2):  # where the fraction converges quickly
        return front * _fraction(a, b, x) / a
    return 1 - front * _fraction(b, a, 1 - x) / b


def _fraction(a: float, b: float, x: float) -> float:
    """Its continued fraction, by Lentz's method; https://dlmf.nist.gov/8.17.E22."""
    upper, lower = 1.0, 1 / _off_zero(1 - (a + b) * x / (a + 1))
    value = lower
    for term in range(1, _TERMS):
        even = term * (b - term) * x / ((a + 2 * term - 1) * (a + 2 * term))
        odd = -(a + term) * (a + b + term) * x / ((a + 2 * term) * (a + 2 * term + 1))
        for coefficient in (even, odd):
            lower = 1 / _off_zero(1 + coefficient * lower)
            upper = _off_zero(1 + coefficient / upper)
            value *= lower * upper
        if abs(lower * upper - 1) < 1e-15:
            break
    return value


def _off_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY


def _shown(rate: float, rounded: Callable[[float], int]) -> str:
    """As a percentage with two digits that count."""
    percent = 100 * rate
    distance = min(percent, 100 - percent)
    digits = max(0, 1 - math.floor(math.log10(distance))) if distance else 0
    return f"{rounded(percent * 10**digits) / 10**digits:.{digits}f}%"
