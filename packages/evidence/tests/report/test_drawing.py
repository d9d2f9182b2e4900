"""Values stand where their axis says, and paths enclose what they are to show."""

import re
from collections.abc import Sequence
from itertools import pairwise

import pytest

from evidence.report import drawing


def area(path: str) -> float:
    """What a path of bars encloses."""
    bars = re.findall(r"M([\d.]+) ([\d.]+)V([\d.]+)H([\d.]+)V[\d.]+Z", path)
    return sum((float(x1) - float(x0)) * (float(y0) - float(y1)) for x0, y0, y1, x1 in bars)


@pytest.mark.parametrize(
    ("highest", "ticks"),
    [
        (50, [0, 20, 40, 60]),
        (100, [0, 25, 50, 75, 100]),
        (4, [0, 1, 2, 3, 4]),
        (1180, [0, 500, 1000, 1500]),
        (0.07, [0, 0.02, 0.04, 0.06, 0.08]),
    ],
)
def test_a_linear_axis_ends_at_a_round_number(highest: float, ticks: Sequence[float]) -> None:
    axis = drawing.linear(highest, 4)
    assert list(axis.ticks) == ticks
    assert axis.high == ticks[-1]


def test_time_ends_where_it_ends() -> None:
    axis = drawing.seconds(47.3, 10)
    assert (axis.high, axis.ticks[-1]) == (47.3, 45)
    assert axis.x(47.3) == drawing.WIDTH


def test_equal_factors_are_equal_distances_on_a_logarithmic_axis() -> None:
    axis = drawing.logarithmic(3, 420)
    assert axis.ticks == (1, 10, 100, 1000)
    tops = [axis.y(value) for value in (1, 10, 100, 1000)]
    assert {round(low - high, 1) for low, high in pairwise(tops)} == {33.3}
    assert axis.y(0.2) == drawing.HEIGHT  # below the axis: at its end


@pytest.mark.parametrize("highest", [0, 1e-7])
def test_an_axis_without_values_is_one_all_the_same(highest: float) -> None:
    assert drawing.linear(highest, 4).share(highest) <= 1
    assert drawing.logarithmic(highest, highest).share(highest) == 0


def test_bars_stand_on_each_other_and_enclose_their_values() -> None:
    x, y = drawing.seconds(4, 4), drawing.linear(10, 4)
    lower, upper = drawing.stacked(x, y, [0, 1, 2, 3, 4], [[10, 5, 0, 5], [0, 5, 0, 2.5]])
    whole = drawing.WIDTH * drawing.HEIGHT
    assert area(lower) == pytest.approx(whole * 20 / 40)
    assert area(upper) == pytest.approx(whole * 7.5 / 40)
    assert upper.startswith("M250.0 50.0V0.0H500.0")


def test_lines_and_bands_have_a_gap_where_nothing_is_known() -> None:
    x, y = drawing.seconds(4, 4), drawing.linear(10, 4)
    times, low, high = [0, 1, 2, 3], [1, 2, None, 4], [2, 3, None, 5]
    assert drawing.line(x, y, times, low) == "M0.0 90.0L250.0 80.0M750.0 60.0h2"
    assert drawing.band(x, y, times, low, high).count("M") == 2


def test_steps_keep_a_value_until_the_next() -> None:
    x, y = drawing.seconds(4, 4), drawing.linear(4, 4)
    assert drawing.steps(x, y, [(0, 3), (2, 2)]) == "M0.0 25.0H500.0V50.0"
    assert drawing.steps(x, y, []) == ""
