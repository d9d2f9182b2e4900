"""Auto Scaling's placement: zones are kept even, and the right instance goes first."""

from __future__ import annotations

import pytest

from local_aws.control_plane.auto_scaling.instances.placement import (
    Candidate,
    choose_for_scale_in,
    emptiest_zone,
    zone_to_fill,
)


@pytest.mark.parametrize(
    ("occupied", "expected"), [("", "a"), ("ac", "b"), ("aabbc", "c"), ("aabbcc", "a"), ("zz", "a")]
)
def test_a_launch_goes_to_the_emptiest_zone(occupied: str, expected: str) -> None:
    assert emptiest_zone("abc", occupied) == expected


@pytest.mark.parametrize(
    ("occupied", "expected"),
    [
        ("abc", None),
        ("aabc", None),
        ("aab", "c"),
        ("aa", "b"),
        ("aabb", "c"),
        ("abz", "c"),
        ("", None),
    ],
)
def test_rebalancing_fills_the_emptiest_zone(occupied: str, expected: str | None) -> None:
    assert zone_to_fill("abc", occupied) == expected


def candidate(text: str, age_rank: int) -> Candidate:
    """Make a candidate of its zone and marks: "o" old template, "p" protected."""
    return Candidate(
        instance_id=f"{text}{age_rank}",
        availability_zone=text[0],
        age_rank=age_rank,
        has_current_template="o" not in text[1:],
        protected_from_scale_in="p" in text[1:],
    )


@pytest.mark.parametrize(
    ("present", "count", "expected"),
    [
        pytest.param(["a", "b", "c"], 1, ["a0"], id="oldest of equal zones"),
        pytest.param(["a", "b", "b"], 1, ["b1"], id="fullest zone"),
        pytest.param(["a", "b", "bo"], 1, ["bo2"], id="old template in the fullest zone"),
        pytest.param(["ao", "b", "b"], 1, ["b1"], id="the zone comes before the template"),
        pytest.param(["a", "a", "z"], 1, ["z2"], id="outside the group's zones first"),
        pytest.param(["ap", "b", "c"], 1, ["b1"], id="never a protected one"),
        pytest.param(["ap", "bp"], 2, [], id="all protected"),
        pytest.param(["a", "a", "b", "b", "c"], 3, ["a0", "b2", "a1"], id="stays even"),
        pytest.param(["a"], 3, ["a0"], id="no more than there are"),
    ],
)
def test_the_default_termination_policy(
    present: list[str], count: int, expected: list[str]
) -> None:
    candidates = [candidate(text, rank) for rank, text in enumerate(present)]

    assert choose_for_scale_in(candidates, "abc", count) == expected
    assert choose_for_scale_in(candidates[::-1], "abc", count) == expected


@pytest.mark.parametrize(
    ("policies", "present", "expected"),
    [
        pytest.param(["NewestInstance"], ["ao", "a", "a"], "a2", id="newest"),
        pytest.param(["OldestInstance"], ["a", "ao", "a"], "a0", id="oldest, whatever template"),
        pytest.param(
            ["OldestLaunchTemplate", "NewestInstance"], ["ao", "ao", "a"], "ao1", id="next"
        ),
        pytest.param(["NewestInstance"], ["a", "a", "b"], "a1", id="the fullest zone first"),
        pytest.param(["NewestInstance"], ["a", "ap"], "a0", id="never a protected one"),
    ],
)
def test_termination_policies_decide_one_after_the_other(
    policies: list[str], present: list[str], expected: str
) -> None:
    candidates = [candidate(text, rank) for rank, text in enumerate(present)]

    assert choose_for_scale_in(candidates, "abc", 1, policies) == [expected]
