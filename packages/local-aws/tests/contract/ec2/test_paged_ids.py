"""Ids in requests for pages, and how many."""

from __future__ import annotations

from typing import Any

import pytest
from refusals import refusal_of


@pytest.mark.parametrize(
    ("call", "ids", "words"),
    [
        (
            "describe_instance_status",
            "InstanceIds",
            "The parameter instanceIdsSet cannot be used with the parameter maxResults",
        ),
        (
            "describe_instances",
            "InstanceIds",
            "The parameter instancesSet cannot be used with the parameter maxResults",
        ),
        (
            "describe_volumes",
            "VolumeIds",
            "The parameter volumeSet cannot be used with the parameter maxResults",
        ),
        (
            "describe_vpcs",
            "VpcIds",
            "The parameter VpcIds cannot be used with the parameter MaxResults",
        ),
        (
            "describe_security_groups",
            "GroupIds",
            "The parameter securityGroupIdSet cannot be used with the parameter maxResults",
        ),
    ],
)
def test_what_is_named_comes_in_one_page(aws: Any, call: str, ids: str, words: str) -> None:
    """MaxResults of each call in the EC2 API Reference, in the words that users reported."""
    refused = refusal_of(getattr(aws("ec2"), call), **{ids: ["x"]}, MaxResults=5)
    assert refused == (400, "InvalidParameterCombination", words)


def test_the_states_of_a_hundred_instances_are_described_at_once(aws: Any) -> None:
    """InstanceIds in API_DescribeInstanceStatus, in the words that users reported."""
    ids = [f"i-{number:017x}" for number in range(101)]
    refused = refusal_of(aws("ec2").describe_instance_status, InstanceIds=ids)
    assert refused == (
        400,
        "InvalidRequest",
        (
            "101 exceeds the maximum number of instance IDs that can be specificied (100). "
            "Please specify fewer than 100 instance IDs."
        ),
    )
