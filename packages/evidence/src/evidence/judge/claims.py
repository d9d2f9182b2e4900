"""Claims: what a scenario says must be true, as it is written. Data in, claims out; pure.

A claim is written as

    claim: every reply is a real recommendation      the sentence people read
    measure: share                                   one of measures.MEASURES
    where: {kind: real}                              which replies are meant
    among: {instance: i-0abc}                        out of which others (default: all)
    during: after                                    all (default), before, during, after, repair,
                                                     restored, or a list of these
    is: 1                                            or at_least, or at_most, or both of these

A value in `where` and `among` is one value, a list of values, or {not: value or list}. Of several
times each is measured for itself. verdict.py says when the bound holds.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evidence.judge.filters import Filter, parse_filter
from evidence.judge.measure import Measure, Question
from evidence.judge.measures import MEASURES
from evidence.record.windows import WINDOW_NAMES

Value = float | str

_BOUNDS = ("is", "at_least", "at_most")
_OPTIONS = ("where", "among", "instance", "lag_seconds")
_KEYS = ("claim", "measure", *_OPTIONS, "during", *_BOUNDS, "must_fail_in_control")


class ClaimError(ValueError):
    """A claim that is not written as it must be: which one, what is wrong, what is valid."""


@dataclass(frozen=True)
class Claim:
    sentence: str
    measure: Measure
    question: Question
    during: tuple[str, ...]
    bounds: Mapping[str, Value]
    must_fail_in_control: bool = False

    @property
    def expected(self) -> str:
        """The bound in words, such as "share where kind=real (after) is 100%"."""
        asked = " ".join(
            filter(None, (self.measure.name, str(self.question), f"({', '.join(self.during)})"))
        )
        bounds = " and ".join(
            f"{bound.replace('_', ' ')} {self.measure.show(value)}"
            for bound, value in self.bounds.items()
        )
        return f"{asked} {bounds}"

    @property
    def definition(self) -> dict[str, Any]:
        """The claim without its sentence, as parse_claims reads it."""
        question = self.question
        options = {
            "where": question.where.written(),
            "among": question.among.written(),
            "instance": question.instance,
            "lag_seconds": question.lag_seconds,
        }
        return {
            "measure": self.measure.name,
            **{name: given for name, given in options.items() if given or given == 0},
            "during": list(self.during),
            **self.bounds,
        }


def parse_claims(
    entries: Sequence[Mapping[str, Any]], negative_control: bool = False
) -> list[Claim]:
    """Read claims. Raises ClaimError for what is wrong; no sentence may be there twice.

    With `negative_control`, one at least must say `must_fail_in_control`.
    """
    if not entries:
        raise ClaimError("no claims: a scenario without claims proves nothing")
    claims = [_parse(entry) for entry in entries]
    sentences = [claim.sentence for claim in claims]
    for sentence in sentences:
        if sentences.count(sentence) > 1:
            raise ClaimError(f"claim {sentence!r} is there twice")
    if negative_control and not any(claim.must_fail_in_control for claim in claims):
        raise ClaimError("no claim says `must_fail_in_control`: the control would prove nothing")
    return claims


def _parse(entry: Mapping[str, Any]) -> Claim:
    sentence = entry.get("claim")
    if not isinstance(sentence, str) or not sentence.strip():
        raise ClaimError(f"a claim needs its sentence under `claim`: {dict(entry)}")
    given = {key: value for key, value in entry.items() if value is not None}
    unknown = sorted(set(given) - set(_KEYS))
    if unknown:
        raise ClaimError(f"claim {sentence!r}: unknown {_list(unknown)} (valid: {_list(_KEYS)})")
    measure = MEASURES.get(str(given.get("measure")))
    if measure is None:
        raise ClaimError(
            f"claim {sentence!r}: unknown measure {given.get('measure')!r} "
            f"(valid: {_list(sorted(MEASURES))})"
        )
    extra = [option for option in _OPTIONS if option in given and option not in measure.options]
    if extra:
        raise ClaimError(
            f"claim {sentence!r}: measure {measure.name} takes no {_list(extra)} "
            f"(it takes: {_list(measure.options) or 'none'})"
        )
    missing = [option for option in measure.required if option not in given]
    if missing:
        raise ClaimError(f"claim {sentence!r}: measure {measure.name} needs {_list(missing)}")
    return Claim(
        sentence=sentence,
        measure=measure,
        question=Question(
            where=_filter(sentence, given.get("where", {})),
            among=_filter(sentence, given.get("among", {})),
            instance=given.get("instance"),
            lag_seconds=_lag(sentence, given.get("lag_seconds")),
        ),
        during=_during(sentence, given.get("during", "all")),
        bounds=_bounds(sentence, measure, given),
        must_fail_in_control=bool(given.get("must_fail_in_control", False)),
    )


def _during(sentence: str, given: object) -> tuple[str, ...]:
    names = given if isinstance(given, list | tuple) and given else [given]
    for name in names:
        if name not in WINDOW_NAMES:
            raise ClaimError(
                f"claim {sentence!r}: unknown time {name!r} (valid: {_list(WINDOW_NAMES)})"
            )
    return tuple(names)


def _bounds(sentence: str, measure: Measure, given: Mapping[str, Any]) -> dict[str, Value]:
    bounds = {bound: given[bound] for bound in _BOUNDS if bound in given}
    if not bounds or ("is" in bounds and len(bounds) > 1):
        raise ClaimError(f"claim {sentence!r} needs a bound: `is`, or `at_least` and/or `at_most`")
    if measure.is_text:
        if set(bounds) != {"is"}:
            raise ClaimError(f"claim {sentence!r}: {measure.name} is text; its bound is `is`")
        return {"is": str(bounds["is"])}
    try:
        numbers = {bound: float(value) for bound, value in bounds.items()}
    except (TypeError, ValueError, OverflowError):
        numbers = {}
    # JSON has no infinity either, and verdicts.json repeats the bounds.
    if not numbers or not all(map(math.isfinite, numbers.values())):
        raise ClaimError(f"claim {sentence!r}: the bound must be a number: {bounds}")
    return {**numbers}


def _lag(sentence: str, given: object) -> float | None:
    if given is None:
        return None
    try:
        seconds = float(str(given))
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds < math.inf:
        raise ClaimError(f"claim {sentence!r}: lag_seconds must be 0 or more: {given!r}")
    return seconds


def _filter(sentence: str, data: object) -> Filter:
    try:
        return parse_filter(data)
    except ValueError as error:
        raise ClaimError(f"claim {sentence!r}: {error}") from None


def _list(names: Sequence[str]) -> str:
    return ", ".join(names)
