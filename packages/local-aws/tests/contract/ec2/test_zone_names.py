"""Regions and Availability Zones that requests name."""

from __future__ import annotations

from typing import Any

import pytest
from refusals import refusal_of


@pytest.mark.parametrize(
    ("call", "arguments", "words"),
    [
        (
            "describe_availability_zones",
            {"ZoneNames": ["us-east-1a", "us-east-1z"]},
            "Invalid availability zone: [us-east-1z]",
        ),
        (
            "describe_availability_zones",
            {"ZoneIds": ["use1-az99"]},
            "Invalid availability zone-id: [use1-az99]",
        ),
        ("describe_regions", {"RegionNames": ["us-east-9"]}, "Invalid region: [us-east-9]"),
        (
            "run_instances",
            {
                "ImageId": "ami-12c6146b",
                "MinCount": 1,
                "MaxCount": 1,
                "Placement": {"AvailabilityZone": "us-east-1z"},
            },
            "Invalid availability zone: [us-east-1z]",
        ),
    ],
    ids=["names", "ids", "regions", "launch"],
)
def test_what_is_not_there_is_named(
    aws: Any, call: str, arguments: dict[str, Any], words: str
) -> None:
    """In the words that users reported."""
    refused = refusal_of(getattr(aws("ec2"), call), **arguments)
    assert refused == (400, "InvalidParameterValue", words)


def test_a_launch_templates_zone_is_there(aws: Any, unique_name: str) -> None:
    """In the words that users reported."""
    ec2 = aws("ec2")
    data = {"ImageId": "ami-12c6146b", "Placement": {"AvailabilityZone": "us-east-1z"}}
    ec2.create_launch_template(LaunchTemplateName=unique_name, LaunchTemplateData=data)
    chosen = {"LaunchTemplateName": unique_name}
    refused = refusal_of(ec2.run_instances, LaunchTemplate=chosen, MinCount=1, MaxCount=1)
    words = "Invalid availability zone: [us-east-1z]"
    assert refused == (400, "InvalidParameterValue", words)
