"""Replies in a row are those between which none is outstanding."""

from __future__ import annotations

import pytest

from evidence.judge.awaiting import in_a_row


@pytest.mark.parametrize("rate", [0.5, 50, 500, 5000])
@pytest.mark.parametrize(
    ("due", "row"),
    [
        ([0, 1, 2, 3], [0, 1, 2, 3]),
        ([0, 1, 3, 4], [3, 4]),  # the third was sent, and its reply is still to come
        ([0, 2, 3, 6], [6]),
        ([], []),
    ],
)
def test_what_lacks_breaks_the_row(rate: float, due: list[int], row: list[int]) -> None:
    times = [1_795_718_041 + number / rate for number in due]
    assert list(in_a_row(times, rate)) == [1_795_718_041 + number / rate for number in row]


def test_without_a_rate_nothing_is_known_to_lack() -> None:
    assert in_a_row([1.0, 2.0, 9.0], None) == [1.0, 2.0, 9.0]
