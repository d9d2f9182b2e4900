"""Target groups: their attributes and health checks, which change in place; and their end."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from refusals import error_of
from target_group_driver import set_attribute, wanted


@pytest.mark.parametrize(
    ("protocol", "target_type", "preserves"),
    [("TCP", "instance", "true"), ("UDP", "ip", "true"), ("TLS", "ip", "false")],
)
def test_a_group_has_the_attributes_of_its_kind_of_load_balancer(
    elbv2: Any, unique_name: str, default_vpc: str, protocol: str, target_type: str, preserves: str
) -> None:
    """API_TargetGroupAttribute: the keys that "are supported only by Network Load Balancers", and
    those of Application Load Balancers."""
    request = {"Name": unique_name, "Port": 80, "VpcId": default_vpc, "TargetType": target_type}
    group = elbv2.create_target_group(**request, Protocol=protocol)["TargetGroups"][0]

    found = elbv2.describe_target_group_attributes(TargetGroupArn=group["TargetGroupArn"])
    attributes = {each["Key"]: each["Value"] for each in found["Attributes"]}

    assert attributes["preserve_client_ip.enabled"] == preserves
    assert attributes["proxy_protocol_v2.enabled"] == "false"
    assert attributes["deregistration_delay.connection_termination.enabled"] == "false"
    assert attributes["stickiness.type"] == "source_ip"
    assert not {name for name in attributes if name.startswith(("slow_start", "waf", "lb_cookie"))}


@pytest.mark.parametrize("version", ["GRPC", "HTTP2"])
def test_other_protocols_than_http1_for_targets_are_refused_by_name(
    elbv2: Any, unique_name: str, default_vpc: str, version: str
) -> None:
    """API_CreateTargetGroup: ProtocolVersion. The local load balancer sends HTTP/1.1."""
    request = {"Name": unique_name, "Protocol": "HTTP", "Port": 80, "VpcId": default_vpc}
    with pytest.raises(ClientError, match=f"protocol version '{version}' is not emulated"):
        elbv2.create_target_group(**request, ProtocolVersion=version)


def test_a_group_in_use_cannot_be_deleted(elbv2: Any, target_group: str, listener: str) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteTargetGroup.html"""
    with pytest.raises(ClientError, match="ResourceInUse"):
        elbv2.delete_target_group(TargetGroupArn=target_group)

    elbv2.delete_listener(ListenerArn=listener)
    shown = elbv2.describe_target_groups(TargetGroupArns=[target_group])["TargetGroups"][0]
    assert shown["LoadBalancerArns"] == []
    elbv2.delete_target_group(TargetGroupArn=target_group)


def test_a_changed_health_check_takes_effect_in_place(elbv2: Any, target_group: str) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ModifyTargetGroup.html"""
    elbv2.modify_target_group(
        TargetGroupArn=target_group,
        HealthCheckPath="/healthcheck?depth=deep",
        HealthCheckIntervalSeconds=10,
        HealthyThresholdCount=3,
        Matcher={"HttpCode": "200-299"},
    )

    group = wanted(target_group)

    assert group is not None
    check = group.health_check
    assert (check.path, check.interval_seconds) == ("/healthcheck?depth=deep", 10)
    assert (check.healthy_threshold, check.matcher) == (3, "200-299")


def test_attributes_reach_the_data_plane(elbv2: Any, target_group: str) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html"""
    before = wanted(target_group)
    assert before is not None
    assert (before.minimum_healthy_targets, before.slow_start_seconds) == (1, 0)
    rows = elbv2.describe_target_group_attributes(TargetGroupArn=target_group)["Attributes"]
    attributes = {row["Key"]: row["Value"] for row in rows}
    assert attributes["deregistration_delay.timeout_seconds"] == "300"
    routing = "target_group_health.unhealthy_state_routing.minimum_healthy_targets"

    set_attribute(elbv2, target_group, f"{routing}.count", "2")
    set_attribute(elbv2, target_group, f"{routing}.percentage", "50")
    set_attribute(elbv2, target_group, "slow_start.duration_seconds", "30")

    group = wanted(target_group)
    assert group is not None
    assert (group.minimum_healthy_targets, group.minimum_healthy_percentage) == (2, 50)
    assert group.slow_start_seconds == 30
    set_attribute(elbv2, target_group, "slow_start.duration_seconds", "0")
    set_attribute(elbv2, target_group, "load_balancing.algorithm.type", "weighted_random")
    group = wanted(target_group)
    assert group is not None
    assert (group.algorithm, group.protocol) == ("weighted_random", "HTTP")


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("load_balancing.cross_zone.enabled", "false", "does not emulate"),
        ("load_balancing.algorithm.anomaly_mitigation", "on", "does not emulate"),
        ("slow_start.duration_seconds", "7", "is not valid"),
        ("deregistration_delay.timeout_seconds", "3601", "is not valid"),
    ],
)
def test_an_attribute_that_cannot_be_honoured_is_refused_by_name(
    elbv2: Any, new_target_group: str, name: str, value: str, message: str
) -> None:
    with pytest.raises(ClientError, match=message):
        set_attribute(elbv2, new_target_group, name, value)


def test_the_same_request_again_returns_the_same_group(
    elbv2: Any, unique_name: str, default_vpc: str, new_target_group: str
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html"""
    again = elbv2.create_target_group(Name=unique_name, Protocol="HTTP", Port=80, VpcId=default_vpc)
    assert again["TargetGroups"][0]["TargetGroupArn"] == new_target_group

    message = (
        f"A target group with the same name '{unique_name}' exists, but with different settings"
    )
    other = {"Name": unique_name, "Protocol": "HTTP", "Port": 81, "VpcId": default_vpc}
    refused = error_of(elbv2.create_target_group, **other)
    assert refused == ("DuplicateTargetGroupName", message)


def test_targets_are_always_checked(
    elbv2: Any, unique_name: str, default_vpc: str, target_group: str
) -> None:
    """API_CreateTargetGroup, HealthCheckEnabled; the words as users reported them."""
    message = "Health check enabled must be true for target groups with target type 'instance'"
    group = {"Name": f"{unique_name}-2", "Protocol": "HTTP", "Port": 80, "VpcId": default_vpc}
    created = error_of(elbv2.create_target_group, **group, HealthCheckEnabled=False)
    changed = error_of(
        elbv2.modify_target_group, TargetGroupArn=target_group, HealthCheckEnabled=False
    )
    refusal = ("InvalidConfigurationRequest", message)
    assert (created, changed) == (refusal, refusal)


@pytest.mark.parametrize("protocol", ["HTTP", "HTTPS"])
def test_health_checks_are_by_http_unless_it_says_otherwise(
    elbv2: Any, unique_name: str, default_vpc: str, protocol: str
) -> None:
    """API_CreateTargetGroup, HealthCheckProtocol: for Application Load Balancers the default is
    HTTP."""
    group = {"Name": f"{unique_name}-secure", "Protocol": protocol, "Port": 443}
    [made] = elbv2.create_target_group(**group, VpcId=default_vpc)["TargetGroups"]
    assert made["HealthCheckProtocol"] == "HTTP"
    elbv2.delete_target_group(TargetGroupArn=made["TargetGroupArn"])
