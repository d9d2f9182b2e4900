"""AWS::ElasticLoadBalancing::LoadBalancer: what it returns, and what changes in place."""

from __future__ import annotations

from typing import Any

from stack_driver import StackDriver

_ATTRIBUTES = (
    "CanonicalHostedZoneName",
    "CanonicalHostedZoneNameID",
    "DNSName",
    "SourceSecurityGroup.GroupName",
    "SourceSecurityGroup.OwnerAlias",
)


def test_a_classic_load_balancer_has_the_attributes_of_its_schema(
    aws: Any, stacks: StackDriver, unique_name: str
) -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-elasticloadbalancing-loadbalancer.html"""
    template = {
        "Resources": {
            "Firewall": {
                "Type": "AWS::EC2::SecurityGroup",
                "Properties": {"GroupName": f"{unique_name}-firewall", "GroupDescription": "g"},
            },
            "Balancer": _balancer(
                _listener(80), SecurityGroups=[{"Fn::GetAtt": ["Firewall", "GroupId"]}]
            ),
        },
        "Outputs": {
            name.replace(".", ""): {"Value": {"Fn::GetAtt": ["Balancer", name]}}
            for name in _ATTRIBUTES
        },
    }

    stacks.create(unique_name, template)

    shown = _described(aws, stacks.physical_id(unique_name, "Balancer"))
    found = stacks.outputs(unique_name)
    assert found.pop("CanonicalHostedZoneNameID") == shown["CanonicalHostedZoneNameID"]
    assert found == {
        "CanonicalHostedZoneName": shown["CanonicalHostedZoneName"],
        "DNSName": shown["DNSName"],
        "SourceSecurityGroupGroupName": f"{unique_name}-firewall",
        "SourceSecurityGroupOwnerAlias": "123456789012",
    }


def test_the_listeners_of_a_classic_load_balancer_change_in_place(
    aws: Any, stacks: StackDriver, unique_name: str
) -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-elasticloadbalancing-loadbalancer.html"""
    stacks.create(unique_name, {"Balancer": _balancer(_listener(80), _listener(81), _listener(82))})
    name = stacks.physical_id(unique_name, "Balancer")
    assert _ports(aws, name) == {80: 8080, 81: 8080, 82: 8080}

    changed = _balancer(_listener(81, InstancePort="9090"), _listener(82), _listener(83))
    stacks.update(unique_name, {"Balancer": changed})

    assert stacks.physical_id(unique_name, "Balancer") == name
    assert _ports(aws, name) == {81: 9090, 82: 8080, 83: 8080}


def test_a_classic_load_balancer_without_a_health_check_has_the_default(
    aws: Any, stacks: StackDriver, unique_name: str
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-healthchecks.html"""
    stacks.create(unique_name, {"Balancer": _balancer(_listener(80))})
    shown = _described(aws, stacks.physical_id(unique_name, "Balancer"))
    assert shown["HealthCheck"]["Target"] == "TCP:8080"


def _balancer(*listeners: dict[str, str], **properties: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::ElasticLoadBalancing::LoadBalancer",
        "Properties": {
            "AvailabilityZones": ["us-east-1a", "us-east-1b"],
            "Listeners": list(listeners),
            **properties,
        },
    }


def _listener(port: int, **members: str) -> dict[str, str]:
    return {"LoadBalancerPort": str(port), "InstancePort": "8080", "Protocol": "HTTP", **members}


def _described(aws: Any, name: str) -> dict[str, Any]:
    found = aws("elb").describe_load_balancers(LoadBalancerNames=[name])
    return dict(found["LoadBalancerDescriptions"][0])


def _ports(aws: Any, name: str) -> dict[int, int]:
    """By port of a listener, that of the instances."""
    listeners = [each["Listener"] for each in _described(aws, name)["ListenerDescriptions"]]
    return {each["LoadBalancerPort"]: each["InstancePort"] for each in listeners}
