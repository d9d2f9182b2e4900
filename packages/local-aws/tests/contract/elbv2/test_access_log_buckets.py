"""Enabling access logs: the bucket must let Elastic Load Balancing in.

All of it: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from log_bucket import SERVICE, attributes, policy
from refusals import assert_refused

ACCOUNT = {"AWS": "arn:aws:iam::127311923021:root"}
OTHER_REGIONS = {"AWS": "arn:aws:iam::033677994240:root"}


@pytest.fixture
def arn(elbv2: Any, unique_name: str, subnets: dict[str, str]) -> str:
    created = elbv2.create_load_balancer(Name=unique_name, Subnets=list(subnets.values()))
    return str(created["LoadBalancers"][0]["LoadBalancerArn"])


@pytest.fixture
def bucket(aws: Callable[..., Any], unique_name: str) -> str:
    name = f"logs-{unique_name}"
    aws("s3").create_bucket(Bucket=name)
    return name


def enable(elbv2: Any, arn: str, bucket: str, prefix: str = "") -> None:
    elbv2.modify_load_balancer_attributes(
        LoadBalancerArn=arn, Attributes=attributes(bucket, prefix)
    )


def refused(elbv2: Any, arn: str, bucket: str, prefix: str = "") -> None:
    before = elbv2.describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"]
    assert_refused(
        lambda: enable(elbv2, arn, bucket, prefix),
        "InvalidConfigurationRequest",
        f"Access Denied for bucket: {bucket}. Please check S3bucket permission",
    )
    assert elbv2.describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"] == before


@pytest.mark.parametrize("prefix", ["", "a/prefix"])
@pytest.mark.parametrize("principal", [SERVICE, ACCOUNT], ids=["service", "account"])
def test_a_test_file_is_written(
    aws: Callable[..., Any], elbv2: Any, arn: str, bucket: str, principal: Any, prefix: str
) -> None:
    """Its key, and that it is there as soon as logs are enabled; the policy names the service, or
    the account that it has in the Region."""
    s3 = aws("s3")
    text = policy(bucket, principal, f"{prefix}/" if prefix else "")
    s3.put_bucket_policy(Bucket=bucket, Policy=text)

    enable(elbv2, arn, bucket, prefix)

    [found] = s3.list_objects_v2(Bucket=bucket)["Contents"]
    folder = f"{prefix}/AWSLogs" if prefix else "AWSLogs"
    assert found["Key"] == f"{folder}/{arn.split(':')[4]}/ELBAccessLogTestFile"
    body = s3.get_object(Bucket=bucket, Key=found["Key"])["Body"].read().decode()
    assert body.startswith(f"Enable AccessLog for ELB: {arn.split('/')[2]} at 2")


def test_a_bucket_without_a_policy(elbv2: Any, arn: str, bucket: str) -> None:
    refused(elbv2, arn, bucket)


@pytest.mark.parametrize(
    ("principal", "more"),
    [
        (OTHER_REGIONS, {}),
        ({"Service": "delivery.logs.amazonaws.com"}, {}),
        (SERVICE, {"Action": "s3:GetObject"}),
        (SERVICE, {"Effect": "Deny"}),
        (SERVICE, {"Condition": {"StringEquals": {"aws:SourceAccount": "999999999999"}}}),
    ],
    ids=["another Region's account", "another service", "action", "deny", "condition"],
)
def test_a_policy_that_does_not_let_it_write(
    aws: Callable[..., Any], elbv2: Any, arn: str, bucket: str, principal: Any, more: Any
) -> None:
    aws("s3").put_bucket_policy(Bucket=bucket, Policy=policy(bucket, principal, **more))
    refused(elbv2, arn, bucket)


def test_a_policy_for_another_prefix(
    aws: Callable[..., Any], elbv2: Any, arn: str, bucket: str
) -> None:
    aws("s3").put_bucket_policy(Bucket=bucket, Policy=policy(bucket, prefix="one/"))
    refused(elbv2, arn, bucket, "two")
    enable(elbv2, arn, bucket, "one")


def test_conditions_that_hold_and_a_denial_of_plain_http(
    aws: Callable[..., Any], elbv2: Any, arn: str, bucket: str
) -> None:
    """The policy that the guide recommends names the load balancers; many deny what is no TLS."""
    balancers = arn.partition("loadbalancer/")[0] + "loadbalancer/*"
    document = json.loads(
        policy(bucket, Condition={"ArnLike": {"aws:SourceArn": balancers}}),
    )
    document["Statement"].append(
        {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": f"arn:aws:s3:::{bucket}/*",
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
    )
    aws("s3").put_bucket_policy(Bucket=bucket, Policy=json.dumps(document))
    enable(elbv2, arn, bucket)


def test_a_bucket_in_another_region(
    aws: Callable[..., Any], elbv2: Any, arn: str, unique_name: str
) -> None:
    """The bucket and the load balancer must be in the same Region."""
    name = f"far-{unique_name}"
    aws("s3").create_bucket(
        Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    aws("s3").put_bucket_policy(Bucket=name, Policy=policy(name))
    refused(elbv2, arn, name)


def test_a_bucket_that_is_encrypted_with_a_key_of_kms(
    aws: Callable[..., Any], elbv2: Any, arn: str, bucket: str
) -> None:
    """The only encryption that is supported is the one with S3's keys (SSE-S3)."""
    s3 = aws("s3")
    s3.put_bucket_policy(Bucket=bucket, Policy=policy(bucket))
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [rule]})
    refused(elbv2, arn, bucket)
