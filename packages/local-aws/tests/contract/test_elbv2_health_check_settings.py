"""A target group's health check settings: what its protocol has, and how often it may be made."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from stack_driver import StackDriver


@pytest.fixture
def elbv2(aws: Any) -> Any:
    return aws("elbv2")


@pytest.fixture
def vpc_id(aws: Any) -> str:
    vpc_id: str = aws("ec2").describe_vpcs()["Vpcs"][0]["VpcId"]
    return vpc_id


@pytest.fixture
def target_group(elbv2: Any, unique_name: str, vpc_id: str) -> str:
    created = elbv2.create_target_group(Name=unique_name, Protocol="HTTP", Port=80, VpcId=vpc_id)
    arn: str = created["TargetGroups"][0]["TargetGroupArn"]
    return arn


def test_a_group_may_be_checked_each_second(
    elbv2: Any, stacks: StackDriver, unique_name: str, vpc_id: str
) -> None:
    """AWS checks each 5 seconds at the most; here a rehearsal takes seconds. No timeout that AWS
    takes is smaller than such an interval, so the timeout is not compared."""
    properties = {
        "Protocol": "HTTP",
        "Port": 80,
        "VpcId": vpc_id,
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
    elbv2: Any, unique_name: str, vpc_id: str, protocol: str
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html"""
    wanted = {"Name": unique_name, "Protocol": protocol, "Port": 80, "VpcId": vpc_id}

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
    elbv2: Any, target_group: str, unique_name: str, vpc_id: str
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html"""
    refused = "protocol 'TCP' is not supported for target groups with the HTTPS? protocol"
    with pytest.raises(ClientError, match=refused):
        elbv2.create_target_group(
            Name=f"{unique_name}-2",
            Protocol="HTTPS",
            HealthCheckProtocol="TCP",
            Port=80,
            VpcId=vpc_id,
        )
    with pytest.raises(ClientError, match=refused):
        elbv2.modify_target_group(TargetGroupArn=target_group, HealthCheckProtocol="TCP")
