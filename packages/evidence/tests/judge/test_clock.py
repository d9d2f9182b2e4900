"""When the machine's clock was set, times before and after cannot be compared."""

from __future__ import annotations

from dataclasses import replace

import pytest
from story import Story

from evidence.claims import judge, parse_claims
from evidence.judge.clock import LIMIT_SECONDS, unjudged_if_clock_set

CLAIMS = parse_claims(
    [
        {
            "claim": "no request fails before the fault",
            "measure": "count",
            "where": {"kind": "error"},
            "during": "before",
            "is": 0,
        },
        {"claim": "three targets are healthy", "measure": "healthy_targets", "is": 3},
        {"claim": "requests were sent", "measure": "instances_seen", "at_least": 1},
    ]
)


def outcomes(clock_offsets: tuple[float, ...]) -> list[tuple[str, str]]:
    """A fault 1 s after the clock went 4 s ahead: what is due after it has times before it."""
    tale = Story(fault=15, settled=20).traffic(0, 11, ["i-a"]).traffic(11, 15, ["i-a"], "error")
    evidence = replace(tale.traffic(15, 30, ["i-a"]).evidence(), clock_offsets=clock_offsets)
    verdicts = [judge(claim, evidence) for claim in CLAIMS]
    return [(each.outcome, each.seen) for each in unjudged_if_clock_set(verdicts, evidence)]


@pytest.mark.parametrize(
    "clock_offsets", [(), (100.0,), (100.0, 100.0 + LIMIT_SECONDS * 0.9, 100.0)]
)
def test_a_clock_that_nobody_sets_changes_nothing(clock_offsets: tuple[float, ...]) -> None:
    assert [outcome for outcome, _ in outcomes(clock_offsets)] == [
        "refuted",
        "unjudged",
        "held",
    ]


@pytest.mark.parametrize(
    ("clock_offsets", "step"),
    [
        ((100.0, 100.001, 104.001), "+4.00"),
        ((100.0, 96.5), "-3.50"),
        ((100.0, 104.0, 100.0), "+4.00"),  # and back again
    ],
)
def test_of_a_time_in_which_the_clock_was_set_nothing_is_judged(
    clock_offsets: tuple[float, ...], step: str
) -> None:
    refuted, missing, held = outcomes(clock_offsets)
    assert {refuted[0], missing[0], held[0]} == {"unjudged"}
    for _, seen in (refuted, held):
        assert f"; this machine's clock was set by {step} s, or it slept" in seen
    assert "clock" not in missing[1], "that has its own reason"
