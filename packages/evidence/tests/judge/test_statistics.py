"""Figures from replies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from story import Story

from evidence.judge import statistics


@pytest.mark.parametrize(
    ("values", "percent", "expected"),
    [
        ([7], 0, 7),
        ([7], 99, 7),
        ([1, 2, 3, 4], 50, 2),
        ([4, 3, 2, 1], 75, 3),
        (list(range(1, 101)), 99, 99),
        (list(range(1, 101)), 7, 7),
        (list(range(1, 101)), 100, 100),
    ],
)
def test_percentile(values: list[float], percent: float, expected: float) -> None:
    assert statistics.percentile(values, percent) == expected


@given(st.lists(st.floats(0, 1e6), min_size=1), st.floats(0, 100))
def test_a_percentile_is_a_value_that_enough_others_do_not_exceed(
    values: list[float], percent: float
) -> None:
    found = statistics.percentile(values, percent)
    assert found in values
    share = sum(value <= found for value in values) / len(values)
    assert share * 100 >= percent or share == pytest.approx(percent / 100)


@pytest.mark.parametrize(
    ("kinds", "run", "seconds"),
    [
        ("", 0, 0),
        ("rrr", 0, 0),
        ("ere", 1, 0),
        ("reerreeesr", 3, 2),
        ("eereer", 2, 1),
    ],
)
def test_longest_run_of_errors(kinds: str, run: int, seconds: float) -> None:
    names = {"r": "real", "s": "static", "e": "error"}
    tale = Story()
    for second, kind in enumerate(kinds):
        tale.reply(second, names[kind])
    longest = statistics.longest_error_run(tale.replies)
    assert (longest["requests"], longest["seconds"]) == (run, seconds)


def test_error_budget() -> None:
    tale = Story().traffic(0, 99, ["i-a"]).reply(99, "error")
    assert statistics.error_budget(tale.replies, 0.98) == {
        "objective": 0.98,
        "allowed_errors": 2.0,
        "errors": 1,
        "spent": 0.5,
        "met": True,
    }
    assert not statistics.error_budget(tale.replies, 0.995)["met"]
    assert statistics.error_budget(tale.replies, 1)["spent"] is None


@pytest.mark.parametrize(
    ("objective", "errors", "of"), [(0.9, 10, 100), (0.8, 2, 10), (0.9999, 1, 10_000)]
)
def test_a_budget_that_is_spent_to_the_last_error_is_met(
    objective: float, errors: int, of: int
) -> None:
    tale = Story().traffic(0, of - errors, ["i-a"])
    for second in range(errors):
        tale.reply(second, "error")
    budget = statistics.error_budget(tale.replies, objective)
    assert (budget["spent"], budget["met"]) == (1, True)
    more = statistics.error_budget(tale.reply(0, "error").replies, objective)
    assert more["spent"] > 1
    assert not more["met"]


def test_no_traffic_meets_no_objective() -> None:
    assert not statistics.error_budget([], 0.5)["met"]
    assert statistics.success_share([]) is None


def test_a_schedule_that_was_not_kept_is_told() -> None:
    kept = Story().traffic(0, 200, ["i-a"], late_ms=1.0).reply(200, late_ms=400.0)
    assert statistics.schedule(kept.replies, missed=0)["kept"]
    assert not statistics.schedule(kept.replies, missed=1)["kept"]
    late = Story().traffic(0, 10, ["i-a"], late_ms=21.0)
    assert not statistics.schedule(late.replies, missed=0)["kept"]
    assert not statistics.schedule([], missed=0)["kept"]


def test_figures_of_a_killed_instance() -> None:
    tale = Story(fault=10, fault_on="i-b", settled=20)
    tale.traffic(0, 10, ["i-a", "i-b"]).traffic(10, 30, ["i-a"])
    tale.reply(10.5, "error", error="reset", status=None).reply(11.5, "error").reply(
        25, "error", instance="i-a"
    )
    tale.health(0, 13, {"i-a": "healthy", "i-b": "healthy"})
    tale.health(13, 18, {"i-a": "healthy", "i-b": "unhealthy"})
    tale.health(18, 30, {"i-a": "healthy", "i-c": "healthy"})
    figures = statistics.figures(tale.evidence(), objective=0.9)
    assert figures["requests"] == 43
    assert figures["success_share"] == pytest.approx(40 / 43)
    assert figures["by_error"] == {"502": 2, "reset": 1}
    assert figures["by_instance"] == {"i-a": {"error": 1, "real": 30}, "i-b": {"real": 10}}
    assert figures["time_to_seconds"] == {
        "detect": 3,
        "drain": None,
        "recover": 8,
        "restore": None,
    }
    assert [
        (failure["error"], failure["instance"], failure["moment"], failure["requests"])
        for failure in figures["failures"]
    ] == [
        ("reset", "i-b", "before eviction", 1),
        ("502", "i-b", "before eviction", 1),
        ("502", "i-a", "after settling", 1),
    ]
