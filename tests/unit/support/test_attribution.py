"""The campaigns' proof that one fault explains every failure fails for each that it does not."""

from __future__ import annotations

import pytest
from attribution import unexplained, whole_again_at
from health_log import Check
from live_service import Sent

from evidence.evidence import Evidence, Mark
from evidence.records import Reply, TargetHealthSample, TargetState

DEAD, OTHER = "i-dead", "i-other"
FAULT_AT, OUT_AT = 100.0, 102.0
CHECKS = [Check(101.0, DEAD, "failed"), Check(OUT_AT, DEAD, "failed"), Check(OUT_AT, DEAD, "out")]
SENT = {DEAD: Sent(requests=4, succeeded=4, failed=1), OTHER: Sent(5, 5, 0)}


def answered(at: float, instance: str) -> Reply:
    return Reply(at, 0.0, 10.0, 200, "real", instance=instance)


def failed(at: float, instance: str | None = None) -> Reply:
    return Reply(at, 0.0, 10.0, 502, "error", "502", instance=instance)


def evidence(*replies: Reply, health: tuple[TargetHealthSample, ...] = ()) -> Evidence:
    marks = (Mark("fault", FAULT_AT, DEAD),)
    return Evidence("campaign", 90.0, 120.0, marks, replies, health)


def health(at: float, state: str) -> TargetHealthSample:
    states = {DEAD: state, OTHER: "healthy"}
    return TargetHealthSample(
        at, tuple(TargetState(name, 80, None, each) for name, each in states.items())
    )


def test_a_request_on_its_way_to_the_dead_one_is_explained() -> None:
    assert unexplained(evidence(failed(101.5)), DEAD, CHECKS, SENT) == []


def test_nor_does_one_that_broke_off_count_as_failed_for_the_load_balancer() -> None:
    broken_off = failed(FAULT_AT - 0.005)
    sent = {**SENT, DEAD: Sent(requests=5, succeeded=5, failed=1)}
    assert unexplained(evidence(broken_off, failed(101.5)), DEAD, CHECKS, sent) == []
    assert len(unexplained(evidence(failed(101.0), failed(101.5)), DEAD, CHECKS, sent)) == 1


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (failed(99.0), "before the fault"),
        (failed(102.2), "i-dead was out, or back, since +2.100 s"),
        (failed(101.5, OTHER), "answered by i-other, which was not hit"),
    ],
)
def test_other_failures_are_not(reply: Reply, reason: str) -> None:
    (found,) = unexplained(evidence(reply), DEAD, CHECKS, SENT)
    assert reason in found


def test_nor_is_a_failure_after_the_dead_one_has_answered_again() -> None:
    replies = answered(101.0, DEAD), failed(101.5)
    assert len(unexplained(evidence(*replies), DEAD, [], SENT)) == 1


@pytest.mark.parametrize(
    "sent",
    [
        {**SENT, OTHER: Sent(5, 5, 1)},
        {**SENT, OTHER: Sent(5, 4, 0)},
        {**SENT, DEAD: Sent(4, 4, 0)},
        {**SENT, DEAD: Sent(4, 4, 2)},
    ],
)
def test_counters_that_say_otherwise_are_named(sent: dict[str, Sent]) -> None:
    assert len(unexplained(evidence(failed(101.5)), DEAD, CHECKS, sent)) == 1


def test_whole_again_is_when_the_last_thing_is_well() -> None:
    samples = (health(101.0, "healthy"), health(102.5, "unhealthy"), health(104.5, "healthy"))
    replies = failed(101.5), answered(103.0, DEAD)
    assert whole_again_at(evidence(*replies, health=samples), DEAD) == 104.5
    assert whole_again_at(evidence(*replies, health=samples[:2]), DEAD) == float("inf")
    assert whole_again_at(evidence(failed(101.5), health=samples), DEAD) == float("inf")
