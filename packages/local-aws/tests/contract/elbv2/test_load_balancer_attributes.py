"""Attributes of load balancers: AWS's, with its defaults, within their values."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from log_bucket import make_log_bucket


@pytest.fixture
def arn(elbv2: Any, unique_name: str, subnets: dict[str, str]) -> str:
    created = elbv2.create_load_balancer(Name=unique_name, Subnets=list(subnets.values()))
    arn: str = created["LoadBalancers"][0]["LoadBalancerArn"]
    return arn


def attributes(answer: dict[str, Any]) -> dict[str, str]:
    return {each["Key"]: each["Value"] for each in answer["Attributes"]}


def test_every_attribute_has_a_default(elbv2: Any, arn: str) -> None:
    """API_LoadBalancerAttribute; amazon.aws.elb_application_lb reads each of them."""
    found = attributes(elbv2.describe_load_balancer_attributes(LoadBalancerArn=arn))

    assert found["routing.http2.enabled"] == "true"
    assert found["routing.http.desync_mitigation_mode"] == "defensive"
    assert found["routing.http.xff_header_processing.mode"] == "append"
    assert found["load_balancing.cross_zone.enabled"] == "true"
    assert found["idle_timeout.timeout_seconds"] == "60"
    assert found["client_keep_alive.seconds"] == "3600"
    assert found["access_logs.s3.enabled"] == found["waf.fail_open.enabled"] == "false"
    assert found["access_logs.s3.bucket"] == ""
    assert len(found) == 23


def test_what_an_internal_load_balancer_has_otherwise(
    elbv2: Any, unique_name: str, subnets: dict[str, str]
) -> None:
    """API_LoadBalancerAttribute: ipv6.deny_all_igw_traffic."""
    created = elbv2.create_load_balancer(
        Name=unique_name, Subnets=list(subnets.values()), Scheme="internal"
    )
    arn = created["LoadBalancers"][0]["LoadBalancerArn"]

    found = attributes(elbv2.describe_load_balancer_attributes(LoadBalancerArn=arn))
    assert found["ipv6.deny_all_igw_traffic"] == "true"


def test_a_change_leaves_the_others(elbv2: Any, arn: str) -> None:
    """API_ModifyLoadBalancerAttributes: attributes that are not named keep their values."""
    before = attributes(elbv2.describe_load_balancer_attributes(LoadBalancerArn=arn))
    change = {"routing.http2.enabled": "false", "access_logs.s3.prefix": "logs"}

    answer = elbv2.modify_load_balancer_attributes(
        LoadBalancerArn=arn,
        Attributes=[{"Key": name, "Value": value} for name, value in change.items()],
    )

    after = attributes(elbv2.describe_load_balancer_attributes(LoadBalancerArn=arn))
    assert attributes(answer) == after == before | change


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("no.such.key", "true", "attribute key 'no.such.key' is not recognized"),
        ("waf.fail_open.enabled", "maybe", "must be one of: true, false"),
        ("routing.http.desync_mitigation_mode", "off", "monitor, defensive, strictest"),
        ("routing.http.xff_header_processing.mode", "drop", "append, preserve, remove"),
        ("load_balancing.cross_zone.enabled", "false", "must be one of: true"),
        ("client_keep_alive.seconds", "59", "greater than or equal to 60"),
    ],
)
def test_an_attribute_that_cannot_be(
    elbv2: Any, arn: str, name: str, value: str, message: str
) -> None:
    """API_LoadBalancerAttribute; nothing of the request is taken."""
    before = elbv2.describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"]
    wanted = [{"Key": "routing.http2.enabled", "Value": "false"}, {"Key": name, "Value": value}]

    with pytest.raises(ClientError, match=message):
        elbv2.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=wanted)

    assert elbv2.describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"] == before


@pytest.mark.parametrize("logs", ["access_logs", "connection_logs"])
def test_the_bucket_for_logs_must_exist(
    aws: Any, elbv2: Any, arn: str, unique_name: str, logs: str
) -> None:
    """ELB User Guide, "Enable access logs for your Application Load Balancer"."""
    enabled = {"Key": f"{logs}.s3.enabled", "Value": "true"}
    named = {"Key": f"{logs}.s3.bucket", "Value": unique_name}
    before = elbv2.describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"]

    with pytest.raises(ClientError, match=f"'{logs}.s3.bucket' must be a bucket's name"):
        elbv2.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=[enabled])
    with pytest.raises(ClientError, match=f"Access Denied for bucket: {unique_name}"):
        elbv2.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=[enabled, named])
    assert elbv2.describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"] == before

    make_log_bucket(aws("s3"), unique_name)
    answer = elbv2.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=[enabled, named])
    assert attributes(answer)[f"{logs}.s3.enabled"] == "true"
