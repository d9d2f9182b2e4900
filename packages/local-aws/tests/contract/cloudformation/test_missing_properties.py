"""Properties that a template leaves out: the usual value, or a failure that names them."""

from __future__ import annotations

from typing import Any

import pytest
from stack_driver import StackDriver


@pytest.mark.parametrize(
    ("type_name", "properties", "reason"),
    [
        (
            "AWS::KMS::Alias",
            {"AliasName": "alias/nobodys", "TargetKeyId": "12345678-1234-1234-1234-123456789012"},
            "12345678-1234-1234-1234-123456789012' does not exist",
        ),
        ("AWS::ApiGateway::RestApi", {}, "Name is required without an OpenAPI definition."),
        ("AWS::EC2::NatGateway", {}, "Property SubnetId cannot be empty."),
        (
            "AWS::ElasticLoadBalancing::LoadBalancer",
            {"Listeners": [{"InstancePort": "a", "LoadBalancerPort": "80", "Protocol": "HTTP"}]},
            "Value of property InstancePort must be of type Integer",
        ),
    ],
)
def test_what_moto_fails_at_is_refused(
    stacks: StackDriver, unique_name: str, type_name: str, properties: dict[str, Any], reason: str
) -> None:
    """Template Reference, each type; a REST API without a name is refused in words of its own."""
    stacks.create(unique_name, {"One": {"Type": type_name, "Properties": properties}})
    assert reason in stacks.failures(unique_name)["One"]
    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_COMPLETE"


def test_a_transit_gateway_needs_no_description(stacks: StackDriver, unique_name: str) -> None:
    """AWS::EC2::TransitGateway in the Template Reference: no property is required."""
    created = stacks.create(unique_name, {"One": {"Type": "AWS::EC2::TransitGateway"}})
    assert created["StackStatus"] == "CREATE_COMPLETE", stacks.failures(unique_name)
