"""The campaigns' proof that fail-open is exact fails for each request and check that is not."""

from __future__ import annotations

import pytest
from fail_open import misreported, misrouted, not_at_threshold, periods, served_in_fail_open
from health_log import Check

from evidence.records import Reply, TargetHealthSample, TargetState

A, B = "i-a", "i-b"


def outage(instance: str, begins: float, ends: float) -> list[Check]:
    """Checks fail once a second from `begins` to `ends`; the second one takes the target out."""
    failed = [Check(begins + n, instance, "failed") for n in range(int(ends - begins) + 1)]
    return [*failed, Check(begins + 1, instance, "out"), Check(ends + 2, instance, "in")]


CHECKS = sorted([*outage(A, 10.0, 15.0), *outage(B, 10.5, 13.5)], key=lambda check: check.at)
# A is out from 11 to 17, B from 11.5 to 15.5: nobody is in from 11.5 to 15.5.
TIMELINE = periods(CHECKS, [A, B])


def reply(at: float, instance: str | None) -> Reply:
    return Reply(at, 0.0, 10.0, 200, "static", instance=instance)


@pytest.mark.parametrize(
    ("at", "instance", "is_right"),
    [
        (10.9, A, True),
        (11.2, A, False),  # only B is in
        (11.2, B, True),
        (12.0, A, True),  # nobody is in
        (15.3, B, True),
        (15.8, A, False),  # only B is in
        (17.2, A, True),
        (12.0, None, False),
    ],
)
def test_a_reply_comes_from_who_is_in(at: float, instance: str | None, is_right: bool) -> None:
    assert (misrouted([reply(at, instance)], TIMELINE) == []) == is_right


def test_who_serves_in_fail_open_is_counted() -> None:
    replies = [reply(11.2, B), reply(12.0, A), reply(12.1, B), reply(12.2, B)]
    assert served_in_fail_open(replies, TIMELINE) == [{A: 1, B: 2}]


def test_the_second_failure_takes_a_target_out_and_the_second_success_brings_it_back() -> None:
    assert not_at_threshold(CHECKS, 2, 2, 1.0) == []


@pytest.mark.parametrize(
    "checks",
    [
        [Check(10.0, A, "failed"), Check(10.0, A, "out")],  # one failure
        [Check(10.0, A, "failed"), Check(12.0, A, "failed"), Check(12.0, A, "out")],  # not in a row
        [Check(10.0, A, "failed"), Check(11.0, A, "failed")],  # still in
        [*outage(A, 10.0, 12.0)[:-1], Check(13.0, A, "in")],  # one success
        [*outage(A, 10.0, 12.0)[:-1], Check(15.0, A, "in")],  # three
    ],
)
def test_other_numbers_of_checks_are_found(checks: list[Check]) -> None:
    assert not_at_threshold(checks, 2, 2, 1.0) != []


@pytest.mark.parametrize(("at", "healthy", "is_right"), [(11.8, {B}, True), (13.0, {B}, False)])
def test_describe_target_health_may_be_a_second_late(
    at: float, healthy: set[str], is_right: bool
) -> None:
    states = {name: "healthy" if name in healthy else "unhealthy" for name in (A, B)}
    targets = tuple(TargetState(name, 80, None, state) for name, state in states.items())
    assert (misreported([TargetHealthSample(at, targets)], TIMELINE) == []) == is_right
