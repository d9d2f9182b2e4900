"""Values that EC2 does not take, where moto takes any."""

from __future__ import annotations

from typing import Any

import pytest
from refusals import refusal_of

_LAUNCH = {"ImageId": "ami-12c6146b", "MinCount": 1, "MaxCount": 1}


@pytest.mark.parametrize(
    ("call", "given", "path", "allowed"),
    [
        ("run_instances", {**_LAUNCH, "Placement": {"Tenancy": "free"}},
         "Placement.Tenancy", "default, dedicated, host"),
        ("run_instances", {**_LAUNCH, "InstanceInitiatedShutdownBehavior": "free"},
         "InstanceInitiatedShutdownBehavior", "stop, terminate"),
        ("create_key_pair", {"KeyName": "k", "KeyType": "free"}, "KeyType", "rsa, ed25519"),
        ("allocate_address", {"Domain": "free"}, "Domain", "vpc, standard"),
        ("create_launch_template",
         {"LaunchTemplateName": "t", "LaunchTemplateData": {"MetadataOptions": {
             "HttpTokens": "free"}}},
         "LaunchTemplateData.MetadataOptions.HttpTokens", "optional, required"),
    ],
)  # fmt: skip
def test_a_value_of_no_enumeration_is_refused(
    aws: Any, call: str, given: dict[str, Any], path: str, allowed: str
) -> None:
    """EC2, "Error codes": InvalidParameterValue; each action's valid values."""
    words = f"Value (free) for parameter {path} is invalid. Expecting a value of {allowed}."
    assert refusal_of(getattr(aws("ec2"), call), **given) == (400, "InvalidParameterValue", words)


def test_an_instance_type_is_not_of_the_model(aws: Any) -> None:
    """EC2, "Error codes": AWS has new instance types before the SDKs know them."""
    refused = refusal_of(aws("ec2").run_instances, **_LAUNCH, InstanceType="t99.free")
    assert "t99.free" in refused[2]
    assert "Expecting" not in refused[2]


@pytest.mark.parametrize(
    ("call", "size", "least"),
    [
        ("describe_instances", -1, 5),
        ("describe_instances", 3, 5),
        ("describe_tags", 4, 5),
        ("describe_images", 0, 0),
        ("describe_subnets", 4, 5),
    ],
)
def test_a_page_has_rows(unchecked: Any, call: str, size: int, least: int) -> None:
    """Reported of DescribeInstances: "Expecting a value greater than"."""
    words = (
        f"Value ( {size} ) for parameter maxResults is invalid. "
        f"Expecting a value greater than {least}."
    )
    refused = refusal_of(getattr(unchecked("ec2"), call), MaxResults=size)
    assert refused == (400, "InvalidParameterValue", words)


def test_an_account_has_attributes_beside_the_model_s(aws: Any) -> None:
    """API_DescribeAccountAttributes: max-elastic-ips."""
    names = ["max-elastic-ips"]
    answered = aws("ec2").describe_account_attributes(AttributeNames=names)["AccountAttributes"]
    assert {each["AttributeName"] for each in answered} >= set(names)
