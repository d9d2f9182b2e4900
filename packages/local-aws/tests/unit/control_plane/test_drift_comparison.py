"""What of declared properties is drift."""

from __future__ import annotations

from typing import Any

import pytest

from local_aws.control_plane.cloudformation.drift import comparison

Found = list[tuple[str, Any, Any, str]]

_GROUP = "AWS::EC2::SecurityGroup"
_PARAMETER = "AWS::SSM::Parameter"
_ROLE = "AWS::IAM::Role"
_TARGETS = "AWS::ElasticLoadBalancingV2::TargetGroup"


def rule(port: int, **more: Any) -> dict[str, Any]:
    return {"IpProtocol": "tcp", "FromPort": port, "CidrIp": "10.0.0.0/8", **more}


def trust(**more: Any) -> dict[str, Any]:
    return {"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", **more}]}


def attribute(name: str, value: str) -> dict[str, str]:
    return {"Key": name, "Value": value}


@pytest.mark.parametrize(
    ("type_name", "expected", "actual", "found"),
    [
        (_TARGETS, {"Port": "80"}, {"Port": 80}, []),
        (_TARGETS, {"Port": 80}, {"Port": 81}, [("/Port", 80, 81, "NOT_EQUAL")]),
        (_TARGETS, {"Port": 80}, {"Port": 80, "HealthCheckPath": "/"}, []),
        (
            _TARGETS,
            {"HealthCheckPath": "/"},
            {"HealthCheckPath": None},
            [("/HealthCheckPath", "/", None, "REMOVE")],
        ),
        (
            _TARGETS,
            {"Matcher": {"HttpCode": "200"}},
            {"Matcher": {"HttpCode": "201", "GrpcCode": "0"}},
            [("/Matcher/HttpCode", "200", "201", "NOT_EQUAL")],
        ),
        (
            _TARGETS,
            {"TargetGroupAttributes": [attribute("b", "1")]},
            {"TargetGroupAttributes": [attribute("a", "0"), attribute("b", "2")]},
            [("/TargetGroupAttributes/0/Value", "1", "2", "NOT_EQUAL")],
        ),
        (
            _TARGETS,
            {"Tags": [attribute("b", "1"), attribute("c", "1")]},
            {"Tags": [attribute("a", "0"), attribute("b", "1")]},
            [
                ("/Tags/1", attribute("c", "1"), None, "REMOVE"),
                ("/Tags/0", None, attribute("a", "0"), "ADD"),
            ],
        ),
        (
            _GROUP,
            {"SecurityGroupIngress": [rule(1), rule(2)]},
            {"SecurityGroupIngress": [rule(2, ToPort=2), rule(1, ToPort=1)]},
            [],
        ),
        (
            _GROUP,
            {"SecurityGroupIngress": [rule(1)]},
            {"SecurityGroupIngress": [rule(2)]},
            [
                ("/SecurityGroupIngress/0", rule(1), None, "REMOVE"),
                ("/SecurityGroupIngress/0", None, rule(2), "ADD"),
            ],
        ),
        (
            _GROUP,
            {"SecurityGroupIngress": [rule(1, SourceSecurityGroupName="write-only")]},
            {"SecurityGroupIngress": [rule(1, SourceSecurityGroupId="sg-1")]},
            [],
        ),
        (
            _ROLE,
            {"AssumeRolePolicyDocument": trust()},
            {"AssumeRolePolicyDocument": trust(Condition={})},
            [("/AssumeRolePolicyDocument/Statement/0/Condition", None, {}, "ADD")],
        ),
        (
            _PARAMETER,
            {"Tags": {"a/b": "1"}},
            {"Tags": {"a/b": "2", "c~": "3"}},
            [("/Tags/a~1b", "1", "2", "NOT_EQUAL"), ("/Tags/c~0", None, "3", "ADD")],
        ),
    ],
)
def test_what_is_declared_and_differs_is_drift(
    type_name: str, expected: dict[str, Any], actual: dict[str, Any], found: Found
) -> None:
    differences = comparison.differences(type_name, expected, actual)
    assert [(each.path, each.expected, each.actual, each.kind) for each in differences] == found


def test_only_what_can_be_read_and_has_been_read_is_compared() -> None:
    declared = {"Name": "n", "Description": "write-only", "DataType": "text"}
    read = {"Name": "n", "Description": "", "Value": "not declared"}
    assert comparison.compared(_PARAMETER, declared, read) == {"Name"}
