"""Load balancers, target groups and listeners."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local_aws.control_plane.cloudformation.drift.readers import tags

_OF_TARGET_GROUP = (
    "HealthCheckEnabled",
    "HealthCheckIntervalSeconds",
    "HealthCheckPath",
    "HealthCheckPort",
    "HealthCheckProtocol",
    "HealthCheckTimeoutSeconds",
    "HealthyThresholdCount",
    "IpAddressType",
    "Matcher",
    "Port",
    "Protocol",
    "ProtocolVersion",
    "TargetType",
    "UnhealthyThresholdCount",
    "VpcId",
)
_OF_LISTENER = (
    "AlpnPolicy",
    "Certificates",
    "DefaultActions",
    "LoadBalancerArn",
    "Port",
    "Protocol",
    "SslPolicy",
)


def target_group(api: Any, arn: str, _: frozenset[str]) -> Mapping[str, Any]:
    elbv2 = api("elbv2")
    shown = elbv2.describe_target_groups(TargetGroupArns=[arn])["TargetGroups"][0]
    attributes = elbv2.describe_target_group_attributes(TargetGroupArn=arn)["Attributes"]
    return {
        **{name: shown.get(name) for name in _OF_TARGET_GROUP},
        "Name": shown["TargetGroupName"],
        "TargetGroupAttributes": attributes,
        "Tags": _tags(elbv2, arn),
    }


def load_balancer(api: Any, arn: str, _: frozenset[str]) -> Mapping[str, Any]:
    elbv2 = api("elbv2")
    shown = elbv2.describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"][0]
    subnets = [zone["SubnetId"] for zone in shown["AvailabilityZones"]]
    return {
        "IpAddressType": shown.get("IpAddressType"),
        "LoadBalancerAttributes": elbv2.describe_load_balancer_attributes(LoadBalancerArn=arn)[
            "Attributes"
        ],
        "Name": shown["LoadBalancerName"],
        "Scheme": shown["Scheme"],
        "SecurityGroups": shown.get("SecurityGroups", []),
        "SubnetMappings": [{"SubnetId": subnet} for subnet in subnets],
        "Subnets": subnets,
        "Tags": _tags(elbv2, arn),
        "Type": shown["Type"],
    }


def listener(api: Any, arn: str, _: frozenset[str]) -> Mapping[str, Any]:
    elbv2 = api("elbv2")
    shown = elbv2.describe_listeners(ListenerArns=[arn])["Listeners"][0]
    return {**{name: shown.get(name) for name in _OF_LISTENER}, "Tags": _tags(elbv2, arn)}


def _tags(elbv2: Any, arn: str) -> list[dict[str, Any]]:
    return tags.given(elbv2.describe_tags(ResourceArns=[arn])["TagDescriptions"][0]["Tags"])
