"""What a measure is: a named, pure function of the evidence, and how its values are shown."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from evidence.judge.filters import ALL_REPLIES, Filter
from evidence.judge.proportion import Proportion
from evidence.record.evidence import Evidence
from evidence.record.windows import Window

_DECIMALS = 3  # of seconds and milliseconds alike: finer is noise to a reader


class NoEvidenceError(Exception):
    """Nothing was recorded that the measure could be taken from. Says what is missing."""


@dataclass(frozen=True)
class Question:
    """What a claim asks of a measure. A measure uses only the options that it declares."""

    where: Filter = ALL_REPLIES
    among: Filter = ALL_REPLIES
    instance: str | None = None
    lag_seconds: float | None = None

    def __str__(self) -> str:
        parts = (
            f"of {self.instance}" if self.instance else "",
            f"where {self.where}" if self.where else "",
            f"among {self.among}" if self.among else "",
            f"with a lag of {self.lag_seconds:g} s" if self.lag_seconds is not None else "",
        )
        return " ".join(part for part in parts if part)


Values = Sequence[float] | Sequence[str]


@dataclass(frozen=True)
class Measure:
    """`options` may be given in a claim, `required` must be; `unit` is "", "%", "s" or "ms".

    One that `looks_back` needs more of the evidence than the window that it is taken in. It
    `rests_on` requests, on held ones, or on what one of the samplers took. `counts` is how many
    replies of how many the value is made of, for a measure of single replies.
    """

    name: str
    meaning: str
    take: Callable[[Evidence, Window, Question], Values]
    options: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    unit: str = ""
    is_text: bool = False
    looks_back: bool = False
    rests_on: Literal["requests", "held", "target_health", "group"] = "requests"
    counts: Callable[[Evidence, Window, Question], Proportion] | None = None

    def show(self, value: float | str) -> str:
        if isinstance(value, str):
            return value
        if math.isinf(value):
            return "never"
        if self.unit == "%":
            return f"{value * 100:.6g}%"
        return f"{round(value, _DECIMALS):.6g}{' ' + self.unit if self.unit else ''}"

    def describe(self, values: Sequence[float | str]) -> str:
        """All values in words: one, a range, or the different texts."""
        shown = sorted({self.show(value) for value in values})
        numbers = [value for value in values if not isinstance(value, str)]
        if len(shown) == 1 or not numbers:
            return ", ".join(shown)
        return f"{self.show(min(numbers))} to {self.show(max(numbers))}"
