"""Tags of groups: which there may be, and how they are found."""

from __future__ import annotations

from typing import Any

import pytest
from auto_scaling_driver import CreateGroup
from botocore.exceptions import ClientError


def tag(name: str, **changes: Any) -> dict[str, Any]:
    return {
        "ResourceId": name,
        "ResourceType": "auto-scaling-group",
        "Key": "team",
        "Value": "blue",
        "PropagateAtLaunch": True,
        **changes,
    }


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"Key": "aws:team"}, "reserved"), ({"ResourceType": "instance"}, "ResourceType instance")],
    ids=["reserved key", "of an instance"],
)
def test_a_tag_that_cannot_be(
    asg: Any, group: CreateGroup, changes: dict[str, Any], words: str
) -> None:
    """API_Tag: the only type; "Tag Auto Scaling groups and instances" in the User Guide: the prefix
    aws: is reserved. No recording of the words is known."""
    with pytest.raises(ClientError, match=f"ValidationError.*{words}"):
        asg.create_or_update_tags(Tags=[tag(group(DesiredCapacity=0), **changes)])


def test_a_group_is_not_created_with_a_reserved_tag(
    asg: Any, group: CreateGroup, unique_name: str
) -> None:
    """The same."""
    with pytest.raises(ClientError, match="aws:team"):
        group(Tags=[{"Key": "aws:team", "Value": "blue"}])
    found = asg.describe_auto_scaling_groups(AutoScalingGroupNames=[unique_name])
    assert found["AutoScalingGroups"] == []


def test_tags_are_found_by_each_filter(asg: Any, group: CreateGroup) -> None:
    """API_DescribeTags: Filters."""
    name = group(DesiredCapacity=0)
    asg.create_or_update_tags(
        Tags=[tag(name), tag(name, Key="own", Value="x", PropagateAtLaunch=False)]
    )

    def found(**filters: str) -> list[str]:
        given = [{"Name": key.replace("_", "-"), "Values": [filters[key]]} for key in filters]
        return [each["Key"] for each in asg.describe_tags(Filters=given)["Tags"]]

    assert found(auto_scaling_group=name) == ["team", "own"]
    assert found(auto_scaling_group=name, key="own") == ["own"]
    assert found(auto_scaling_group=name, value="blue") == ["team"]
    assert found(auto_scaling_group=name, propagate_at_launch="true") == ["team"]
    assert found(auto_scaling_group=name, propagate_at_launch="false") == ["own"]


def test_a_filter_that_there_is_not(asg: Any) -> None:
    """API_DescribeTags, API_Filter; the words are those of another emulator."""
    given = [{"Name": "colour", "Values": ["blue"]}]
    with pytest.raises(ClientError, match="Filter type colour is not correct"):
        asg.describe_tags(Filters=given)
    with pytest.raises(ClientError, match="Filter type colour is not correct"):
        asg.describe_auto_scaling_groups(Filters=given)
