"""Proxies of databases in a stack, and what is in their target groups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from stack_driver import StackDriver
from type_lives import TAGS, AwsClient, Life, Lives, ref, resource

_TRUST = {"Statement": {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}}
_SUBNET = {"VpcId": ref("Vpc"), "AvailabilityZone": "us-east-1a"}
_BESIDE = {
    "Role": resource("IAM::Role", AssumeRolePolicyDocument=_TRUST),
    "Vpc": resource("EC2::VPC", CidrBlock="10.77.0.0/16"),
    "Subnet": resource("EC2::Subnet", **_SUBNET, CidrBlock="10.77.1.0/24"),
    "Group": resource("EC2::SecurityGroup", GroupDescription="g", VpcId=ref("Vpc")),
}
_PROXY = {
    "DBProxyName": "between",
    "EngineFamily": "POSTGRESQL",
    "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
    "VpcSubnetIds": [ref("Subnet")],
}
_SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:s"
_DATABASE = {
    "Type": "AWS::RDS::DBInstance",
    "DeletionPolicy": "Delete",
    "Properties": {
        "AllocatedStorage": "10",
        "DBInstanceClass": "db.t3.micro",
        "Engine": "postgres",
        "MasterUsername": "admin1",
        "MasterUserPassword": "password1",
    },
}
_POOL = {"MaxConnectionsPercent": 50, "ConnectionBorrowTimeout": 9}
LIVES = Lives()


@LIVES.of(
    "RDS::DBProxy",
    beside=_BESIDE,
    before=_PROXY,
    changed={
        "Auth": [{"AuthScheme": "SECRETS", "SecretArn": _SECRET}],
        "RequireTLS": True,
        "IdleClientTimeout": 60,
        "VpcSecurityGroupIds": [{"Fn::GetAtt": ["Group", "GroupId"]}],
        "Tags": TAGS,
    },
    shows=([_SECRET], True, 60, ["Group"], True),
)
def proxy(aws: AwsClient, name: str, ids: Mapping[str, str]) -> Any:
    rds = aws("rds")
    [found] = rds.describe_db_proxies(DBProxyName=name)["DBProxies"]
    tags = rds.list_tags_for_resource(ResourceName=found["DBProxyArn"])["TagList"]
    return (
        [each["SecretArn"] for each in found["Auth"]],
        found["RequireTLS"],
        found["IdleClientTimeout"],
        [logical for logical, own in ids.items() if own in found["VpcSecurityGroupIds"]],
        TAGS[0] in tags,
    )


@LIVES.of(
    "RDS::DBProxyTargetGroup",
    beside={**_BESIDE, "Proxy": resource("RDS::DBProxy", **_PROXY), "Database": _DATABASE},
    before={"DBProxyName": ref("Proxy"), "TargetGroupName": "default"},
    changed={
        "DBInstanceIdentifiers": [ref("Database")],
        "ConnectionPoolConfigurationInfo": _POOL,
    },
    shows=(["Database"], {**_POOL, "MaxIdleConnectionsPercent": 25, "SessionPinningFilters": []}),
)
def targets_and_pool(aws: AwsClient, arn: str, ids: Mapping[str, str]) -> Any:
    named = {"DBProxyName": ids["Proxy"]}
    [group] = aws("rds").describe_db_proxy_target_groups(**named)["TargetGroups"]
    assert group["TargetGroupArn"] == arn
    targets = aws("rds").describe_db_proxy_targets(**named)["Targets"]
    registered = [each["RdsResourceId"] for each in targets]
    named_here = [logical for logical, own in ids.items() if own in registered]
    return named_here, group["ConnectionPoolConfig"]


@pytest.mark.parametrize("life", LIVES, ids=str)
def test_a_type_of_proxies_lives_its_whole_life(
    life: Life, stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """CloudFormation Template Reference, each type: a change without a replacement is one in place;
    it is undone by the way back, and the stack leaves nothing."""
    life.live(stacks, aws, unique_name)


@pytest.mark.parametrize(
    ("properties", "reason"),
    [
        ({"DBProxyName": "missing"}, "missing"),
        ({"DBProxyName": ref("Proxy"), "DBInstanceIdentifiers": ["absent"]}, "absent"),
        ({"DBProxyName": ref("Proxy"), "DBClusterIdentifiers": ["absent"]}, "absent"),
    ],
    ids=["proxy", "instance", "cluster"],
)
def test_a_target_group_of_what_is_missing_fails(
    properties: dict[str, Any], reason: str, stacks: StackDriver, unique_name: str
) -> None:
    """API_RegisterDBProxyTargets: DBProxyNotFoundFault, DBInstanceNotFoundFault and
    DBClusterNotFoundFault."""
    group = resource("RDS::DBProxyTargetGroup", TargetGroupName="default", **properties)
    proxied = {**_BESIDE, "Proxy": resource("RDS::DBProxy", **_PROXY)}
    failed = stacks.create(unique_name, {**proxied, "Targets": group})
    assert failed["StackStatus"] == "ROLLBACK_COMPLETE"
    assert reason in stacks.failures(unique_name)["Targets"]


def test_a_proxy_has_the_attributes_of_its_schema(stacks: StackDriver, unique_name: str) -> None:
    """CloudFormation Template Reference, "AWS::RDS::DBProxy": its return values."""
    template = {
        "Resources": {**_BESIDE, "Proxy": resource("RDS::DBProxy", **_PROXY)},
        "Outputs": {
            name: {"Value": {"Fn::GetAtt": ["Proxy", name]}}
            for name in ("DBProxyArn", "Endpoint", "VpcId")
        },
    }
    stacks.create(unique_name, template)
    found = stacks.outputs(unique_name)
    assert found["DBProxyArn"].startswith("arn:aws:rds:us-east-1:123456789012:db-proxy:prx-")
    assert found["Endpoint"].startswith("between.")
    assert found["VpcId"] == stacks.physical_id(unique_name, "Vpc")
