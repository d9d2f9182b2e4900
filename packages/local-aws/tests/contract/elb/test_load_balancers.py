"""Classic Load Balancers: those that do not exist, and what one shows of itself."""

from __future__ import annotations

from typing import Any

import pytest
from refusals import error_of, refusal_of

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
        ("describe_load_balancer_policies", {}),
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


def test_a_missing_one_of_several_is_named(aws: Any, classic: str) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_DescribeLoadBalancers.html"""
    names = [classic, "missing"]
    assert error_of(aws("elb").describe_load_balancers, LoadBalancerNames=names) == (
        "LoadBalancerNotFound",
        "There is no ACTIVE Load Balancer named 'missing'",
    )


def test_a_new_classic_load_balancer_checks_whether_instances_accept_connections(
    aws: Any, classic: str
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-healthchecks.html"""
    assert _described(aws, classic)["HealthCheck"] == {
        "Target": "TCP:8080",
        "Interval": 30,
        "Timeout": 5,
        "UnhealthyThreshold": 2,
        "HealthyThreshold": 10,
    }


def test_a_new_classic_load_balancer_has_all_attributes(aws: Any, classic: str) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_LoadBalancerAttributes.html"""
    found = aws("elb").describe_load_balancer_attributes(LoadBalancerName=classic)
    assert found["LoadBalancerAttributes"] == _DEFAULTS


def test_attributes_that_are_not_given_stay(aws: Any, classic: str) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_ModifyLoadBalancerAttributes.html"""
    elb = aws("elb")
    for given in (
        {"ConnectionDraining": {"Enabled": True, "Timeout": 60}},
        {"ConnectionDraining": {"Enabled": False}},
        {"CrossZoneLoadBalancing": {"Enabled": True}},
    ):
        elb.modify_load_balancer_attributes(LoadBalancerName=classic, LoadBalancerAttributes=given)

    found = elb.describe_load_balancer_attributes(LoadBalancerName=classic)
    assert found["LoadBalancerAttributes"] == {
        **_DEFAULTS,
        "CrossZoneLoadBalancing": {"Enabled": True},
    }


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"ConnectionSettings": {"IdleTimeout": 4001}}, "ValidationError"),
        ({"ConnectionDraining": {"Enabled": True, "Timeout": 3601}}, "ValidationError"),
        (
            {"AccessLog": {"Enabled": False, "EmitInterval": 6}},
            "InvalidConfigurationRequest",
        ),
        (
            {"AccessLog": {"Enabled": True, "S3BucketName": "no-such-bucket"}},
            "InvalidConfigurationRequest",
        ),
        (
            {"AdditionalAttributes": [{"Key": "no.such.key", "Value": "1"}]},
            "LoadBalancerAttributeNotFound",
        ),
        (
            {"AdditionalAttributes": [{"Key": "elb.http.desyncmitigationmode", "Value": "off"}]},
            "InvalidConfigurationRequest",
        ),
    ],
    ids=["idle", "draining", "interval", "bucket", "key", "mode"],
)
def test_attributes_that_cannot_be(
    aws: Any, classic: str, wanted: dict[str, Any], code: str
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_LoadBalancerAttributes.html;
    nothing of the request is taken."""
    elb, attributes = aws("elb"), {"CrossZoneLoadBalancing": {"Enabled": True}, **wanted}
    call = {"LoadBalancerName": classic, "LoadBalancerAttributes": attributes}
    assert error_of(elb.modify_load_balancer_attributes, **call)[0] == code
    found = elb.describe_load_balancer_attributes(LoadBalancerName=classic)
    assert found["LoadBalancerAttributes"] == _DEFAULTS


def test_a_classic_load_balancer_is_in_the_zones_of_its_subnets(
    aws: Any, classic: str, subnets: dict[str, str]
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_AttachLoadBalancerToSubnets.html"""
    elb, (first, second, third) = aws("elb"), subnets
    assert _described(aws, classic)["AvailabilityZones"] == [first, second]

    elb.attach_load_balancer_to_subnets(LoadBalancerName=classic, Subnets=[subnets[third]])
    elb.detach_load_balancer_from_subnets(LoadBalancerName=classic, Subnets=[subnets[first]])

    shown = _described(aws, classic)
    assert shown["AvailabilityZones"] == [second, third]
    assert shown["Subnets"] == [subnets[second], subnets[third]]


def test_a_classic_load_balancer_has_one_subnet_in_each_zone(
    aws: Any, classic: str, subnets: dict[str, str], default_vpc: str
) -> None:
    """API_AttachLoadBalancerToSubnets and API_CreateLoadBalancer: InvalidConfigurationRequest;
    the words as users reported them."""
    elb, ec2, first = aws("elb"), aws("ec2"), subnets["us-east-1a"]
    second = ec2.create_subnet(
        VpcId=default_vpc, CidrBlock="172.31.239.0/24", AvailabilityZone="us-east-1a"
    )["Subnet"]["SubnetId"]
    words = "ELB cannot be attached to multiple subnets in the same AZ."
    refused = (409, "InvalidConfigurationRequest", words)
    attach = elb.attach_load_balancer_to_subnets
    assert refusal_of(attach, LoadBalancerName=classic, Subnets=[second]) == refused
    new = {"LoadBalancerName": f"{classic}-new", "Listeners": _LISTENERS}
    assert refusal_of(elb.create_load_balancer, **new, Subnets=[first, second]) == refused

    elb.detach_load_balancer_from_subnets(LoadBalancerName=classic, Subnets=[first])
    elb.attach_load_balancer_to_subnets(LoadBalancerName=classic, Subnets=[second, second])
    assert _described(aws, classic)["Subnets"] == [subnets["us-east-1b"], second]
    elb.detach_load_balancer_from_subnets(LoadBalancerName=classic, Subnets=[second])
    ec2.delete_subnet(SubnetId=second)


def test_the_group_of_classic_load_balancers_of_the_default_network_that_are_given_none(
    aws: Any, unique_name: str
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-vpc-security-groups.html:
    one for all, which has rules for the first one's listeners, and stays."""
    elb, names = aws("elb"), [f"{unique_name}-{each}" for each in "ab"]
    groups = []
    for name in names:
        place = {"AvailabilityZones": ["us-east-1a"]}
        elb.create_load_balancer(LoadBalancerName=name, Listeners=_LISTENERS, **place)
        groups.append(_described(aws, name)["SecurityGroups"])
        elb.delete_load_balancer(LoadBalancerName=name)
    [[group_id], again] = groups
    assert again == [group_id]
    [group] = aws("ec2").describe_security_groups(GroupIds=[group_id])["SecurityGroups"]
    assert group["GroupName"].startswith("default_elb_")
    assert all(
        rule["IpRanges"] == [{"CidrIp": "0.0.0.0/0"}] and rule["IpProtocol"] == "tcp"
        for rule in group["IpPermissions"]
    )
    assert group["IpPermissions"]


def test_the_group_of_a_classic_load_balancer_of_another_network_that_is_given_none(
    aws: Any, unique_name: str
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-vpc-security-groups.html;
    the network goes when the load balancer and its subnet have gone."""
    elb, ec2 = aws("elb"), aws("ec2")
    vpc_id = ec2.create_vpc(CidrBlock="10.79.0.0/16")["Vpc"]["VpcId"]
    subnet_id = ec2.create_subnet(VpcId=vpc_id, CidrBlock="10.79.0.0/24")["Subnet"]["SubnetId"]
    new = {"LoadBalancerName": unique_name, "Listeners": _LISTENERS, "Subnets": [subnet_id]}
    elb.create_load_balancer(**new)
    [group] = ec2.describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [vpc_id]}])[
        "SecurityGroups"
    ]
    shown = _described(aws, unique_name)
    assert (group["GroupName"], shown["SecurityGroups"]) == ("default", [group["GroupId"]])
    assert shown["SourceSecurityGroup"]["GroupName"] == "default"
    elb.delete_load_balancer(LoadBalancerName=unique_name)
    ec2.delete_subnet(SubnetId=subnet_id)
    ec2.delete_vpc(VpcId=vpc_id)


def test_a_classic_load_balancer_of_the_default_network_has_the_subnets_of_its_zones(
    aws: Any, unique_name: str, subnets: dict[str, str]
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_EnableAvailabilityZonesForLoadBalancer.html"""
    elb, (first, second, _) = aws("elb"), subnets
    of_it = {"LoadBalancerName": unique_name}
    elb.create_load_balancer(**of_it, Listeners=_LISTENERS, AvailabilityZones=[first])

    enabled = elb.enable_availability_zones_for_load_balancer(**of_it, AvailabilityZones=[second])
    assert enabled["AvailabilityZones"] == [first, second]
    assert _described(aws, unique_name)["Subnets"] == [subnets[first], subnets[second]]

    left = elb.disable_availability_zones_for_load_balancer(**of_it, AvailabilityZones=[first])
    assert left["AvailabilityZones"] == [second]
    assert _described(aws, unique_name)["Subnets"] == [subnets[second]]
    elb.delete_load_balancer(**of_it)


@pytest.mark.parametrize(
    ("call", "zone", "code"),
    [
        (
            "disable_availability_zones_for_load_balancer",
            "us-east-1a",
            "InvalidConfigurationRequest",
        ),
        ("enable_availability_zones_for_load_balancer", "us-east-1y", "ValidationError"),
    ],
    ids=["the last", "no zone"],
)
def test_zones_that_a_classic_load_balancer_cannot_lose_or_gain(
    aws: Any, unique_name: str, call: str, zone: str, code: str
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_DisableAvailabilityZonesForLoadBalancer.html"""
    elb, of_it = aws("elb"), {"LoadBalancerName": unique_name}
    elb.create_load_balancer(**of_it, Listeners=_LISTENERS, AvailabilityZones=["us-east-1a"])
    assert error_of(getattr(elb, call), **of_it, AvailabilityZones=[zone])[0] == code
    assert _described(aws, unique_name)["AvailabilityZones"] == ["us-east-1a"]
    elb.delete_load_balancer(**of_it)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "Either AvailabilityZones or SubnetIds must be specified"),
        (
            {"Subnets": ["subnet-1"], "AvailabilityZones": ["us-east-1a"]},
            "Only one of SubnetIds or AvailabilityZones may be specified",
        ),
        ({"AvailabilityZones": ["us-east-1y"]}, "us-east-1y is no Availability Zone of us-east-1"),
    ],
    ids=["neither", "both", "no zone"],
)
def test_a_classic_load_balancer_is_somewhere(
    aws: Any, given: dict[str, Any], message: str
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_CreateLoadBalancer.html"""
    create = aws("elb").create_load_balancer
    refused = error_of(create, LoadBalancerName="nowhere", Listeners=_LISTENERS, **given)
    assert refused == ("ValidationError", message)


def test_the_protocol_of_instances_is_theirs(aws: Any, classic: str) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_Listener.html"""
    listener = {**_LISTENERS[0], "LoadBalancerPort": 81, "Protocol": "TCP"}
    elb = aws("elb")
    elb.create_load_balancer_listeners(LoadBalancerName=classic, Listeners=[listener])
    ssl = {**listener, "LoadBalancerPort": 82, "InstanceProtocol": "ssl"}
    elb.create_load_balancer_listeners(LoadBalancerName=classic, Listeners=[ssl])

    shown = [each["Listener"] for each in _described(aws, classic)["ListenerDescriptions"]]
    protocols = {each["LoadBalancerPort"]: each["InstanceProtocol"] for each in shown}
    assert protocols == {80: "HTTP", 81: "TCP", 82: "SSL"}


def test_several_listeners_are_deleted_at_once(aws: Any, classic: str) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_DeleteLoadBalancerListeners.html"""
    elb = aws("elb")
    more = [{**_LISTENERS[0], "LoadBalancerPort": port} for port in (81, 82)]
    elb.create_load_balancer_listeners(LoadBalancerName=classic, Listeners=more)

    elb.delete_load_balancer_listeners(LoadBalancerName=classic, LoadBalancerPorts=[80, 82, 99])

    [left] = _described(aws, classic)["ListenerDescriptions"]
    assert left["Listener"]["LoadBalancerPort"] == 81


def test_the_source_security_group_is_the_load_balancers_own(
    aws: Any, classic: str, unique_name: str, default_vpc: str
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_SourceSecurityGroup.html"""
    group = aws("ec2").create_security_group(
        GroupName=unique_name, Description="for the load balancer", VpcId=default_vpc
    )["GroupId"]
    aws("elb").apply_security_groups_to_load_balancer(
        LoadBalancerName=classic, SecurityGroups=[group]
    )
    assert _described(aws, classic)["SourceSecurityGroup"]["GroupName"] == unique_name


def test_load_balancers_without_security_groups_share_one(
    aws: Any, unique_name: str, default_vpc: str, subnets: dict[str, str]
) -> None:
    """The group's own description: "modifications could impact traffic to future ELBs"."""
    elb, zones = aws("elb"), list(subnets)
    names = [f"{unique_name}-{number}" for number in range(2)]
    for name, place in zip(names, ("AvailabilityZones", "Subnets"), strict=True):
        given = [subnets[zones[0]] if place == "Subnets" else zones[0]]
        elb.create_load_balancer(LoadBalancerName=name, Listeners=_LISTENERS, **{place: given})
    groups = [_described(aws, name)["SecurityGroups"] for name in names]
    assert groups[0] == groups[1]
    for name in names:
        elb.delete_load_balancer(LoadBalancerName=name)
    of_service = [{"Name": "vpc-id", "Values": [default_vpc]}]
    left = aws("ec2").describe_security_groups(Filters=of_service)["SecurityGroups"]
    assert [g["GroupId"] for g in left if g["GroupName"].startswith("default_elb_")] == groups[0]


_DEFAULTS = {
    "CrossZoneLoadBalancing": {"Enabled": False},
    "AccessLog": {"Enabled": False},
    "ConnectionDraining": {"Enabled": False, "Timeout": 300},
    "ConnectionSettings": {"IdleTimeout": 60},
    "AdditionalAttributes": [{"Key": "elb.http.desyncmitigationmode", "Value": "defensive"}],
}


def _described(aws: Any, name: str) -> dict[str, Any]:
    [shown] = aws("elb").describe_load_balancers(LoadBalancerNames=[name])[
        "LoadBalancerDescriptions"
    ]
    return dict(shown)


@pytest.mark.parametrize(
    ("region", "zone_id"), [("us-east-1", "Z35SXDOTRQ7X7K"), ("eu-north-1", "Z23TAZ6LKFMNIO")]
)
def test_a_load_balancer_has_the_hosted_zone_of_its_region(
    aws: Any, region: str, zone_id: str
) -> None:
    """https://docs.aws.amazon.com/general/latest/gr/elb.html"""
    elb, elbv2 = aws("elb", region), aws("elbv2", region)
    place = {"AvailabilityZones": [f"{region}a"]}
    elb.create_load_balancer(LoadBalancerName="zoned", Listeners=_LISTENERS, **place)
    subnets = aws("ec2", region).describe_subnets()["Subnets"]
    made = elbv2.create_load_balancer(Name="zoned", Subnets=[each["SubnetId"] for each in subnets])

    [classic] = elb.describe_load_balancers(LoadBalancerNames=["zoned"])["LoadBalancerDescriptions"]
    assert classic["CanonicalHostedZoneNameID"] == zone_id
    assert made["LoadBalancers"][0]["CanonicalHostedZoneId"] == zone_id
    elb.delete_load_balancer(LoadBalancerName="zoned")
    elbv2.delete_load_balancer(LoadBalancerArn=made["LoadBalancers"][0]["LoadBalancerArn"])


def test_how_many_classic_load_balancers_there_may_be(aws: Any) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_DescribeAccountLimits.html"""
    elb = aws("elb")
    first = elb.describe_account_limits(PageSize=2)
    rest = elb.describe_account_limits(PageSize=2, Marker=first["NextMarker"])
    assert {each["Name"]: each["Max"] for each in first["Limits"] + rest["Limits"]} == {
        "classic-load-balancers": "20",
        "classic-listeners": "100",
        "classic-registered-instances": "1000",
    }
    assert "NextMarker" not in rest
