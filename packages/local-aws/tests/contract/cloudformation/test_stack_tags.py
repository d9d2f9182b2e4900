"""A stack's tags on resources of the types that moto itself creates."""

from __future__ import annotations

from typing import Any

import pytest
from stack_driver import StackDriver
from type_lives import TAGS, policy, ref, resource

AwsClient = Any

_ROLE = "arn:aws:iam::123456789012:role/r"
_PASS = '{"StartAt": "End", "States": {"End": {"Type": "Succeed"}}}'
_VPC = resource("EC2::VPC", CidrBlock="10.76.0.0/16")
_SUBNET = resource("EC2::Subnet", VpcId=ref("Vpc"), CidrBlock="10.76.1.0/24")
_SUBNETS = {"Vpc": _VPC, "Subnet": _SUBNET}
_KEY = resource("KMS::Key", KeyPolicy=policy("kms:*"))


@pytest.mark.parametrize(
    ("kind", "beside", "properties"),
    [
        ("ApiGateway::RestApi", {}, {"Name": "api"}),
        (
            "Batch::JobDefinition",
            {},
            {
                "Type": "container",
                "RetryStrategy": {"Attempts": 1},
                "ContainerProperties": {"Image": "i", "Vcpus": 1, "Memory": 4},
            },
        ),
        ("CloudWatch::Dashboard", {}, {"DashboardBody": '{"widgets": []}'}),
        ("ECS::Cluster", {}, {}),
        (
            "ECS::TaskDefinition",
            {},
            {"ContainerDefinitions": [{"Name": "c", "Image": "i", "Memory": 4}]},
        ),
        ("EFS::FileSystem", {}, {}),
        (
            "EFS::AccessPoint",
            {"Files": resource("EFS::FileSystem")},
            {"FileSystemId": ref("Files")},
        ),
        ("Events::EventBus", {}, {"Name": "bus"}),
        ("IoT::Policy", {}, {"PolicyDocument": policy("iot:*")}),
        ("IoT::ThingType", {}, {"ThingTypeName": "things"}),
        ("KMS::Key", {}, _KEY["Properties"]),
        ("Kinesis::Stream", {}, {"ShardCount": 1}),
        (
            "RDS::DBInstance",
            {},
            {
                "Engine": "mysql",
                "DBInstanceClass": "db.t3.micro",
                "AllocatedStorage": "20",
                "MasterUsername": "u",
                "MasterUserPassword": "password1",
            },
        ),
        ("RDS::DBParameterGroup", {}, {"Family": "mysql8.0", "Description": "d"}),
        (
            "RDS::DBSubnetGroup",
            _SUBNETS,
            {"DBSubnetGroupDescription": "d", "SubnetIds": [ref("Subnet")]},
        ),
        (
            "Redshift::ClusterParameterGroup",
            {},
            {"Description": "d", "ParameterGroupFamily": "redshift-1.0"},
        ),
        (
            "Redshift::ClusterSubnetGroup",
            _SUBNETS,
            {"Description": "d", "SubnetIds": [ref("Subnet")]},
        ),
        ("SageMaker::NotebookInstanceLifecycleConfig", {}, {}),
        (
            "StepFunctions::StateMachine",
            {},
            {"RoleArn": _ROLE, "DefinitionString": _PASS},
        ),
    ],
)
def test_a_tagged_stack_of_any_type_is_created_and_deleted(
    stacks: StackDriver,
    unique_name: str,
    kind: str,
    beside: dict[str, Any],
    properties: dict[str, Any],
) -> None:
    """CloudFormation Template Reference, "Resource tag": a stack's tags are on its resources."""
    template = {**beside, "One": resource(kind, **properties)}

    created = stacks.create(unique_name, template, Tags=TAGS)
    assert created["StackStatus"] == "CREATE_COMPLETE", stacks.failures(unique_name)
    deleted = stacks.delete(unique_name)

    assert deleted["StackStatus"] == "DELETE_COMPLETE", stacks.failures(created["StackId"])


def test_a_key_has_the_tags_of_its_stack(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """CloudFormation Template Reference, "AWS::KMS::Key": its tags change without interruption."""

    def tags() -> dict[str, str]:
        found = aws("kms").list_resource_tags(KeyId=key_id)["Tags"]
        return {tag["TagKey"]: tag["TagValue"] for tag in found}

    own = {"Tags": [{"Key": "own", "Value": "1"}]}
    key = resource("KMS::Key", **_KEY["Properties"], **own)
    stacks.create(unique_name, {"One": key}, Tags=TAGS)
    key_id = stacks.physical_id(unique_name, "One")
    assert tags() == {"team": "a", "own": "1"}

    stacks.update(unique_name, {"One": _KEY}, Tags=[{"Key": "team", "Value": "b"}])

    assert tags() == {"team": "b"}
    assert stacks.physical_id(unique_name, "One") == key_id
