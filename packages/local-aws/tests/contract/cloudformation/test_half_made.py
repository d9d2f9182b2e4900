"""What fails after it was begun leaves nothing: the same name can be created again."""

from __future__ import annotations

from typing import Any

import pytest
from role_driver import EC2_ASSUMES_IT
from stack_driver import StackDriver

_HALF_MADE: list[tuple[str, str, dict[str, Any]]] = [
    (
        "AWS::S3::Bucket",
        "BucketName",
        {
            "CorsConfiguration": {
                "CorsRules": [{"AllowedMethods": ["PATCH"], "AllowedOrigins": ["*"]}]
            }
        },
    ),
    (
        "AWS::ECR::Repository",
        "RepositoryName",
        {"LifecyclePolicy": {"LifecyclePolicyText": "no policy"}},
    ),
    (
        "AWS::IAM::Group",
        "GroupName",
        {"ManagedPolicyArns": ["arn:aws:iam::aws:policy/NoSuchPolicy"]},
    ),
    (
        "AWS::IAM::Role",
        "RoleName",
        {"ManagedPolicyArns": ["arn:aws:iam::aws:policy/NoSuchPolicy"]},
    ),
    (
        "AWS::IAM::User",
        "UserName",
        {"ManagedPolicyArns": ["arn:aws:iam::aws:policy/NoSuchPolicy"]},
    ),
    (
        "AWS::EC2::SecurityGroup",
        "GroupName",
        {"SecurityGroupIngress": [{"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80}]},
    ),
    (
        "AWS::ElasticLoadBalancingV2::TargetGroup",
        "Name",
        {
            "TargetGroupAttributes": [
                {"Key": "deregistration_delay.timeout_seconds", "Value": "9999"}
            ]
        },
    ),
    (
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        "Name",
        {"LoadBalancerAttributes": [{"Key": "idle_timeout.timeout_seconds", "Value": "9999"}]},
    ),
]
_OTHERWISE = {
    "AWS::EC2::SecurityGroup": ("GroupDescription",),
    "AWS::IAM::Role": ("AssumeRolePolicyDocument",),
    "AWS::ElasticLoadBalancingV2::LoadBalancer": ("Subnets",),
    "AWS::ElasticLoadBalancingV2::TargetGroup": ("Port", "Protocol", "VpcId"),
}
"""What a type needs besides its name."""


@pytest.mark.parametrize(
    ("type_name", "name_property", "failing"), _HALF_MADE, ids=[each[0] for each in _HALF_MADE]
)
def test_a_resource_that_failed_halfway_is_gone(
    type_name: str,
    name_property: str,
    failing: dict[str, Any],
    stacks: StackDriver,
    service: dict[str, str],
    unique_name: str,
) -> None:
    """CloudFormation CLI User Guide, "Resource type handler contract": a creation that fails leaves
    no resource."""
    known = {
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [EC2_ASSUMES_IT]},
        "GroupDescription": "half made",
        "Port": 80,
        "Protocol": "HTTP",
        "Subnets": service["Subnets"].split(","),
        "VpcId": service["VPCId"],
    }
    otherwise = {name: known[name] for name in _OTHERWISE.get(type_name, ())}

    def declared(**properties: Any) -> dict[str, Any]:
        named = {name_property: unique_name, **otherwise, **properties}
        return {"One": {"Type": type_name, "Properties": named}}

    failed = stacks.create(unique_name, declared(**failing))
    stacks.delete(unique_name)
    created = stacks.create(unique_name, declared())

    assert failed["StackStatus"] == "ROLLBACK_COMPLETE"
    assert created["StackStatus"] == "CREATE_COMPLETE", stacks.failures(unique_name)
    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_COMPLETE"


def test_an_instance_whose_profile_does_not_exist_is_terminated(
    stacks: StackDriver, aws: Any, unique_name: str
) -> None:
    """CloudFormation CLI User Guide, "Resource type handler contract"."""
    ec2 = aws("ec2")
    properties = {"ImageId": "ami-12c6146b", "IamInstanceProfile": unique_name}

    def alive() -> set[str]:
        wanted = [{"Name": "instance-state-name", "Values": ["pending", "running"]}]
        reservations = ec2.describe_instances(Filters=wanted)["Reservations"]
        return {each["InstanceId"] for found in reservations for each in found["Instances"]}

    before = alive()
    stack = stacks.create(
        unique_name, {"One": {"Type": "AWS::EC2::Instance", "Properties": properties}}
    )

    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    assert alive() <= before
