"""How a measure shows its values."""

from __future__ import annotations

import math

import pytest

from evidence.judge.measures import MEASURES


@pytest.mark.parametrize(
    ("name", "values", "shown"),
    [
        ("seconds_to_recover", [4.005791], "4.006 s"),
        ("seconds_to_recover", [5.0], "5 s"),
        ("seconds_to_recover", [12.3456789, 0.25], "0.25 s to 12.346 s"),
        ("seconds_to_recover", [math.inf], "never"),
        ("latency_max_ms", [12.34567], "12.346 ms"),
        ("share", [0.996032], "99.6032%"),
        ("share", [1.0, 1.0], "100%"),
    ],
)
def test_values_are_shown_to_the_thousandth(name: str, values: list[float], shown: str) -> None:
    assert MEASURES[name].describe(values) == shown
