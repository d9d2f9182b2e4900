"""A target group's health check settings: what its protocol has, and how often it may be made."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from stack_driver import StackDriver


def test_a_group_may_be_checked_each_second(
    elbv2: Any, stacks: StackDriver, unique_name: str, default_vpc: str
) -> None:
    """AWS checks each 5 seconds at the most; here a rehearsal takes seconds. No timeout that AWS
    takes is smaller than such an interval, so the timeout is not compared."""
    properties = {
        "Protocol": "HTTP",
        "Port": 80,
        "VpcId": default_vpc,
        "HealthCheckIntervalSeconds": 1,
        "HealthCheckTimeoutSeconds": 2,
    }
    stacks.create(
        unique_name,
        {"Web": {"Type": "AWS::ElasticLoadBalancingV2::TargetGroup", "Properties": properties}},
    )

    arn = stacks.physical_id(unique_name, "Web")
    (group,) = elbv2.describe_target_groups(TargetGroupArns=[arn])["TargetGroups"]
    assert (group["HealthCheckIntervalSeconds"], group["HealthCheckTimeoutSeconds"]) == (1, 2)


@pytest.mark.parametrize("protocol", ["TCP", "UDP", "TLS"])
def test_a_group_for_network_load_balancers_is_checked_by_tcp_without_path_and_matcher(
    elbv2: Any, unique_name: str, default_vpc: str, protocol: str
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html"""
    wanted = {"Name": unique_name, "Protocol": protocol, "Port": 80, "VpcId": default_vpc}

    for given, setting in (
        ({"HealthCheckPath": "/"}, "paths"),
        ({"Matcher": {"HttpCode": "200"}}, "matchers"),
    ):
        with pytest.raises(ClientError, match=f"{setting} are not supported for TCP health checks"):
            elbv2.create_target_group(**wanted, **given)
    [group] = elbv2.create_target_group(**wanted)["TargetGroups"]
    [again] = elbv2.create_target_group(**wanted)["TargetGroups"]
    with pytest.raises(ClientError, match="matchers are not supported for TCP health checks"):
        elbv2.modify_target_group(
            TargetGroupArn=group["TargetGroupArn"], Matcher={"HttpCode": "200"}
        )

    assert group == again
    assert group["HealthCheckProtocol"] == "TCP"
    assert not {"HealthCheckPath", "Matcher"} & set(group)


def test_an_http_target_group_is_not_checked_by_tcp(
    elbv2: Any, new_target_group: str, unique_name: str, default_vpc: str
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html"""
    refused = "protocol 'TCP' is not supported for target groups with the HTTPS? protocol"
    with pytest.raises(ClientError, match=refused):
        elbv2.create_target_group(
            Name=f"{unique_name}-2",
            Protocol="HTTPS",
            HealthCheckProtocol="TCP",
            Port=80,
            VpcId=default_vpc,
        )
    with pytest.raises(ClientError, match=refused):
        elbv2.modify_target_group(TargetGroupArn=new_target_group, HealthCheckProtocol="TCP")
