"""Statistics of a span of time, and how long metrics are kept."""

from __future__ import annotations

import pytest

from local_aws.control_plane.cloudwatch.metric_store import Metric, MetricStore
from local_aws.control_plane.cloudwatch.statistics import Datum

_TEN = Datum.of({float(n): 1.0 for n in range(1, 11)})


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("SampleCount", 10),
        ("Average", 5.5),
        ("Sum", 55),
        ("Minimum", 1),
        ("Maximum", 10),
        ("p50", 5),
        ("p90", 9),
        ("p99.9", 10),
        ("p100", 10),
        ("tm90", 5),
        ("TM(10%:90%)", 5.5),
        ("TM(:50%)", 3),
        ("IQM", 5.5),
        ("tc90", 9),
        ("ts90", 45),
        ("TC(20%:80%)", 6),
        ("TS(80%:)", 19),
        ("wm90", 5.4),
        ("WM(10%:90%)", 5.5),
        ("PR(3:6)", 30),
        ("PR(:5)", 50),
        ("PR(8:)", 20),
        ("TM(3:6)", 5),
        ("TC(3:6)", 3),
        ("TC(0.5:1.5)", 1),
        ("TS(8:)", 19),
        ("WM(3:6)", 4.8),
        ("TC(20:30)", 0),
        ("TM(20:30)", None),
    ],
)
def test_statistics(name: str, expected: float | None) -> None:
    """CloudWatch User Guide, "CloudWatch statistics definitions"."""
    assert _TEN.statistic(name) == pytest.approx(expected)


@pytest.mark.parametrize(
    "name",
    [
        *("Median", "p101", "p", "TM(90%:10%)", "TM(10%:190%)", "sum", ""),
        *("TM(:)", "PR(:)", "TM(10%:90)", "TM(9:3)", "PR(10%:90%)", "tm90%"),
    ],
)
def test_what_is_no_statistic(name: str) -> None:
    with pytest.raises(ValueError, match="is no statistic"):
        _TEN.statistic(name)


def test_negative_values_have_no_percentiles() -> None:
    """API_GetMetricStatistics, ExtendedStatistics: "Percentile statistics are not available for
    metrics when any of the metric values are negative numbers"."""
    below = Datum.of({-1.0: 1.0, 3.0: 1.0})
    assert below.statistic("p50") is None
    assert below.statistic("TM(:50%)") == -1
    assert below.statistic("Average") == 1


def test_a_statistic_set_has_percentiles_only_when_its_values_are_equal() -> None:
    """API_PutMetricData: "If you publish your data using a statistic set ..."."""
    assert Datum.of_set(5, 50, 10, 10).statistic("p50") == 10
    spread = Datum.of_set(5, 50, 1, 30)
    assert spread.statistic("p50") is None
    assert spread.statistic("Average") == 10
    spread.add(Datum.of({1.0: 1.0}))
    assert spread.statistic("p50") is None
    assert spread.statistic("SampleCount") == 6


def test_many_distinct_values_are_kept_coarser() -> None:
    many = Datum()
    for n in range(5000):
        many.add(Datum.of({100.0 + n / 7: 1.0}))
    assert many.counts is not None
    assert len(many.counts) <= 1001
    assert many.statistic("SampleCount") == 5000
    assert many.statistic("p50") == pytest.approx(457, rel=0.05)


_METRIC = Metric.of("Tests", "Size", {"b": "2", "a": "1"})


def test_dimensions_have_no_order() -> None:
    assert Metric.of("Tests", "Size", {"a": "1", "b": "2"}) == _METRIC


def test_data_count_to_their_minute_and_fine_ones_to_their_second_too() -> None:
    store = MetricStore()
    store.put(_METRIC, "None", 605.7, Datum.of({1.0: 1.0}), is_fine=True)
    store.put(_METRIC, "None", 615.0, Datum.of({2.0: 1.0}), is_fine=True)

    def total(start: float, period: int) -> float | None:
        datum = store.datum(_METRIC, start, period)
        return datum.total if datum else None

    assert [total(600, 10), total(610, 10), total(620, 10)] == [1, 2, None]
    assert [total(600, 60), total(660, 60), total(540, 120)] == [3, None, 3]


def test_units_are_apart_and_together() -> None:
    store = MetricStore()
    store.put(_METRIC, "Bytes", 600, Datum.of({1.0: 1.0}))
    store.put(_METRIC, "Count", 600, Datum.of({2.0: 1.0}))
    found = [store.datum(_METRIC, 600, 60, unit) for unit in ("Bytes", "Count", "Percent", None)]
    assert [datum and datum.total for datum in found] == [1, 2, None, 3]


def test_seconds_are_kept_three_hours_and_minutes_fifteen_days() -> None:
    """CloudWatch User Guide, "Metrics retention"."""
    store = MetricStore()
    store.put(_METRIC, "None", 0.0, Datum.of({1.0: 1.0}), is_fine=True)
    store.forget_old(3 * 3600 + 1)
    assert store.datum(_METRIC, 0, 10) is None
    assert store.datum(_METRIC, 0, 60) is not None
    store.forget_old(15 * 24 * 3600 + 1)
    assert list(store.metrics()) == []
