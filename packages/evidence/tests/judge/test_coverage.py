"""A claim is judged by records that cover its time; without them it is neither held nor refuted."""

from dataclasses import replace
from typing import Any

import pytest
from judged import verdict_on
from story import Story

from evidence.judge.coverage import INTERVALS, LEAST_SECONDS, allowed_seconds
from evidence.records import SamplingError, TargetHealthSample, TargetState

WELL = {"i-a": "healthy"}
HEALTHY: dict[str, Any] = {"measure": "healthy_targets", "is": 1}
REAL: dict[str, Any] = {"measure": "share", "where": {"kind": "real"}, "is": 1}


def verdict(evidence: Any, claim: dict[str, Any]) -> tuple[str, str]:
    judged = verdict_on(evidence, **claim)
    return judged.outcome, judged.seen


def refusal(at: float, sampler: str = "target_health") -> SamplingError:
    return SamplingError(at, sampler, "Could not connect to the endpoint")


def test_a_gap_is_longer_than_a_few_intervals_and_than_what_a_busy_machine_takes() -> None:
    assert allowed_seconds(0.2) == LEAST_SECONDS
    assert allowed_seconds(2) == INTERVALS * 2


@pytest.mark.parametrize("bound", [1, 0])
@pytest.mark.parametrize(
    ("first", "last", "without"),
    [(0, 10, 20.0), (20, 30, 20.0), (0, 20, 10.0)],
    ids=["end", "begin", "short"],
)
def test_what_was_seen_before_or_after_says_nothing_of_a_time_without_samples(
    first: int, last: int, without: float, bound: int
) -> None:
    tale = Story().health(first, last, WELL)
    tale.samples.extend(refusal(float(at)) for at in range(30) if not first <= at < last)
    outcome, seen = verdict(tale.evidence(), {**HEALTHY, "is": bound})
    assert outcome == "unjudged", "neither held nor refuted"
    assert seen.startswith("target health was not sampled for ")
    seconds = float(seen.split(" for ")[1].split(" s of 30.0 s")[0])
    assert without <= seconds <= without + 1
    assert seen.endswith(": Could not connect to the endpoint")


def test_a_hole_in_the_middle_is_found_by_the_interval_of_the_run() -> None:
    tale = Story().health(0, 10, WELL).health(14, 30, WELL)
    assert verdict(tale.evidence(), HEALTHY)[0] == "held", "4 s are few intervals of a second"
    fast = replace(tale.evidence(), sample_interval_seconds=0.2)
    assert verdict(fast, HEALTHY)[0] == "unjudged", "5 s are many of 0.2 s"
    hole = Story().health(0, 10, WELL).health(16, 30, WELL)
    outcome, seen = verdict(hole.evidence(), HEALTHY)
    assert (outcome, seen) == (
        "unjudged",
        "target health was not sampled for 7.0 s of 30.0 s: no answer to the observer is on record",
    )
    slow = replace(hole.evidence(), sample_interval_seconds=2)
    assert verdict(slow, HEALTHY)[0] == "held"


def test_each_sampler_counts_for_itself() -> None:
    tale = Story().health(0, 30, WELL).group(0, 5, {"i-a": "InService"})
    assert verdict(tale.evidence(), HEALTHY)[0] == "held"
    for claim in (
        {"measure": "in_service_instances", "is": 1},
        {"measure": "surviving_instances", "is": 1},
        {"measure": "new_instances", "is": 0},
    ):
        outcome, seen = verdict(tale.evidence(), claim)
        assert outcome == "unjudged"
        assert "the Auto Scaling group was not sampled for 26.0 s" in seen


@pytest.mark.parametrize("bound", [1, 0])
def test_replies_must_cover_their_time_too(bound: int) -> None:
    tale = Story().traffic(0, 20, ["i-a", "i-b"])
    outcome, seen = verdict(tale.evidence(), {**REAL, "is": bound})
    assert outcome == "unjudged"
    assert seen == (
        "no request is on record for 10.9 s of 30.0 s: the observer or its machine stood still"
    )
    during = {**REAL, "during": "after"}
    settled = Story(settled=10, end=20).traffic(0, 20, ["i-a"]).evidence()
    assert verdict(settled, during)[0] == "held"


def test_while_it_goes_on_replies_may_be_outstanding_for_their_timeout() -> None:
    evidence = replace(
        Story().traffic(0, 26, ["i-a"]).evidence(),
        is_complete=False,
        request_timeout_seconds=5,
        rate=50,
    )
    assert verdict(evidence, REAL)[0] == "held"
    assert verdict(replace(evidence, is_complete=True), REAL)[0] == "unjudged"
    assert verdict(replace(evidence, stopped_at=33), REAL)[0] == "unjudged"


def test_health_that_the_load_balancer_itself_does_not_know_is_no_sample() -> None:
    tale = Story().health(0, 20, WELL)
    error = TargetState("i-a", 80, None, "unavailable", "Elb.InternalError", "internal error")
    tale.samples.extend(TargetHealthSample(at, (error,)) for at in range(20, 30))
    assert verdict(tale.evidence(), HEALTHY)[0] == "unjudged"
    assert verdict(tale.evidence(), {"measure": "unhealthy_targets", "is": 0})[0] == "unjudged"


@pytest.mark.parametrize("bound", [1, 0])
def test_what_was_never_sent_leaves_every_claim_on_replies_open(bound: int) -> None:
    behind = replace(Story().traffic(0, 30, ["i-a"]).health(0, 30, WELL).evidence(), missed=12)
    outcome, seen = verdict(behind, {**REAL, "is": bound})
    assert outcome == "unjudged"
    assert seen.startswith("the prober fell behind: it never sent 12 of 42 requests; ")
    assert verdict(behind, HEALTHY)[0] == "held"
