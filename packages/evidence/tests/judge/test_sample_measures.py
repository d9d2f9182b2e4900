"""What is measured of AWS's view: target health, the group, and times from the fault."""

from dataclasses import replace
from typing import Any

import pytest
from judged import outcome, verdict_on
from story import Story


def test_a_target_that_is_not_there_has_no_healthy_state() -> None:
    tale = Story(end=3).health(0, 3, {"i-a": "healthy", "i-b": "unhealthy"}, "Target.Timeout")
    evidence = tale.evidence()
    for instance, state, reason in (
        ("i-a", "healthy", "None"),
        ("i-b", "unhealthy", "Target.Timeout"),
        ("i-c", "not registered", "not registered"),
    ):
        assert (
            outcome(evidence, measure="target_state", instance=instance, **{"is": state}) == "held"
        )
        assert (
            outcome(evidence, measure="target_reason", instance=instance, **{"is": reason})
            == "held"
        )


def test_zones_are_counted_for_healthy_targets_only() -> None:
    tale = Story(end=3).group(0, 3, dict.fromkeys(("i-a", "i-b", "i-c"), "InService"))
    tale.health(0, 3, {"i-a": "healthy", "i-b": "healthy", "i-c": "draining"})
    assert outcome(tale.evidence(), measure="healthy_zones", **{"is": 2}) == "held"


def test_instances_that_stayed_and_that_came() -> None:
    tale = Story(end=20).group(0, 10, {"i-a": "InService", "i-b": "InService"})
    tale.group(10, 20, {"i-a": "Terminating", "i-b": "InService", "i-c": "Pending"})
    for claim, number in (
        ({"measure": "surviving_instances"}, 1),
        ({"measure": "surviving_instances", "instance": "i-a"}, 0),
        ({"measure": "surviving_instances", "instance": "i-b"}, 1),
        ({"measure": "new_instances"}, 1),
    ):
        assert outcome(tale.evidence(), **claim, **{"is": number}) == "held"
    stranger = {"measure": "surviving_instances", "instance": "i-z", "is": 0}
    assert outcome(tale.evidence(), **stranger) == "unjudged"
    assert outcome(tale.evidence(), measure="in_service_instances", at_least=1) == "held"
    assert outcome(tale.evidence(), measure="in_service_instances", at_least=2) == "refuted"


def test_times_count_from_the_fault() -> None:
    tale = Story(fault=10, fault_on="i-b").traffic(0, 30, ["i-a"]).traffic(0, 12, ["i-b"])
    tale.traffic(25, 30, ["i-b"])
    tale.health(0, 13, {"i-a": "healthy", "i-b": "healthy"})
    tale.health(13, 25, {"i-a": "healthy", "i-b": "unhealthy"})
    tale.health(25, 30, {"i-a": "healthy", "i-b": "healthy"})
    for measure, options, seconds in (
        ("seconds_to_detect", {"instance": "i-b"}, 3),
        ("seconds_to_detect", {}, 3),
        ("seconds_to_drain", {"instance": "i-b"}, 1),
        ("seconds_to_recover", {}, 15),
    ):
        evidence = tale.evidence()
        assert outcome(evidence, measure=measure, **options, at_most=seconds) == "held"
        assert outcome(evidence, measure=measure, **options, at_most=seconds - 0.1) == "refuted"


DRAINED = {"measure": "seconds_to_drain", "instance": "i-b", "at_most": 5}


def drained() -> Any:
    """A fault on i-b at 10; it is unhealthy from 12 on, and nothing more is sent to it."""
    tale = Story(fault=10, fault_on="i-b")
    tale.health(0, 12, {"i-a": "healthy", "i-b": "healthy"})
    return tale.health(12, 30, {"i-a": "healthy", "i-b": "unhealthy"})


def test_an_instance_that_gets_no_more_requests_is_drained_at_once() -> None:
    tale = drained().traffic(0, 30, ["i-a"]).traffic(0, 10, ["i-b"])
    verdict = verdict_on(tale.evidence(), **DRAINED)
    assert (verdict.outcome, verdict.seen) == ("held", "0 s")


@pytest.mark.parametrize(
    ("replying", "seen"),
    [
        ([], "no request is on record for 30.0 s of 30.0 s"),
        (["i-a"], "i-b gave no reply before the fault"),
        ([None], "i-b gave no reply before the fault"),
    ],
)
def test_only_an_instance_that_replied_before_the_fault_can_drain(
    replying: list[Any], seen: str
) -> None:
    verdict = verdict_on(drained().traffic(0, 30, replying).evidence(), **DRAINED)
    assert verdict.outcome == "unjudged"
    assert verdict.seen.startswith(seen)


def test_a_gap_in_requests_or_samples_leaves_draining_unjudged() -> None:
    tale = Story(fault=10, fault_on="i-b").traffic(0, 10, ["i-b"]).traffic(0, 30, ["i-a"])
    tale.health(0, 12, {"i-b": "healthy"}).health(12, 13, {"i-b": "unhealthy"})
    assert verdict_on(tale.evidence(), **DRAINED).seen.startswith("target health was not sampled")
    whole = tale.health(13, 30, {"i-b": "unhealthy"}).evidence()
    assert outcome(whole, **DRAINED) == "held"
    assert "it never sent 5 of" in verdict_on(replace(whole, missed=5), **DRAINED).seen
    few = tuple(reply for reply in whole.replies if not 13 <= reply.scheduled_at < 20)
    assert "no request is on record" in verdict_on(replace(whole, replies=few), **DRAINED).seen


@pytest.mark.parametrize(("restored", "outcome_"), [(24, "held"), (None, "refuted")])
def test_restoring_is_in_time_when_it_comes_at_all(restored: float | None, outcome_: str) -> None:
    tale = Story(fault=10, settled=20, repair=22, restored=restored)
    assert outcome(tale.evidence(), measure="seconds_to_restore", at_most=2) == outcome_
    assert (
        outcome(Story(fault=10).evidence(), measure="seconds_to_restore", at_most=2) == "unjudged"
    )
