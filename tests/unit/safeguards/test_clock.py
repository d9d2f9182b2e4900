"""A clock that is so far off that AWS refuses its signatures is named; no other one is."""

from __future__ import annotations

import pytest

from safeguards.clock import clock_refusal


@pytest.mark.parametrize(
    ("ahead_seconds", "said"),
    [
        (1200, "This machine's clock is 20 minutes ahead of that of AWS"),
        (-86_400, "This machine's clock is 1440 minutes behind that of AWS"),
        (300, "This machine's clock is 5 minutes ahead of"),
    ],
)
def test_it_says_how_far_and_which_way(ahead_seconds: float, said: str) -> None:
    assert (clock_refusal(ahead_seconds) or "").startswith(said)


@pytest.mark.parametrize("ahead_seconds", [None, 0, 299, -299])
def test_other_reasons_are_left_to_others(ahead_seconds: float | None) -> None:
    assert clock_refusal(ahead_seconds) is None
