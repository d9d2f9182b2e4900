"""Before, during and after a fault."""

import pytest

from evidence.record.windows import Window, windows


@pytest.mark.parametrize(
    ("marks", "names"),
    [
        ({}, {"all"}),
        ({"fault": 10}, {"all", "before"}),
        ({"steady": 5}, {"all"}),
        ({"settled": 20}, {"all", "after"}),
        ({"fault": 10, "settled": 20}, {"all", "before", "during", "after"}),
        (
            {"fault": 10, "settled": 20, "repair": 25},
            {"all", "before", "during", "after", "repair"},
        ),
        ({"repair": 25, "restored": 27}, {"all", "repair", "restored"}),
        ({"fault": 10, "settled": 20, "noon": 12}, {"all", "before", "during", "after"}),
    ],
)
def test_a_window_exists_when_its_marks_do(marks: dict[str, float], names: set[str]) -> None:
    assert set(windows(0, 30, marks)) == names


def test_windows_meet_without_overlap() -> None:
    cut = windows(0, 30, {"fault": 10, "settled": 20})
    assert cut == {
        "all": Window(0, 30),
        "before": Window(0, 10),
        "during": Window(10, 20),
        "after": Window(20, 30),
    }
    for at in (0, 9.999, 10, 19.999, 20, 29.999):
        assert sum(at in cut[name] for name in ("before", "during", "after")) == 1
    assert 30 not in cut["all"]


def test_what_came_before_the_steady_state_is_in_no_window() -> None:
    cut = windows(0, 30, {"steady": 5, "fault": 10, "settled": 20})
    assert not any(4.999 in window for window in cut.values())
    assert (cut["all"].start, cut["before"].start) == (5, 5)


def test_what_comes_with_the_repair_is_in_no_window_until_all_is_restored() -> None:
    cut = windows(0, 30, {"fault": 10, "settled": 20, "repair": 25, "restored": 27})
    assert (cut["all"].end, cut["after"].end) == (25, 25)
    assert cut["restored"] == Window(27, 30)
    assert [name for name, window in cut.items() if 26 in window] == ["repair"]
