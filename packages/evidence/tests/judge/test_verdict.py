"""When a claim holds, and when a scenario passes."""

from typing import Any

import pytest
from judged import outcome, verdict_on
from story import Story

from evidence.claims import Verdict, passed
from evidence.judge.verdict import scenario_outcome

REAL = {"claim": "all real", "measure": "share", "where": {"kind": "real"}, "is": 1}


@pytest.mark.parametrize(
    ("during", "needed"),
    [
        ("before", "fault"),
        ("during", "fault, settled"),
        ("after", "settled"),
        ("restored", "restored"),
        (["after", "all"], "settled"),
    ],
)
def test_a_time_that_never_came_has_no_evidence(during: Any, needed: str) -> None:
    verdict = verdict_on(Story().traffic(0, 5, ["i-a"]).evidence(), **{**REAL, "during": during})
    assert (verdict.outcome, verdict.seen) == ("unjudged", f"never marked: {needed}")


def test_a_sampled_bound_must_hold_in_every_sample() -> None:
    tale = Story(end=10).health(0, 9, {"i-a": "healthy", "i-b": "healthy"})
    tale.health(9, 10, {"i-a": "healthy", "i-b": "unhealthy"})
    verdict = verdict_on(tale.evidence(), measure="healthy_targets", at_least=2)
    assert (verdict.outcome, verdict.seen) == ("refuted", "1 in 1 of 10 samples")
    assert outcome(tale.evidence(), measure="healthy_targets", at_least=1, at_most=2) == "held"
    assert outcome(tale.evidence(), measure="unhealthy_targets", at_most=0) == "refuted"


def test_what_never_happened_is_in_no_bound() -> None:
    tale = Story(fault=10).traffic(0, 30, ["i-a"]).health(0, 30, {"i-a": "healthy"})
    for claim in (
        {"measure": "seconds_to_detect"},
        {"measure": "seconds_to_drain", "instance": "i-a"},
        {"measure": "seconds_to_recover"},
    ):
        for bound in ({"at_most": 1e9}, {"at_least": 5}):
            verdict = verdict_on(tale.evidence(), **claim, **bound)
            assert (verdict.outcome, verdict.seen) == ("refuted", "never")


def test_a_claim_about_several_times_is_measured_in_each() -> None:
    tale = Story(fault=10, settled=20).traffic(0, 10, ["i-a"], latency_ms=3.0)
    tale.traffic(10, 20, ["i-a"], latency_ms=300.0).traffic(20, 30, ["i-a"], latency_ms=9.0)
    claim = {"measure": "latency_max_ms", "during": ["before", "during", "after"]}
    held = verdict_on(tale.evidence(), **claim, at_most=300)
    assert (held.outcome, held.seen) == ("held", "3 ms to 300 ms")
    refuted = verdict_on(tale.evidence(), **claim, at_most=8)
    assert (refuted.outcome, refuted.seen) == ("refuted", "during: 300 ms; after: 9 ms")
    assert refuted.expected == "latency_max_ms (before, during, after) at most 8 ms"


def test_replies_of_several_times_are_counted_together() -> None:
    tale = Story(fault=10, settled=20).traffic(0, 30, ["i-a"])
    verdict = verdict_on(tale.evidence(), **{**REAL, "during": ["before", "after"]})
    assert verdict.outcome == "held"
    assert (verdict.proportion.matching, verdict.proportion.of) == (20, 20)


def test_a_reply_of_overlapping_times_is_counted_once() -> None:
    tale = Story(fault=10, settled=20).traffic(0, 30, ["i-a"])
    for during in (["all", "after"], ["before", "all", "during"]):
        verdict = verdict_on(tale.evidence(), **{**REAL, "during": during})
        assert (verdict.proportion.matching, verdict.proportion.of) == (30, 30)


@pytest.mark.parametrize(
    ("outcomes", "negative_control", "result"),
    [
        (["held", "held"], False, True),
        (["held", "refuted"], False, False),
        (["held", "unjudged"], False, False),
        (["refuted", "refuted"], True, True),
        (["refuted", "held"], True, False),
        (["refuted", "unjudged"], True, False),
        ([], True, False),
    ],
)
def test_when_a_run_passes(outcomes: list[Any], negative_control: bool, result: bool) -> None:
    verdicts = [
        Verdict(f"claim {number}", "e", "s", each, must_fail_in_control=True)
        for number, each in enumerate(outcomes)
    ]
    assert passed(verdicts, negative_control) is result


def test_claims_that_need_not_fail_do_not_decide_a_control() -> None:
    must = Verdict("a", "e", "s", "refuted", must_fail_in_control=True)
    assert passed([must, Verdict("b", "e", "s", "held")], negative_control=True)


@pytest.mark.parametrize(
    ("came", "outcome"), [("held", "passed"), ("refuted", "failed"), ("unjudged", "unjudged")]
)
def test_a_control_proves_nothing_without_its_steady_state(came: Any, outcome: str) -> None:
    must_fail = Verdict("a", "e", "s", "refuted", must_fail_in_control=True)
    steady = Verdict("b", "e", "s", came, must_hold_in_control=True)
    assert scenario_outcome([must_fail, steady], negative_control=True) == outcome
    assert scenario_outcome([steady], negative_control=True) != "passed"
