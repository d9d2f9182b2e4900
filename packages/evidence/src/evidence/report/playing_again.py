"""Whether another repetition of a scenario is due, and at which pace. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import Any

from evidence.judge.verdict import wanted_outcome
from evidence.record.evidence import Interruption
from evidence.report.repetitions import outcomes_of

SLOWEST_PACE = 0.25
"""Fewer requests than these do not make a machine less busy: whatever else runs there does."""


def is_played_again(
    entry: Mapping[str, Any], attempts: int, interruption: Interruption | None = None
) -> bool:
    """Whether another repetition is due; `interruption` is what ended the latest early.

    It is until each claim was judged as often as was asked for, unless the scenario was
    interrupted by more than a busy machine, or the latest repetitions, so many as there are
    attempts, were all unjudged.
    """
    if interruption is not None and interruption.kind != "starved":
        return False
    if _in_vain(entry) >= attempts:
        return False
    return any(
        _judged(claim["claim"], entry["repetitions"]) < entry["repeats"]
        for claim in entry["claims"]
        if wanted_outcome(claim, entry["negative_control"]) is not None
    )


def next_pace(entry: Mapping[str, Any], pace: float) -> float:
    """At which share of its rate what follows is played, after this was at the share `pace`.

    Half as fast after a second repetition in vain: one may have met a passing disturbance, but a
    machine that is too busy for so many requests may carry fewer. Watching for as much longer, as
    many are seen.
    """
    return max(pace / 2, SLOWEST_PACE) if _in_vain(entry) > 1 else pace


def _in_vain(entry: Mapping[str, Any]) -> int:
    """How many of the latest repetitions were unjudged."""
    latest_first = reversed(entry["repetitions"])
    return len(list(takewhile(lambda each: each["outcome"] == "unjudged", latest_first)))


def _judged(sentence: str, played: Sequence[Mapping[str, Any]]) -> int:
    """In how many repetitions a claim was judged, or did not matter since another one failed."""
    return sum(
        each["outcome"] == "failed" or _is_judged(outcomes_of(sentence, [each])) for each in played
    )


def _is_judged(outcomes: Mapping[str, int]) -> bool:
    return outcomes["held"] + outcomes["refuted"] > 0
