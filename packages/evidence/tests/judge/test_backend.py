"""What proves that the backend died, and what does not."""

from dataclasses import replace
from typing import Any

import pytest
from story import Story

from evidence.claims import judge, parse_claims
from evidence.evidence import Interruption
from evidence.judge.backend import change, death, falls_silent, observers_death
from evidence.records import SamplingError, StackSample, TargetHealthSample, TargetState

WELL = {"i-a": "healthy"}
LOCAL = {"backend": "local", "endpoint": "http://127.0.0.1:4566"}


def observed(tale: Any, **given: Any) -> Any:
    return replace(tale.evidence(), settings=LOCAL, sample_interval_seconds=0.2, **given)


def throttle(tale: Any, start: int, end: int) -> None:
    """AWS answers each second, with an error."""
    tale.samples.extend(
        SamplingError(second, "target_health", "Rate exceeded", "Throttling")
        for second in range(start, end)
    )


def test_a_whole_observation_has_no_dead_backend() -> None:
    tale = Story().health(0, 30, WELL).traffic(0, 30, ["i-a"])
    tale.samples.append(StackSample(3, "UPDATE_ROLLBACK_COMPLETE"))
    assert death(observed(tale)) is None
    assert observers_death(observed(tale)) is None


def test_refused_requests_alone_are_the_services_failure() -> None:
    tale = Story().health(0, 30, WELL).traffic(0, 30, [None], "error", error="refused", status=None)
    assert death(observed(tale)) is None


def test_an_api_that_answers_nobody_is_dead() -> None:
    tale = Story().health(0, 23, WELL).traffic(0, 30, ["i-a"])
    tale.samples.append(SamplingError(23, "target_health", "Could not connect"))
    assert death(observed(tale)) == (
        "the local AWS at http://127.0.0.1:4566 has not answered for 8.0 s (Could not connect)"
    )
    tale.health(30, 40, WELL)
    assert "did not answer for 8.0 s" in str(death(observed(tale, stopped_at=40)))


def test_an_api_that_hangs_is_dead_before_its_calls_have_failed() -> None:
    tale = Story().health(0, 23, WELL).traffic(0, 30, ["i-a"])
    assert "has not answered for 8.0 s" in str(death(observed(tale, heartbeats=(24.5, 28.5))))


def test_an_api_that_answers_any_sampler_lives() -> None:
    tale = Story().health(0, 20, WELL).group(0, 30, {"i-a": "InService"}).traffic(0, 30, ["i-a"])
    assert death(observed(tale)) is None


def test_an_observer_that_has_not_begun_says_nothing_of_the_backend() -> None:
    assert death(observed(Story(), is_complete=False)) is None
    assert "has not answered for 20.0 s" in str(death(observed(Story(), begun_at=10)))


@pytest.mark.parametrize(("silent_from", "falls"), [(29, False), (25, True)])
def test_an_api_falls_silent_before_it_is_dead(silent_from: int, falls: bool) -> None:
    tale = Story().health(0, silent_from, WELL).traffic(0, 30, [None], "error")
    assert falls_silent(observed(tale)) is falls
    assert death(observed(tale)) is None
    tale.samples.append(SamplingError(29, "target_health", "Rate exceeded", "Throttling"))
    assert not falls_silent(observed(tale))  # that is an answer


def test_an_api_that_answers_with_errors_lives() -> None:
    tale = Story().health(0, 5, WELL).traffic(0, 30, ["i-a"])
    throttle(tale, 5, 30)
    assert death(observed(tale)) is None
    assert not falls_silent(observed(tale))


def test_an_api_that_falls_silent_after_a_spell_of_errors_is_dead() -> None:
    tale = Story().health(0, 5, WELL).traffic(0, 50, ["i-a"])
    throttle(tale, 5, 30)
    tale.samples.append(SamplingError(30, "target_health", "Could not connect"))
    silent = observed(tale, stopped_at=50)
    assert death(silent) == (
        "the local AWS at http://127.0.0.1:4566 has not answered for 21.0 s (Could not connect)"
    )
    still = replace(silent, heartbeats=(1, 29), samples=silent.samples[:-1], replies=())
    assert death(still) == "the observer stood still for 21.0 s"


def test_an_observer_that_stood_still_is_told_from_an_api_that_did() -> None:
    tale = Story().health(0, 20, WELL).health(28, 30, WELL).traffic(0, 20, ["i-a"])
    still = observed(tale, heartbeats=(1, 18, 29))
    assert death(still) == "the observer stood still for 9.0 s"
    assert "local AWS" in str(death(observed(tale.traffic(20, 30, ["i-a"]), heartbeats=(1, 29))))


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (("stack", "Stack demo does not exist", "ValidationError"), "the stack was deleted"),
        (("target_health", "not found", "TargetGroupNotFound"), "the target group was deleted"),
        (("group", "no group", "AutoScalingGroupNotFound"), "the Auto Scaling group was deleted"),
    ],
)
def test_what_is_gone_is_named(error: tuple[str, str, str], said: str) -> None:
    tale = Story().health(0, 30, WELL).traffic(0, 30, ["i-a"])
    tale.samples.append(SamplingError(29, *error))
    assert str(death(observed(tale))).startswith(said)


def test_a_stack_that_is_being_deleted() -> None:
    tale = Story().health(0, 30, WELL)
    tale.samples.append(StackSample(29, "DELETE_IN_PROGRESS"))
    assert death(observed(tale)) == "the stack is DELETE_IN_PROGRESS, which this play did not begin"


def test_a_load_balancer_that_failed_itself() -> None:
    tale = Story().health(0, 29, WELL)
    row = TargetState("i-a", 80, None, "unavailable", "Elb.InternalError", "internal error")
    tale.samples.append(TargetHealthSample(29, (row,)))
    assert death(observed(tale)) == "the load balancer itself failed: internal error"


@pytest.mark.parametrize(
    ("later", "said"),
    [
        (("UPDATE_COMPLETE", "arn", "10:00"), None),
        (("UPDATE_IN_PROGRESS", "arn", "10:01"), "it is UPDATE_IN_PROGRESS"),
        (("UPDATE_COMPLETE", "arn", "10:01"), "updated the stack at 10:01"),
        (("CREATE_COMPLETE", "other", "10:00"), "replaced the stack"),
    ],
)
def test_what_somebody_else_does_to_the_stack(later: Any, said: str | None) -> None:
    status, stack_id, updated_at = later
    samples = [
        StackSample(1, "UPDATE_COMPLETE", "arn", "10:00"),
        StackSample(2, status, stack_id, updated_at),
    ]
    assert said is None if change(samples) is None else said in str(change(samples))


def test_an_observer_that_was_killed_or_gave_up() -> None:
    tale = Story().health(0, 30, WELL)
    assert observers_death(observed(tale, is_complete=False)) == "the observer was killed"
    gave_up = observed(tale, end_reason="too fast")
    assert observers_death(gave_up) == "the observer gave up: too fast"


@pytest.mark.parametrize("bound", [1, 0])
def test_of_an_interrupted_scenario_nothing_is_judged(bound: int) -> None:
    tale = Story().health(0, 30, WELL)
    ended = observed(tale, interruption=Interruption("died", "the stack was deleted"))
    [claim] = parse_claims([{"claim": "c", "measure": "healthy_targets", "is": bound}])
    verdict = judge(claim, ended)
    assert (verdict.outcome, verdict.seen) == (
        "unjudged",
        "the backend died: the stack was deleted",
    )
