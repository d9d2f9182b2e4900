"""The capacity that a scaling policy leads to. Pure decisions.

Sources: "Step and simple scaling policies" and "Target tracking scaling policies" in the Amazon EC2
Auto Scaling User Guide.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

ADJUSTMENT_TYPES = ("ChangeInCapacity", "ExactCapacity", "PercentChangeInCapacity")
_MOST_STEPS = 20


def adjusted(capacity: int, adjustment_type: str, adjustment: int, magnitude: int = 0) -> int:
    """The capacity after an adjustment; `magnitude` is how much a percentage changes at least.

    A percentage of less than one instance is one, and of more is rounded towards none.
    """
    if adjustment_type == "ExactCapacity":
        return adjustment
    if adjustment_type == "ChangeInCapacity":
        return capacity + adjustment
    change = capacity * adjustment / 100
    least = max(1, magnitude) if change else 0
    return capacity + int(math.copysign(max(int(abs(change)), least), change))


@dataclass(frozen=True)
class Step:
    """One step adjustment; the bounds are relative to the alarm's threshold."""

    lower: float
    upper: float
    adjustment: int

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Step:
        """Of the API's StepAdjustment, where a bound that is left out is infinite."""
        lower, upper = given.get("MetricIntervalLowerBound"), given.get("MetricIntervalUpperBound")
        return cls(
            -math.inf if lower is None else float(lower),
            math.inf if upper is None else float(upper),
            int(given["ScalingAdjustment"]),
        )

    def holds(self, difference: float) -> bool:
        """Above the threshold the lower bound belongs to a step, below it the upper one."""
        if self.lower >= 0:
            return self.lower <= difference < self.upper
        if self.upper <= 0:
            return self.lower < difference <= self.upper
        return self.lower < difference < self.upper


def step_for(steps: Sequence[Step], difference: float) -> Step | None:
    """The step for a metric that differs so much from the threshold; None when none is for it."""
    return next((step for step in steps if step.holds(difference)), None)


def problem(steps: Sequence[Step]) -> str | None:
    """What AWS would refuse in these steps; None when all is well.

    Sources: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_StepAdjustment.html and
    "Quotas for Auto Scaling resources and groups" in the User Guide.
    """
    if not steps:
        return "At least one StepAdjustment must be specified"
    if len(steps) > _MOST_STEPS:
        return f"A step scaling policy has at most {_MOST_STEPS} StepAdjustments"
    if any(step.lower >= step.upper for step in steps):
        return "The upper bound must be greater than the lower bound in a step adjustment"
    if any(math.isinf(step.lower) and math.isinf(step.upper) for step in steps):
        return "A StepAdjustment can't have both bounds unspecified"
    ordered = sorted(steps, key=lambda step: step.lower)
    for one, other in itertools.pairwise(ordered):
        if other.lower < one.upper:
            return "StepAdjustment intervals can't overlap"
        if other.lower > one.upper:
            return "There is a gap between StepAdjustment intervals"
    lowest, highest = ordered[0].lower, ordered[-1].upper
    if lowest < 0 and not math.isinf(lowest):
        return "There must be a StepAdjustment with an unspecified lower bound when one is negative"
    if highest > 0 and not math.isinf(highest):
        return "There must be a StepAdjustment with an unspecified upper bound when one is positive"
    return None


def tracked(capacity: int, value: float, target: float) -> int:
    """The capacity at which a metric that falls with it would have the target's value."""
    return math.ceil(capacity * value / target)
