"""Tags that EC2 takes, and those that it refuses."""

from __future__ import annotations

from typing import Any

import pytest
from refusals import refusal_of

_RESERVED = "Tag keys starting with 'aws:' are reserved for internal use"


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("aws:x", f"Value ( aws:x ) for parameter key is invalid. {_RESERVED}"),
        ("", "Value ( '' ) for parameter Tag key is invalid. Tag key cannot be null or empty."),
    ],
)
def test_a_key_is_the_users_own(aws: Any, key: str, words: str) -> None:
    """EC2 User Guide, "Tag restrictions", in the words that users reported."""
    ec2 = aws("ec2")
    subnet_id = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
    tags = [{"Key": key, "Value": "x"}]
    refused = refusal_of(ec2.create_tags, Resources=[subnet_id], Tags=tags)
    assert refused == (400, "InvalidParameterValue", words)


@pytest.mark.parametrize(
    ("kind", "keys", "words"),
    [
        ("vpc", ["aws:x"], _RESERVED),
        ("vpc", ["a", "a"], "Duplicate tag key 'a' specified."),
        ("subnet", ["a"], "'subnet' is not a valid taggable resource type for this operation."),
    ],
)
def test_what_a_call_creates_has_tags_of_its_own(
    aws: Any, kind: str, keys: list[str], words: str
) -> None:
    """API_TagSpecification, in the words that users reported."""
    specification = {"ResourceType": kind, "Tags": [{"Key": key, "Value": "x"} for key in keys]}
    refused = refusal_of(
        aws("ec2").create_vpc, CidrBlock="10.0.0.0/16", TagSpecifications=[specification]
    )
    assert refused == (400, "InvalidParameterValue", words)
