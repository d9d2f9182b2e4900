"""Series for charts: few points, nothing lost."""

from collections.abc import Callable
from typing import Any

import pytest

from evidence.report import series

Tale = Callable[..., Any]


@pytest.mark.parametrize("seconds", [0, 0.3, 5, 99.9, 100, 101, 1800, 1e6])
def test_a_chart_has_few_points_that_cover_all(seconds: float) -> None:
    cut = series.buckets(50, 50 + seconds)
    assert 1 <= cut.count <= series.MAXIMUM_POINTS + 1
    assert cut.count * cut.width >= seconds
    assert cut.number(50) == 0
    assert cut.number(50 + seconds) == cut.count - 1
    assert len(cut.times) == cut.count


def test_rates_add_up_to_all_replies(story: Tale) -> None:
    tale = story().traffic(0, 10, ["i-a", "i-b"]).traffic(5, 10, [None], "error")
    cut = series.buckets(0, 10)
    by_kind = series.rates(tale.replies, "kind", cut)
    by_instance = series.rates(tale.replies, "instance", cut)
    assert set(by_kind) == {"real", "error"}
    assert set(by_instance) == {"i-a", "i-b", ""}
    for rates in (by_kind, by_instance):
        assert sum(map(sum, rates.values())) * cut.width == pytest.approx(25)
    assert sum(by_kind["error"][: cut.number(5)]) == 0


def test_latencies_leave_a_gap_where_nobody_asked(story: Tale) -> None:
    tale = story().traffic(0, 2, ["i-a"], latency_ms=4.0).traffic(8, 10, ["i-a"], latency_ms=9.0)
    found = series.latencies(tale.replies, series.Buckets(0, 2, 5))
    assert found.p50 == found.p99 == [4.0, None, None, None, 9.0]


def test_lanes_tell_each_targets_states_once(story: Tale) -> None:
    tale = story(end=12).health(0, 3, {"i-a": "healthy", "i-b": "healthy"})
    tale.health(3, 6, {"i-a": "healthy", "i-b": "unhealthy"}, "Target.Timeout")
    tale.health(6, 9, {"i-a": "healthy"}).health(9, 12, {"i-a": "healthy", "i-c": "initial"})
    lanes = {
        (lane.instance, lane.state, lane.start, lane.end) for lane in series.lanes(tale.told())
    }
    assert lanes == {
        ("i-a", "healthy", 0, 12),
        ("i-b", "healthy", 0, 3),
        ("i-b", "unhealthy", 3, 6),
        ("i-c", "initial", 9, 12),
    }


def test_a_lane_breaks_where_only_the_reason_changes(story: Tale) -> None:
    tale = story(end=4).health(0, 2, {"i-a": "unhealthy"}, "Target.Timeout")
    tale.health(2, 4, {"i-a": "unhealthy"}, "Target.ResponseCodeMismatch")
    assert [lane.reason for lane in series.lanes(tale.told())] == [
        "Target.Timeout",
        "Target.ResponseCodeMismatch",
    ]


def test_steps_keep_the_changes_and_the_end() -> None:
    assert series.steps([(0, 3), (1, 3), (2, 2), (3, 2), (4, 3), (5, 3)]) == (
        [0, 2, 4, 5],
        [3, 2, 3, 3],
    )
    assert series.steps([]) == ([], [])
