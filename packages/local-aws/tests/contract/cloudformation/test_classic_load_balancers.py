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


def test_a_changed_policy_is_created_again(aws: Any, stacks: StackDriver, unique_name: str) -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-elasticloadbalancing-loadbalancer.html"""
    sticky = _listener(80, PolicyNames=["sticky"])
    stacks.create(unique_name, {"Balancer": _balancer(sticky, **_lasting("60"))})
    name = stacks.physical_id(unique_name, "Balancer")
    lasting = {"PolicyName": "sticky", "CookieExpirationPeriod": 60}
    assert _sticky(aws, name) == {"LB": [lasting], "App": [], "Enabled": [["sticky"]]}

    stacks.update(unique_name, {"Balancer": _balancer(sticky, **_lasting("120"))})
    longer = {**lasting, "CookieExpirationPeriod": 120}
    assert _sticky(aws, name) == {"LB": [longer], "App": [], "Enabled": [["sticky"]]}

    app = {"PolicyName": "sticky", "CookieName": "session"}
    by_app = _balancer(sticky, AppCookieStickinessPolicy=[app])
    broken = {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": ""}}
    failed = stacks.update(unique_name, {"Balancer": by_app, "Broken": broken})
    assert failed["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert _sticky(aws, name) == {"LB": [longer], "App": [], "Enabled": [["sticky"]]}

    stacks.update(unique_name, {"Balancer": by_app})
    assert _sticky(aws, name) == {"LB": [], "App": [app], "Enabled": [["sticky"]]}

    stacks.update(unique_name, {"Balancer": _balancer(_listener(80))})
    assert _sticky(aws, name) == {"LB": [], "App": [], "Enabled": [[]]}
    assert stacks.physical_id(unique_name, "Balancer") == name


def test_a_policy_is_enabled_where_it_says(aws: Any, stacks: StackDriver, unique_name: str) -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-elasticloadbalancing-loadbalancer-policies.html"""
    balancer = _balancer(
        _listener(81), _listener(82, Protocol="TCP"), Policies=[_proxy("true"), _security(81)]
    )
    stacks.create(unique_name, {"Balancer": balancer})
    name = stacks.physical_id(unique_name, "Balancer")
    assert _others(aws, name) == {
        "Of listeners": [["security"], []],
        "Of instances": {8080: ["proxy"]},
        "ProxyProtocol": "true",
    }

    changed = _balancer(
        _listener(81), _listener(82, Protocol="TCP"), Policies=[_proxy("false"), _security()]
    )
    stacks.update(unique_name, {"Balancer": changed})

    assert _others(aws, name) == {
        "Of listeners": [[], []],
        "Of instances": {8080: ["proxy"]},
        "ProxyProtocol": "false",
    }


def _balancer(*listeners: dict[str, Any], **properties: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::ElasticLoadBalancing::LoadBalancer",
        "Properties": {
            "AvailabilityZones": ["us-east-1a", "us-east-1b"],
            "Listeners": list(listeners),
            **properties,
        },
    }


def _listener(port: int, **members: Any) -> dict[str, Any]:
    return {"LoadBalancerPort": str(port), "InstancePort": "8080", "Protocol": "HTTP", **members}


def _described(aws: Any, name: str) -> dict[str, Any]:
    found = aws("elb").describe_load_balancers(LoadBalancerNames=[name])
    return dict(found["LoadBalancerDescriptions"][0])


def _ports(aws: Any, name: str) -> dict[int, int]:
    """By port of a listener, that of the instances."""
    listeners = [each["Listener"] for each in _described(aws, name)["ListenerDescriptions"]]
    return {each["LoadBalancerPort"]: each["InstancePort"] for each in listeners}


def _lasting(seconds: str) -> dict[str, Any]:
    policy = {"PolicyName": "sticky", "CookieExpirationPeriod": seconds}
    return {"LBCookieStickinessPolicy": [policy]}


def _proxy(value: str) -> dict[str, Any]:
    return {
        "PolicyName": "proxy",
        "PolicyType": "ProxyProtocolPolicyType",
        "Attributes": [{"Name": "ProxyProtocol", "Value": value}],
        "InstancePorts": ["8080"],
    }


def _security(*ports: int) -> dict[str, Any]:
    name = {"Name": "Reference-Security-Policy", "Value": "ELBSecurityPolicy-TLS-1-2-2017-01"}
    return {
        "PolicyName": "security",
        "PolicyType": "SSLNegotiationPolicyType",
        "Attributes": [name],
        "LoadBalancerPorts": [str(port) for port in ports],
    }


def _sticky(aws: Any, name: str) -> dict[str, Any]:
    """The policies of stickiness, and the names of those that each listener has."""
    shown = _described(aws, name)
    return {
        "LB": shown["Policies"]["LBCookieStickinessPolicies"],
        "App": shown["Policies"]["AppCookieStickinessPolicies"],
        "Enabled": [each["PolicyNames"] for each in shown["ListenerDescriptions"]],
    }


def _others(aws: Any, name: str) -> dict[str, Any]:
    """The names of the policies that listeners and instance ports have; what `proxy` says."""
    shown = _described(aws, name)
    found = aws("elb").describe_load_balancer_policies(LoadBalancerName=name, PolicyNames=["proxy"])
    (attribute,) = found["PolicyDescriptions"][0]["PolicyAttributeDescriptions"]
    backends = shown["BackendServerDescriptions"]
    return {
        "Of listeners": [each["PolicyNames"] for each in shown["ListenerDescriptions"]],
        "Of instances": {each["InstancePort"]: each["PolicyNames"] for each in backends},
        attribute["AttributeName"]: attribute["AttributeValue"],
    }
