"""Attributes of a target group that AWS does not have, or not for the group's protocol."""

from __future__ import annotations

from typing import Any

import pytest
from refusals import error_of
from stack_driver import StackDriver


@pytest.mark.parametrize(
    ("key", "value", "code", "message"),
    [
        (
            "deregistration_delay.seconds",
            "30",
            "ValidationError",
            "Target group attribute key 'deregistration_delay.seconds' is not recognized",
        ),
        (
            "proxy_protocol_v2.enabled",
            "true",
            "InvalidConfigurationRequest",
            (
                "Target group attribute 'proxy_protocol_v2.enabled' is not supported by target "
                "groups with the protocol HTTP"
            ),
        ),
        (
            "load_balancing.algorithm.type",
            "random",
            "ValidationError",
            (
                "'load_balancing.algorithm.type' must be one of [round_robin, "
                "least_outstanding_requests, weighted_random]"
            ),
        ),
        (
            "load_balancing.cross_zone.enabled",
            "yes",
            "ValidationError",
            (
                "'load_balancing.cross_zone.enabled' must be one of [true, false, "
                "use_load_balancer_configuration]"
            ),
        ),
        (
            "target_group_health.dns_failover.minimum_healthy_targets.count",
            "0",
            "ValidationError",
            (
                "'target_group_health.dns_failover.minimum_healthy_targets.count' value '0' is "
                "not valid"
            ),
        ),
        (
            "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage",
            "101",
            "ValidationError",
            (
                "'target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage' "
                "value '101' is not valid"
            ),
        ),
    ],
    ids=[
        *("unknown", "of another protocol", "no algorithm", "no switch"),
        *("no count", "no percentage"),
    ],
)
def test_an_attribute_that_aws_refuses_is_refused(
    aws: Any, target_group: str, key: str, value: str, code: str, message: str
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html"""
    elbv2 = aws("elbv2")
    before = elbv2.describe_target_group_attributes(TargetGroupArn=target_group)["Attributes"]

    refused = error_of(
        elbv2.modify_target_group_attributes,
        TargetGroupArn=target_group,
        Attributes=[
            {"Key": "slow_start.duration_seconds", "Value": "30"},
            {"Key": key, "Value": value},
        ],
    )

    assert refused == (code, message)
    after = elbv2.describe_target_group_attributes(TargetGroupArn=target_group)["Attributes"]
    assert after == before


@pytest.mark.parametrize("algorithm", ["least_outstanding_requests", "weighted_random"])
def test_slow_start_is_for_round_robin(aws: Any, target_group: str, algorithm: str) -> None:
    """ "Slow start mode" in
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html;
    the words as users reported them."""
    attributes = {
        "load_balancing.algorithm.type": algorithm,
        "slow_start.duration_seconds": "60",
    }
    refused = error_of(
        aws("elbv2").modify_target_group_attributes,
        TargetGroupArn=target_group,
        Attributes=[{"Key": key, "Value": value} for key, value in attributes.items()],
    )
    words = algorithm.replace("_", " ")
    message = f"You cannot enable both slow start and {words} algorithm on a target group"
    assert refused == ("InvalidConfigurationRequest", message)


@pytest.mark.parametrize(
    ("kind", "properties", "reason"),
    [
        (
            "TargetGroup",
            {"Port": 80, "Protocol": "HTTP", "TargetGroupAttributes": [{"Key": "k", "Value": "1"}]},
            "Target group attribute key 'k' is not recognized",
        ),
        (
            "LoadBalancer",
            {"LoadBalancerAttributes": [{"Key": "k", "Value": "1"}]},
            "Load balancer attribute key 'k' is not recognized",
        ),
    ],
    ids=["target group", "load balancer"],
)
def test_an_attribute_that_aws_does_not_have_fails_the_stack(
    stacks: StackDriver,
    service: dict[str, str],
    unique_name: str,
    kind: str,
    properties: dict[str, Any],
    reason: str,
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ModifyTargetGroupAttributes.html"""
    place = (
        {"VpcId": service["VPCId"]}
        if kind == "TargetGroup"
        else {"Subnets": service["Subnets"].split(",")}
    )
    one = {"Type": f"AWS::ElasticLoadBalancingV2::{kind}", "Properties": {**properties, **place}}

    stacks.create(unique_name, {"One": one})

    assert stacks.failures(unique_name)["One"].startswith(reason)
