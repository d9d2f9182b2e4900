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
    """Make a candidate of its zone and marks: "o" old version, "p" protected."""
    return Candidate(
        instance_id=f"{text}{age_rank}",
        availability_zone=text[0],
        age_rank=age_rank,
        source=(2, 1 if "o" in text[1:] else 2),
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


TEMPLATE_2, TEMPLATE_1, OTHER_TEMPLATE, SECOND_CONFIGURATION, FIRST_CONFIGURATION = (
    Candidate("template 2", "a", 0, source=(2, 2), seconds_to_next_hour=30.0),
    Candidate("template 1", "a", 1, source=(2, 1), seconds_to_next_hour=40.0),
    Candidate("other", "a", 2, source=(1, 0), seconds_to_next_hour=50.0, has_first_type=False),
    Candidate("second", "a", 3, source=(0, 2), seconds_to_next_hour=10.0),
    Candidate("first", "a", 4, source=(0, 1), seconds_to_next_hour=20.0),
)


@pytest.mark.parametrize(
    ("policy", "order"),
    [
        ("OldestLaunchTemplate", ["first", "second", "other", "template 1", "template 2"]),
        ("OldestLaunchConfiguration", ["first", "second", "template 2", "template 1", "other"]),
        ("ClosestToNextInstanceHour", ["second", "first", "template 2", "template 1", "other"]),
        ("AllocationStrategy", ["other", "template 2", "template 1", "second", "first"]),
        ("Default", ["other", "first", "second", "template 1", "template 2"]),
    ],
)
def test_what_an_instance_was_launched_from_and_when_its_hour_ends(
    policy: str, order: list[str]
) -> None:
    """AWS: "Work with Amazon EC2 Auto Scaling termination policies" in the User Guide."""
    present = [TEMPLATE_2, TEMPLATE_1, OTHER_TEMPLATE, SECOND_CONFIGURATION, FIRST_CONFIGURATION]

    assert choose_for_scale_in(present, "a", 5, [policy]) == order
