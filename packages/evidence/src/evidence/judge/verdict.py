"""Whether a claim is true of what was recorded: held, refuted or unjudged. Pure.

The bound must hold for every value that is measured (each sample in turn). Without evidence that
covers its time (coverage.py) a claim is unjudged, neither held nor refuted.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from evidence.judge.claims import Claim, Value
from evidence.judge.measure import NoEvidenceError, Values
from evidence.judge.proportion import Proportion
from evidence.record.evidence import Evidence
from evidence.record.windows import Window, outermost

Outcome = Literal["held", "refuted", "unjudged"]
ScenarioOutcome = Literal["passed", "failed", "unjudged"]

_NEEDED = {
    "before": "fault",
    "during": "fault, settled",
    "after": "settled",
    "repair": "repair",
    "restored": "restored",
}
"""The marks without which a window is not there."""


@dataclass(frozen=True)
class Verdict:
    """What became of a claim. `seen` is what was measured, in words.

    `definition` is the claim as it can be read again. `proportion` is of how many replies, and what
    that says of the rate behind it; None for what is no count of replies, and for what could not be
    measured. What `must_hold_in_control` is the steady state, without which no control proves
    anything.
    """

    claim: str
    expected: str
    seen: str
    outcome: Outcome
    must_fail_in_control: bool = False
    proportion: Proportion | None = None
    definition: Mapping[str, Any] = field(default_factory=dict)
    must_hold_in_control: bool = False

    @property
    def held(self) -> bool:
        return self.outcome == "held"

    def unjudged_because(self, reason: str) -> Verdict:
        """The same, unjudged; what was seen stands before the reason."""
        return replace(self, outcome="unjudged", seen=f"{self.seen}; {reason}")


def judge(claim: Claim, evidence: Evidence, window: Window | None = None) -> Verdict:
    """Measure a claim in its own window of time, or in another, and compare with its bound.

    A window whose marks were never set has no evidence: the scenario did not get that far. Of a
    scenario that was interrupted nothing is judged.
    """
    if evidence.interruption is not None:
        return _verdict(claim, str(evidence.interruption), "unjudged")
    windows = (
        {"": window} if window else {name: evidence.windows.get(name) for name in claim.during}
    )
    try:
        values = _measured(claim, evidence, windows)
    except NoEvidenceError as error:
        return _verdict(claim, str(error), "unjudged")
    broken = {
        name: [value for value in found if not _within(value, claim.bounds)]
        for name, found in values.items()
    }
    outcome: Outcome = "refuted" if any(broken.values()) else "held"
    seen = _seen(claim, values, broken)
    proportion = _counted(claim, evidence, [each for each in windows.values() if each])
    if proportion is not None:
        seen = f"{seen}, {proportion}"
    return _verdict(claim, seen, outcome, proportion)


def scenario_outcome(verdicts: Sequence[Verdict], negative_control: bool) -> ScenarioOutcome:
    """A scenario passes when every claim held; a control when every claim that must fail did.

    An unjudged claim never helps: a control that measured nothing has not shown that a claim can
    fail. Without any surprise but unjudged claims the scenario is unjudged, not failed.
    """
    wanted = [(wanted_outcome(vars(each), negative_control), each.outcome) for each in verdicts]
    meant = [(due, outcome) for due, outcome in wanted if due]
    if any(outcome not in {due, "unjudged"} for due, outcome in meant):
        return "failed"
    if any(outcome == "unjudged" for _, outcome in meant):
        return "unjudged"
    shows_nothing = negative_control and all(due == "held" for due, _ in meant)
    return "failed" if shows_nothing else "passed"


def wanted_outcome(claim: Mapping[str, Any], negative_control: bool) -> Outcome | None:
    """Which outcome a scenario needs of a claim to pass; None of one that does not decide.

    `claim` is a verdict as verdicts.json has it.
    """
    if not negative_control or claim.get("must_hold_in_control"):
        return "held"
    return "refuted" if claim["must_fail_in_control"] else None


def passed(verdicts: Sequence[Verdict], negative_control: bool) -> bool:
    return scenario_outcome(verdicts, negative_control) == "passed"


def _measured(
    claim: Claim, evidence: Evidence, windows: Mapping[str, Window | None]
) -> dict[str, Values]:
    """The values in each window. Raises NoEvidenceError for the first that has none."""
    values = {}
    for name, window in windows.items():
        if window is None:
            raise NoEvidenceError(f"never marked: {_NEEDED[name]}")
        values[name] = claim.measure.take(evidence, window, claim.question)
    return values


def _seen(claim: Claim, values: Mapping[str, Values], broken: Mapping[str, Sequence[Value]]) -> str:
    """What was measured, in words; only what broke the bound where something did."""
    if not any(broken.values()):
        return claim.measure.describe([value for found in values.values() for value in found])
    return "; ".join(
        _broken(claim, name if len(values) > 1 else "", found, len(values[name]))
        for name, found in broken.items()
        if found
    )


def _broken(claim: Claim, window: str, broken: Sequence[Value], of: int) -> str:
    """What broke the bound, in which of several windows, and in how many of several samples."""
    shown = f"{window}: " * bool(window) + claim.measure.describe(broken)
    return f"{shown} in {len(broken)} of {of} samples" if of > 1 else shown


def _counted(claim: Claim, evidence: Evidence, windows: Sequence[Window]) -> Proportion | None:
    """All replies that a claim counts, each once; None when it counts none."""
    count = claim.measure.counts
    if count is None:
        return None
    counted = [count(evidence, each, claim.question) for each in outermost(windows)]
    return Proportion.counted(
        sum(each.matching for each in counted), sum(each.of for each in counted)
    )


def _verdict(
    claim: Claim, seen: str, outcome: Outcome, proportion: Proportion | None = None
) -> Verdict:
    control = claim.must_fail_in_control
    return Verdict(
        claim.sentence, claim.expected, seen, outcome, control, proportion, claim.definition
    )


def _within(value: Value, bounds: Mapping[str, Value]) -> bool:
    """What never happened is infinite, and within no bound."""
    if isinstance(value, float) and not math.isfinite(value):
        return False
    return all(_keeps(value, bound, limit) for bound, limit in bounds.items())


def _keeps(value: Value, bound: str, limit: Value) -> bool:
    if isinstance(value, str) or isinstance(limit, str):
        return value == limit
    if math.isclose(value, limit, abs_tol=1e-9):
        return True
    return {"is": False, "at_least": value > limit, "at_most": value < limit}[bound]
