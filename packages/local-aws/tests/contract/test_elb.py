"""Classic Load Balancers that do not exist."""

from __future__ import annotations

from typing import Any

import pytest
from refusals import refusal_of

_LISTENERS = [{"Protocol": "HTTP", "LoadBalancerPort": 80, "InstancePort": 80}]


@pytest.mark.parametrize(
    ("call", "given"),
    [
        ("apply_security_groups_to_load_balancer", {"SecurityGroups": []}),
        ("attach_load_balancer_to_subnets", {"Subnets": ["subnet-1"]}),
        ("create_load_balancer_listeners", {"Listeners": _LISTENERS}),
        ("create_load_balancer_policy", {"PolicyName": "p", "PolicyTypeName": "t"}),
        ("delete_load_balancer_listeners", {"LoadBalancerPorts": [80]}),
        ("describe_instance_health", {}),
        ("describe_load_balancer_attributes", {}),
        ("register_instances_with_load_balancer", {"Instances": [{"InstanceId": "i-1"}]}),
        ("set_load_balancer_policies_of_listener", {"LoadBalancerPort": 80, "PolicyNames": []}),
    ],
)
def test_a_classic_load_balancer_that_does_not_exist_is_named(
    aws: Any, call: str, given: dict[str, Any]
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_RegisterInstancesWithLoadBalancer.html"""
    refused = refusal_of(getattr(aws("elb"), call), LoadBalancerName="missing", **given)
    assert refused == (
        400,
        "LoadBalancerNotFound",
        "There is no ACTIVE Load Balancer named 'missing'",
    )


def test_a_classic_load_balancer_is_still_changed(aws: Any) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_CreateLoadBalancerListeners.html"""
    elb = aws("elb")
    zones = ["us-east-1a"]
    elb.create_load_balancer(LoadBalancerName="old", Listeners=_LISTENERS, AvailabilityZones=zones)
    more = [{"Protocol": "HTTP", "LoadBalancerPort": 81, "InstancePort": 81}]
    elb.create_load_balancer_listeners(LoadBalancerName="old", Listeners=more)

    [shown] = elb.describe_load_balancers(LoadBalancerNames=["old"])["LoadBalancerDescriptions"]
    ports = {each["Listener"]["LoadBalancerPort"] for each in shown["ListenerDescriptions"]}
    assert ports == {80, 81}
