"""Shares in words and as a bar: what there is is seen, however little."""

import pytest

from narration.shares import CELLS, bar, counted


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({"real": 24, "error": 1}, "96% real, 4% error"),
        ({"error": 3}, "100% error"),
        ({"real": 999, "error": 1}, ">99% real, <1% error"),
        ({"real": 5, "static": 0}, "100% real"),
        ({}, ""),
    ],
)
def test_words(counts: dict[str, int], words: str) -> None:
    assert counted(counts) == words


@pytest.mark.parametrize(
    "counts", [{"real": 1}, {"real": 999, "error": 1}, {"real": 1, "static": 1, "error": 1}]
)
def test_a_bar_is_as_wide_as_all_bars_and_has_each_kind(counts: dict[str, int]) -> None:
    parts = bar(counts)
    assert [kind for kind, _ in parts] == list(counts)
    assert sum(len(cells) for _, cells in parts) == CELLS
    assert len({cells[0] for _, cells in parts}) == len(counts)


def test_no_replies_have_no_bar() -> None:
    assert bar({}) == bar({"real": 0}) == []
