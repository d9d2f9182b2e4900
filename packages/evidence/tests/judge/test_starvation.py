"""What was refuted on a machine that was too busy is unjudged; what held, held."""

from __future__ import annotations

from typing import Any

import pytest
from story import Story

from evidence.claims import Verdict, judge, parse_claims
from evidence.judge.starvation import STALL_LIMIT_MS, did_not_come, starved, unjudged_if_starved
from evidence.records import MachineSample

CLAIMS = parse_claims(
    [
        {"claim": "three targets are healthy", "measure": "healthy_targets", "is": 3},
        {"claim": "all real", "measure": "share", "where": {"kind": "real"}, "is": 1},
        {"claim": "they are in three zones", "measure": "healthy_zones", "is": 3},
    ]
)
HELD = Verdict(CLAIMS[0].sentence, "healthy_targets is 3", "3 in 8 of 8 samples", "held")
REFUTED = Verdict(CLAIMS[1].sentence, "share is 100%", "93.8%", "refuted")
UNJUDGED = Verdict(CLAIMS[2].sentence, "healthy_zones is 3", "not sampled", "unjudged")


def evidence_of(late_ms: float = 0.5, stall_ms: float = 1, at: float = 12) -> Any:
    tale = Story(fault=10, settled=20).traffic(0, 30, ["i-a"], late_ms=late_ms)
    tale.samples.append(MachineSample(at, 0.2, stall_ms, pressure=0.87, stolen=0.25))
    return tale.evidence()


def test_a_machine_with_time_to_spare_changes_nothing() -> None:
    verdicts = [HELD, REFUTED, UNJUDGED]
    assert unjudged_if_starved(CLAIMS, verdicts, evidence_of()) == verdicts


@pytest.mark.parametrize(
    ("late_ms", "stall_ms", "reason"),
    [
        (85, 1, "1 of 100 requests left later than 85 ms"),
        (
            0.5,
            240,
            "it stood still for 240 ms, processes waited 87% of the time, 25% of it was taken",
        ),
    ],
)
def test_a_busy_machine_refutes_nothing(late_ms: float, stall_ms: float, reason: str) -> None:
    verdicts = [HELD, REFUTED, UNJUDGED]
    held, refuted, unjudged = unjudged_if_starved(CLAIMS, verdicts, evidence_of(late_ms, stall_ms))
    assert (held, unjudged) == (HELD, UNJUDGED)
    assert refuted.outcome == "unjudged"
    assert refuted.seen.startswith(f"93.8%; this machine was too busy: {reason}")
    assert refuted.seen.endswith("; play it again when less is running")


@pytest.mark.parametrize(
    ("at", "windows"),
    [(5, ("before",)), (12, ("during",)), (20.1, ("during",)), (25, ("before", "after"))],
)
def test_it_is_the_time_of_the_claim_that_counts(at: float, windows: tuple[str, ...]) -> None:
    evidence = evidence_of(stall_ms=STALL_LIMIT_MS, at=at)
    assert starved(evidence, windows)
    others = {"before", "during", "after"} - set(windows)
    assert at == 20.1 or not starved(evidence, sorted(others))


def test_a_stall_is_on_record_from_the_machine_itself() -> None:
    assert not starved(Story(fault=10).traffic(0, 30, ["i-a"]).evidence(), ("all",))


def test_a_repair_is_excused_by_its_own_time_only() -> None:
    claims = parse_claims(
        [{"claim": "in time", "measure": "seconds_to_restore", "during": "repair", "at_most": 1}]
    )
    for at, outcome in ((12, "refuted"), (25, "unjudged")):
        tale = Story(fault=10, settled=15, repair=20).traffic(0, 30, ["i-a"])
        tale.samples.append(MachineSample(at, 0.2, 300))
        evidence = tale.evidence()
        verdicts = [judge(claim, evidence) for claim in claims]
        [verdict] = unjudged_if_starved(claims, verdicts, evidence)
        assert verdict.outcome == outcome


@pytest.mark.parametrize(
    ("at", "outcome"), [(4, "refuted"), (8, "unjudged"), (16, "unjudged"), (25, "refuted")]
)
def test_a_steady_state_that_did_not_come_is_excused_by_the_wait_for_it(
    at: float, outcome: str
) -> None:
    tale = Story(steady=15, repair=20).traffic(0, 30, ["i-a"])
    tale.samples.append(MachineSample(at, 0.2, 300))
    verdict = did_not_come(tale.evidence(), 5, "after 10 s not reached: 98% are real")
    assert verdict.outcome == outcome
    assert verdict.must_hold_in_control
    assert verdict.seen.startswith("after 10 s not reached: 98% are real")
    assert ("it stood still for 300 ms" in verdict.seen) is (outcome == "unjudged")
