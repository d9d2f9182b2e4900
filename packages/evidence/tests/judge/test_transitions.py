"""When a fault was detected, drained and recovered from, and whom a failed request was for."""

from typing import Any

import pytest
from story import Story

from evidence.judge.transitions import (
    Attribution,
    attribution,
    detected_at,
    drained_at,
    recovered_at,
    restore_seconds,
)
from evidence.records import Reply


def failed(at: float, instance: str | None = None, latency_ms: float = 5.0) -> Reply:
    return Reply(at, 0.5, latency_ms, 502, "error", "502", instance)


def killed(state: str = "unhealthy") -> Any:
    """A fault on i-b at 10; its target is out from 13 until 25."""
    tale = Story(fault=10, fault_on="i-b", settled=20)
    for start, end, now in ((0, 13, "healthy"), (13, 25, state), (25, 30, "healthy")):
        tale.health(start, end, {"i-a": "healthy", "i-b": now})
    return tale


@pytest.mark.parametrize(
    ("reply", "instance", "moment"),
    [
        (failed(9.0), None, "before the fault"),
        (failed(9.5, latency_ms=2000.0), "i-b", "before eviction"),  # due before, it met the fault
        (failed(11.0), "i-b", "before eviction"),
        (failed(11.0, "i-a"), "i-a", "before eviction"),
        (failed(14.0), None, "after eviction"),
        (failed(21.0), None, "after settling"),
    ],
)
def test_a_failed_request_has_a_target_and_a_moment(
    reply: Reply, instance: str | None, moment: str
) -> None:
    assert attribution(killed().evidence())(reply) == Attribution(instance, moment)


def test_an_instance_that_is_never_evicted_is_blamed_for_nothing() -> None:
    tale = Story(fault=10, fault_on="i-b").health(0, 30, {"i-b": "healthy"})
    assert attribution(tale.evidence())(failed(11.0)) == Attribution(None, "no eviction")


def test_without_a_fault_only_who_answered_is_known() -> None:
    assert attribution(Story().evidence())(failed(11.0, "i-a")) == Attribution("i-a", "no fault")


@pytest.mark.parametrize("state", ["unhealthy", "draining", "unavailable"])
def test_an_instance_is_out_in_whatever_way(state: str) -> None:
    assert detected_at(killed(state).evidence(), "i-b") == 13


@pytest.mark.parametrize(("state", "at"), [("unhealthy", 13), ("draining", None)])
def test_of_any_target_only_an_unhealthy_one_is_a_detection(state: str, at: float | None) -> None:
    assert detected_at(killed(state).evidence()) == at


def test_what_an_instance_gets_after_its_return_is_no_draining() -> None:
    tale = killed().traffic(0, 12, ["i-b"]).traffic(25, 30, ["i-b"])
    assert drained_at(tale.evidence(), "i-b") == 11


def test_a_target_that_falls_again_has_not_recovered() -> None:
    assert recovered_at(killed().evidence()) == 25
    tale = killed().health(29, 30, {"i-a": "healthy", "i-b": "unhealthy"})
    assert recovered_at(tale.evidence()) is None


def test_what_the_repair_brings_back_has_not_recovered_by_itself() -> None:
    tale = killed()
    tale.repair, tale.restored = 22, 26
    assert detected_at(tale.evidence(), "i-b") == 13
    assert recovered_at(tale.evidence()) is None
    assert restore_seconds(tale.evidence()) == 4


def test_what_was_not_repaired_was_not_restored() -> None:
    assert restore_seconds(killed().evidence()) is None
