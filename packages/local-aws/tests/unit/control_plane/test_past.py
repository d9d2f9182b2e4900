"""What was so at an earlier moment."""

from __future__ import annotations

import pytest

from local_aws.control_plane.past import Past


@pytest.fixture
def past() -> Past[str, str]:
    past: Past[str, str] = Past(kept=100)
    for moment, value in ((1.0, "a"), (2.0, "a"), (3.0, "b"), (5.0, "c")):
        past.note("key", value, moment)
    return past


@pytest.mark.parametrize(
    ("moment", "value"), [(0.0, "a"), (1.0, "a"), (2.9, "a"), (3.0, "b"), (4.9, "b"), (9.0, "c")]
)
def test_the_value_at_a_moment(past: Past[str, str], moment: float, value: str) -> None:
    assert past.at("key", moment) == value


def test_a_value_that_comes_back_is_a_change(past: Past[str, str]) -> None:
    past.note("key", "a", 6.0)
    assert [past.at("key", moment) for moment in (5.5, 6.5)] == ["c", "a"]


def test_what_no_later_question_needs_is_forgotten(past: Past[str, str]) -> None:
    for moment in range(10, 10_000):
        past.note("key", str(moment), float(moment))
        past.at("key", moment - 5.0)
    assert len(past._changes["key"]) <= 6


def test_a_key_that_is_not_noted_any_more_is_forgotten(past: Past[str, str]) -> None:
    for moment in range(10, 10_000):
        past.note(f"of {moment}", "a", float(moment))
        past.note("other", "a", float(moment))
    assert len(past._changes) == len(past._noted) <= 102
    assert past.at("other", 9_000.0) == "a"
    with pytest.raises(KeyError):
        past.at("key", 9_000.0)
    past.note("key", "d", 10_000.0)
    assert past.at("key", 9_000.0) == "d"


def test_what_was_never_noted_is_unknown() -> None:
    past: Past[str, str] = Past(kept=100)
    with pytest.raises(KeyError):
        past.at("key", 1.0)
