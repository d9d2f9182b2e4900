"""What so many of so many says of the rate behind it: exact, and never shown tighter than it is."""

import math

import pytest

from evidence.judge.proportion import Proportion


def at_most(matching: int, of: int, rate: float) -> float:
    """How likely so few replies match, or fewer, when each does with this rate: summed up."""
    return math.fsum(
        math.comb(of, number) * rate**number * (1 - rate) ** (of - number)
        for number in range(matching + 1)
    )


@pytest.mark.parametrize(("matching", "of"), [(1, 2), (3, 10), (7, 60), (52, 100), (499, 500)])
def test_at_each_bound_what_was_seen_is_as_unlikely_as_the_doubt(matching: int, of: int) -> None:
    found = Proportion.counted(matching, of)
    assert at_most(matching, of, found.high) == pytest.approx(0.025, rel=1e-9)
    assert 1 - at_most(matching - 1, of, found.low) == pytest.approx(0.025, rel=1e-9)


@pytest.mark.parametrize("of", [1, 65, 3_000, 100_000])
def test_none_and_all_have_the_whole_doubt_on_one_side(of: int) -> None:
    """Where none matches, the bound is known in closed form."""
    none, every = Proportion.counted(0, of), Proportion.counted(of, of)
    assert (none.low, every.high) == (0, 1)
    assert none.high == pytest.approx(1 - 0.05 ** (1 / of), rel=1e-9)
    assert every.low == pytest.approx(0.05 ** (1 / of), rel=1e-9)


def test_the_bounds_of_many_replies_are_near_the_normal_distributions() -> None:
    found = Proportion.counted(50_000, 100_000)
    assert found.high - 0.5 == pytest.approx(1.96 * math.sqrt(0.25 / 100_000), rel=1e-2)
    assert found.high - 0.5 == pytest.approx(0.5 - found.low, rel=1e-9)


@pytest.mark.parametrize(
    ("matching", "of", "shown"),
    [
        (0, 65, "0 of 65: below 4.6% (95%)"),
        (0, 3_104, "0 of 3,104: below 0.097% (95%)"),
        (3_104, 3_104, "3,104 of 3,104: above 99.903% (95%)"),
        (1, 2, "1 of 2: 1.2% to 98.8% (95%)"),
        (84, 175, "84 of 175: 40% to 56% (95%)"),
    ],
)
def test_in_words(matching: int, of: int, shown: str) -> None:
    assert str(Proportion.counted(matching, of)) == shown


@pytest.mark.parametrize(("matching", "of"), [(0, 0), (2, 1), (-1, 3)])
def test_what_is_no_proportion_is_refused(matching: int, of: int) -> None:
    with pytest.raises(ValueError, match="is no proportion"):
        Proportion.counted(matching, of)
