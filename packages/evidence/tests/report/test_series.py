"""Series for charts: few points, nothing lost."""

import pytest
from story import Story

from evidence.report import series


@pytest.mark.parametrize("seconds", [0, 0.3, 5, 99.9, 100, 101, 1800, 1e6])
def test_a_chart_has_few_points_that_cover_all(seconds: float) -> None:
    cut = series.buckets(50, 50 + seconds)
    assert 1 <= cut.count <= series.MAXIMUM_POINTS
    assert cut.edges[0] == 0
    assert cut.edges[-1] == pytest.approx(max(seconds, 0.1))
    assert all(0.5 <= length / cut.edges[1] <= 1.5 for length in cut.lengths)
    assert cut.number(50) == 0
    assert cut.number(50 + seconds) == cut.count - 1


def test_rates_add_up_to_all_replies() -> None:
    tale = Story().traffic(0, 10, ["i-a", "i-b"]).traffic(5, 10, [None], "error")
    cut = series.buckets(0, 10)
    by_kind = series.rates(tale.replies, "kind", cut)
    by_instance = series.rates(tale.replies, "instance", cut)
    assert set(by_kind) == {"real", "error"}
    assert set(by_instance) == {"i-a", "i-b", ""}
    for rates in (by_kind, by_instance):
        counts = [
            rate * seconds
            for series_rates in rates.values()
            for rate, seconds in zip(series_rates, cut.lengths, strict=True)
        ]
        assert sum(counts) == pytest.approx(25)
    assert sum(by_kind["error"][: cut.number(5)]) == 0


def test_latencies_leave_a_gap_where_nobody_asked() -> None:
    tale = Story().traffic(0, 2, ["i-a"], latency_ms=4.0).traffic(8, 10, ["i-a"], latency_ms=9.0)
    found = series.latencies(tale.replies, series.Buckets(0, (0, 2, 4, 6, 8, 10)))
    assert found.p50 == found.p99 == [4.0, None, None, None, 9.0]


def test_the_last_part_shows_its_own_rate() -> None:
    tale = Story()
    for number in range(107):
        tale.reply(number / 10)
    cut = series.buckets(0, 10.7)
    assert cut.lengths[-1] == pytest.approx(0.3)
    assert series.rates(tale.replies, "kind", cut)["real"][-1] == pytest.approx(10)


def test_the_greatest_value_of_each_part_is_kept() -> None:
    cut = series.Buckets(0, (0, 1, 2, 3))
    assert series.greatest([(0.1, 0.3, 3), (0.5, 0.9, 7), (2.5, 2.7, 1)], cut) == [7, None, 1]
    assert series.greatest([(0.5, 2.5, 3), (1.1, 1.2, 4)], cut) == [3, 4, 3]


def test_lanes_tell_each_targets_states_once() -> None:
    tale = Story(end=12).health(0, 3, {"i-a": "healthy", "i-b": "healthy"})
    tale.health(3, 6, {"i-a": "healthy", "i-b": "unhealthy"}, "Target.Timeout")
    tale.health(6, 9, {"i-a": "healthy"}).health(9, 12, {"i-a": "healthy", "i-c": "initial"})
    lanes = {
        (lane.instance, lane.state, lane.start, lane.end) for lane in series.lanes(tale.evidence())
    }
    assert lanes == {
        ("i-a", "healthy", 0, 12),
        ("i-b", "healthy", 0, 3),
        ("i-b", "unhealthy", 3, 6),
        ("i-c", "initial", 9, 12),
    }


def test_a_lane_breaks_where_only_the_reason_changes() -> None:
    tale = Story(end=4).health(0, 2, {"i-a": "unhealthy"}, "Target.Timeout")
    tale.health(2, 4, {"i-a": "unhealthy"}, "Target.ResponseCodeMismatch")
    assert [lane.reason for lane in series.lanes(tale.evidence())] == [
        "Target.Timeout",
        "Target.ResponseCodeMismatch",
    ]


def test_steps_keep_the_changes_and_the_end() -> None:
    points = [(0.0, 3.0), (1.0, 3.0), (2.0, 2.0), (3.0, 2.0), (4.0, 3.0), (5.0, 3.0)]
    assert series.steps(points) == [(0, 3), (2, 2), (4, 3), (5, 3)]
    assert series.steps([]) == []
