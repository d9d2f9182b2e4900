"""Types that are as moto has them: what Ref returns, and that their stack leaves nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from stack_driver import StackDriver

AwsClient = Any
Left = Callable[[AwsClient, str, str], list[Any]]
"""What the API has of it, by its Ref and by the id of the resource Holder."""


def _resource(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::{kind}", "Properties": properties}


_HOLDER = {"Ref": "Holder"}
_API = {"Holder": _resource("ApiGateway::RestApi", Name="api")}
_ROOT = {"Fn::GetAtt": ["Holder", "RootResourceId"]}
_METHOD = _resource(
    "ApiGateway::Method",
    RestApiId=_HOLDER,
    ResourceId=_ROOT,
    HttpMethod="GET",
    AuthorizationType="NONE",
    Integration={"Type": "HTTP", "IntegrationHttpMethod": "GET", "Uri": "http://example.com"},
)
_VPC = {
    "Holder": _resource("EC2::VPC", CidrBlock="10.76.0.0/16"),
    "First": _resource(
        "EC2::Subnet", VpcId=_HOLDER, CidrBlock="10.76.1.0/24", AvailabilityZone="us-east-1a"
    ),
    "Second": _resource(
        "EC2::Subnet", VpcId=_HOLDER, CidrBlock="10.76.2.0/24", AvailabilityZone="us-east-1b"
    ),
}
_SUBNETS = [{"Ref": "First"}, {"Ref": "Second"}]


def _event_buses(aws: AwsClient, ref: str, _: str) -> list[Any]:
    found: list[Any] = aws("events").list_event_buses(NamePrefix=ref)["EventBuses"]
    return found


def _archives(aws: AwsClient, ref: str, _: str) -> list[Any]:
    found: list[Any] = aws("events").list_archives(NamePrefix=ref)["Archives"]
    return found


def _apis(aws: AwsClient, ref: str, _: str) -> list[Any]:
    return [each for each in aws("apigateway").get_rest_apis()["items"] if each["id"] == ref]


def _apis_with(aws: AwsClient, _: str, holder: str) -> list[Any]:
    return _apis(aws, holder, "")


def _access_points(aws: AwsClient, ref: str, _: str) -> list[Any]:
    found = aws("efs").describe_access_points()["AccessPoints"]
    return [each for each in found if each["AccessPointId"] == ref]


def _database_subnets(aws: AwsClient, ref: str, _: str) -> list[Any]:
    found = aws("rds").describe_db_subnet_groups()["DBSubnetGroups"]
    return [each for each in found if each["DBSubnetGroupName"] == ref]


def _database_parameters(aws: AwsClient, ref: str, _: str) -> list[Any]:
    found = aws("rds").describe_db_parameter_groups()["DBParameterGroups"]
    return [each for each in found if each["DBParameterGroupName"] == ref]


def _warehouse_subnets(aws: AwsClient, ref: str, _: str) -> list[Any]:
    found = aws("redshift").describe_cluster_subnet_groups()["ClusterSubnetGroups"]
    return [each for each in found if each["ClusterSubnetGroupName"] == ref]


def _warehouse_parameters(aws: AwsClient, ref: str, _: str) -> list[Any]:
    found = aws("redshift").describe_cluster_parameter_groups()["ParameterGroups"]
    return [each for each in found if each["ParameterGroupName"] == ref]


def _things(aws: AwsClient, ref: str, _: str) -> list[Any]:
    return [each for each in aws("iot").list_things()["things"] if each["thingName"] == ref]


def _thing_types(aws: AwsClient, ref: str, _: str) -> list[Any]:
    found = aws("iot").list_thing_types()["thingTypes"]
    return [each for each in found if each["thingTypeName"] == ref]


def _containers(aws: AwsClient, ref: str, _: str) -> list[Any]:
    found = aws("ecs").describe_clusters(clusters=[ref])["clusters"]
    return [each for each in found if each["status"] == "ACTIVE"]


def _tasks(aws: AwsClient, ref: str, _: str) -> list[Any]:
    arns = aws("ecs").list_task_definitions(status="ACTIVE")["taskDefinitionArns"]
    return [arn for arn in arns if arn == ref]


def _jobs(aws: AwsClient, ref: str, _: str) -> list[Any]:
    found = aws("batch").describe_job_definitions(status="ACTIVE")["jobDefinitions"]
    return [each for each in found if each["jobDefinitionArn"] == ref]


def _pipelines(aws: AwsClient, ref: str, _: str) -> list[Any]:
    found = aws("datapipeline").list_pipelines()["pipelineIdList"]
    return [each for each in found if each["id"] == ref]


_CONTAINER = {"Name": "one", "Image": "busybox", "Memory": 128, "Cpu": 10}
_TYPES: list[tuple[str, dict[str, Any], dict[str, Any], str, Left]] = [
    ("Events::EventBus", {}, {"Name": "bus-of-a-stack"}, "bus-of-a-stack", _event_buses),
    (
        "Events::Archive",
        {"Holder": _resource("Events::EventBus", Name="archived")},
        {"ArchiveName": "kept", "SourceArn": {"Fn::GetAtt": ["Holder", "Arn"]}},
        "kept",
        _archives,
    ),
    ("ApiGateway::RestApi", {}, {"Name": "api"}, "[a-z0-9]{10}", _apis),
    (
        "ApiGateway::Resource",
        _API,
        {"RestApiId": _HOLDER, "ParentId": _ROOT, "PathPart": "items"},
        "[a-z0-9]+",
        _apis_with,
    ),
    ("ApiGateway::Method", _API, _METHOD["Properties"], ".*-One-.*", _apis_with),
    (
        "ApiGateway::Deployment",
        {**_API, "Method": _METHOD},
        {
            "RestApiId": _HOLDER,
            "StageName": "live",
            "Description": {"Fn::Sub": "with ${Method}"},
        },
        "[a-z0-9]+",
        _apis_with,
    ),
    (
        "EFS::AccessPoint",
        {"Holder": _resource("EFS::FileSystem")},
        {"FileSystemId": _HOLDER},
        "fsap-[0-9a-f]{17}",
        _access_points,
    ),
    (
        "RDS::DBSubnetGroup",
        _VPC,
        {"DBSubnetGroupDescription": "two", "SubnetIds": _SUBNETS},
        ".*-one-.*",
        _database_subnets,
    ),
    (
        "RDS::DBParameterGroup",
        {},
        {"Description": "none", "Family": "mysql8.0"},
        ".*-one-.*",
        _database_parameters,
    ),
    (
        "Redshift::ClusterSubnetGroup",
        _VPC,
        {"Description": "two", "SubnetIds": _SUBNETS},
        "(?i).*-one-.*",
        _warehouse_subnets,
    ),
    (
        "Redshift::ClusterParameterGroup",
        {},
        {"Description": "none", "ParameterGroupFamily": "redshift-1.0"},
        "(?i).*-one-.*",
        _warehouse_parameters,
    ),
    ("IoT::Thing", {}, {"ThingName": "lamp"}, "lamp", _things),
    ("IoT::ThingType", {}, {"ThingTypeName": "lamps"}, "lamps", _thing_types),
    ("ECS::Cluster", {}, {"ClusterName": "containers"}, "containers", _containers),
    (
        "ECS::TaskDefinition",
        {},
        {"Family": "tasks", "ContainerDefinitions": [_CONTAINER]},
        "arn:aws:ecs:.*:task-definition/tasks:[0-9]+",
        _tasks,
    ),
    (
        "Batch::JobDefinition",
        {},
        {
            "JobDefinitionName": "job",
            "Type": "container",
            "ContainerProperties": {"Image": "busybox", "Vcpus": 1, "Memory": 128},
            "RetryStrategy": {"Attempts": 1},
        },
        "arn:aws:batch:.*:job-definition/job:[0-9]+",
        _jobs,
    ),
    (
        "DataPipeline::Pipeline",
        {},
        {"Name": "line", "Activate": False, "PipelineObjects": []},
        "df-.*",
        _pipelines,
    ),
]


@pytest.mark.parametrize(
    ("kind", "beside", "properties", "expected", "left"), _TYPES, ids=[each[0] for each in _TYPES]
)
def test_ref_returns_its_id_and_nothing_is_left(
    kind: str,
    beside: dict[str, Any],
    properties: dict[str, Any],
    expected: str,
    left: Left,
    stacks: StackDriver,
    aws: AwsClient,
    unique_name: str,
) -> None:
    """CloudFormation Template Reference, each type: "Return values"."""
    resources = {**beside, "One": _resource(kind, **properties)}
    outputs = {"One": {"Value": {"Ref": "One"}}}

    created = stacks.create(unique_name, {"Resources": resources, "Outputs": outputs})
    assert created["StackStatus"] == "CREATE_COMPLETE", stacks.failures(unique_name)
    ref = stacks.outputs(unique_name)["One"]
    holder = stacks.physical_id(unique_name, "Holder") if "Holder" in beside else ""
    present = left(aws, ref, holder)
    deleted = stacks.delete(unique_name)

    assert ref == stacks.physical_id(created["StackId"], "One")
    assert re.fullmatch(expected, ref)
    assert present
    assert deleted["StackStatus"] == "DELETE_COMPLETE", stacks.failures(created["StackId"])
    assert left(aws, ref, holder) == []


@pytest.mark.parametrize(
    ("kind", "properties", "attribute"),
    [
        ("ApiGateway::Deployment", {"RestApiId": _HOLDER}, "DeploymentId"),
        (
            "ApiGateway::Resource",
            {"RestApiId": _HOLDER, "ParentId": _ROOT, "PathPart": "items"},
            "ResourceId",
        ),
    ],
)
def test_an_id_that_aws_gives_is_an_attribute(
    kind: str, properties: dict[str, Any], attribute: str, stacks: StackDriver, unique_name: str
) -> None:
    """CloudFormation Template Reference, each type: "Return values", Fn::GetAtt."""
    one = {**_resource(kind, **properties), "DependsOn": "Method"}
    outputs = {"One": {"Value": {"Fn::GetAtt": ["One", attribute]}}}

    stacks.create(
        unique_name, {"Resources": {**_API, "Method": _METHOD, "One": one}, "Outputs": outputs}
    )

    assert stacks.outputs(unique_name)["One"] == stacks.physical_id(unique_name, "One")


_ALLOW = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
_GROUP = _resource("EC2::SecurityGroup", GroupDescription="files", VpcId=_HOLDER)
_KEY_POLICY = {"Version": "2012-10-17", "Statement": [_ALLOW]}
_TEMPLATE = _resource(
    "EC2::LaunchTemplate",
    LaunchTemplateData={"ImageId": "ami-12c6146b", "InstanceType": "t3.micro"},
)
_FLEET = {"IamFleetRole": "arn:aws:iam::123456789012:role/fleet", "TargetCapacity": 1}
_FROM_TEMPLATE = {
    **_FLEET,
    "LaunchTemplateConfigs": [
        {
            "LaunchTemplateSpecification": {
                "LaunchTemplateId": {"Ref": "Template"},
                "Version": {"Fn::GetAtt": ["Template", "LatestVersionNumber"]},
            }
        }
    ],
}
_PASS = '{"StartAt": "End", "States": {"End": {"Type": "Succeed"}}}'
_KEY = {"Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": _KEY_POLICY}}}


@pytest.mark.parametrize(
    ("kind", "beside", "properties"),
    [
        ("CloudWatch::Dashboard", {}, {"DashboardBody": '{"widgets": []}'}),
        ("EC2::SpotFleet", {"Template": _TEMPLATE}, {"SpotFleetRequestConfigData": _FROM_TEMPLATE}),
        ("EFS::FileSystem", {}, {}),
        ("EFS::FileSystem", {}, {"AvailabilityZoneName": "us-east-1a"}),
        ("Events::Rule", {}, {"ScheduleExpression": "rate(1 hour)"}),
        (
            "EFS::MountTarget",
            {**_VPC, "Files": _resource("EFS::FileSystem"), "Group": _GROUP},
            {
                "FileSystemId": {"Ref": "Files"},
                "SubnetId": {"Ref": "First"},
                "SecurityGroups": [{"Ref": "Group"}],
            },
        ),
        ("IAM::AccessKey", {"User": {"Type": "AWS::IAM::User"}}, {"UserName": {"Ref": "User"}}),
        ("IoT::Thing", {}, {"AttributePayload": {}}),
        ("KMS::Key", {}, {}),
        ("KMS::Alias", _KEY, {"AliasName": "alias/a", "TargetKeyId": {"Ref": "Key"}}),
        ("Kinesis::Stream", {}, {"ShardCount": 1}),
        ("Logs::ResourcePolicy", {}, {"PolicyName": "p", "PolicyDocument": "{}"}),
        (
            "StepFunctions::StateMachine",
            {},
            {"RoleArn": "arn:aws:iam::123456789012:role/r", "DefinitionString": _PASS},
        ),
        (
            "RDS::DBInstance",
            {},
            {
                "Engine": "mysql",
                "DBInstanceClass": "db.t3.micro",
                "AllocatedStorage": "20",
                "MasterUsername": "admin",
                "MasterUserPassword": "password1",
            },
        ),
    ],
)
def test_it_is_created_and_leaves_nothing(
    kind: str,
    beside: dict[str, Any],
    properties: dict[str, Any],
    stacks: StackDriver,
    unique_name: str,
) -> None:
    """CloudFormation User Guide, "How CloudFormation works"."""
    resources = {**beside, "One": _resource(kind, **properties)}

    created = stacks.create(unique_name, resources)
    assert created["StackStatus"] == "CREATE_COMPLETE", stacks.failures(unique_name)
    assert stacks.physical_id(unique_name, "One")
    tagged = stacks.update(unique_name, resources, Tags=[{"Key": "team", "Value": "blue"}])
    assert tagged["StackStatus"] == "UPDATE_COMPLETE", stacks.failures(unique_name)
    deleted = stacks.delete(unique_name)

    assert deleted["StackStatus"] == "DELETE_COMPLETE", stacks.failures(created["StackId"])
    assert stacks.create(unique_name, resources)["StackStatus"] == "CREATE_COMPLETE"


@pytest.mark.parametrize(
    ("kind", "properties", "reason"),
    [
        (
            "EC2::SpotFleet",
            {"SpotFleetRequestConfigData": _FLEET},
            "The fleet needs a launch template or a launch specification.",
        ),
        (
            "EFS::FileSystem",
            {"AvailabilityZoneName": "us-east-9z"},
            "Amazon EFS is not available in the Availability Zone us-east-9z.",
        ),
        (
            "RDS::DBInstance",
            {"Engine": "aurora-mysql", "DBInstanceClass": "db.r5.large"},
            "A DB instance with the engine aurora-mysql belongs to a DB cluster",
        ),
    ],
)
def test_what_cannot_be_created_is_refused_by_name(
    kind: str, properties: dict[str, Any], reason: str, stacks: StackDriver, unique_name: str
) -> None:
    """CreateFileSystem (UnsupportedAvailabilityZone), RequestSpotFleet; "DBClusterIdentifier" in
    the CloudFormation Template Reference."""
    stacks.create(unique_name, {"One": _resource(kind, **properties)})
    assert reason in stacks.failures(unique_name)["One"]


def test_the_attributes_of_a_thing(aws: AwsClient, stacks: StackDriver, unique_name: str) -> None:
    """CloudFormation Template Reference, "AWS::IoT::Thing": a change needs no interruption."""
    for attributes in ({"a": "1", "b": "2"}, {"a": "3"}):
        thing = _resource("IoT::Thing", AttributePayload={"Attributes": attributes})
        change = stacks.create if "b" in attributes else stacks.update
        change(unique_name, {"One": thing})
        name = stacks.physical_id(unique_name, "One")
        assert aws("iot").describe_thing(thingName=name)["attributes"] == attributes
