"""Which state an alarm's datapoints put it into. Pure decisions.

Sources: "Evaluating an alarm" and "Configuring how CloudWatch alarms treat missing data" in the
Amazon CloudWatch User Guide.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

State = Literal["OK", "ALARM", "INSUFFICIENT_DATA"]
TreatMissing = Literal["missing", "ignore", "breaching", "notBreaching"]

COMPARISONS: dict[str, tuple[Callable[[float, float], bool], str]] = {
    "GreaterThanOrEqualToThreshold": (operator.ge, "greater than or equal to"),
    "GreaterThanThreshold": (operator.gt, "greater than"),
    "LessThanOrEqualToThreshold": (operator.le, "less than or equal to"),
    "LessThanThreshold": (operator.lt, "less than"),
}

_MORE_PERIODS = 2
"""So many older periods stand in for missing ones, as in AWS's tables."""


@dataclass(frozen=True)
class Datapoint:
    """`time` is when its period begins, in seconds since the epoch; `value` None: missing.

    `sample_count` is how many values it sums up.
    """

    time: float
    value: float | None
    sample_count: float = 1.0


@dataclass(frozen=True)
class AlarmRule:
    """When an alarm alarms: `datapoints_to_alarm` breach of the newest `evaluation_periods`.

    `is_m_of_n`: whether the request gave the first of the two.
    """

    comparison: str
    threshold: float
    evaluation_periods: int
    datapoints_to_alarm: int
    treat_missing: TreatMissing = "missing"
    is_m_of_n: bool = True

    @property
    def range_periods(self) -> int:
        """How many periods are looked at."""
        return self.evaluation_periods + _MORE_PERIODS

    def is_breach(self, value: float) -> bool:
        return COMPARISONS[self.comparison][0](value, self.threshold)

    def state(self, datapoints: Sequence[Datapoint]) -> State | None:
        """The state that datapoints lead to, the newest first; None: the state stays as it is."""
        present = self.evaluated(datapoints)
        missing = self.evaluation_periods - len(present)
        breaches = sum(self.is_breach(point.value or 0.0) for point in present)
        if missing and self.treat_missing == "breaching":
            breaches += missing
        if breaches >= self.datapoints_to_alarm:
            return "ALARM"
        if not missing or self.treat_missing in ("breaching", "notBreaching"):
            return "OK"
        if not present:
            return "INSUFFICIENT_DATA" if self.treat_missing == "missing" else None
        if breaches < len(present):
            return "OK"
        return self._of_a_few_breaches(datapoints)

    def evaluated(self, datapoints: Sequence[Datapoint]) -> list[Datapoint]:
        """Those that count: the newest that are not missing, the newest first."""
        looked_at = datapoints[: self.range_periods]
        return [p for p in looked_at if p.value is not None][: self.evaluation_periods]

    def _of_a_few_breaches(self, datapoints: Sequence[Datapoint]) -> State | None:
        """Some are missing, and all others breach: too few for an alarm by their number.

        AWS: they are enough when the oldest breach is as old as the number requires.
        """
        if self.treat_missing == "ignore":
            return None
        newest = datapoints[: self.evaluation_periods]
        age = max((n for n, p in enumerate(newest, 1) if p.value is not None), default=0)
        return "ALARM" if age >= self.datapoints_to_alarm else None
