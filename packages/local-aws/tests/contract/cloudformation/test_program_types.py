"""Types of programs that moto has in its APIs only, their names and their scaling."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError
from stack_driver import StackDriver
from type_lives import TAGS, AwsClient, Life, Lives, ref, resource

ZONE = {"Zone": resource("Route53::HostedZone", Name="example.com.")}
RECORD = {"Name": "a.example.com.", "Type": "A", "ResourceRecords": ["192.0.2.1"]}
TRUST = {"Statement": {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}}
FUNCTION = {
    "Role": resource("IAM::Role", AssumeRolePolicyDocument=TRUST),
    "Function": resource(
        "Lambda::Function",
        Code={"ZipFile": "def handler(event, context): pass"},
        Handler="index.handler",
        Role={"Fn::GetAtt": ["Role", "Arn"]},
        Runtime="python3.12",
    ),
}
OF_FUNCTION = {"FunctionName": ref("Function")}
TABLE = resource(
    "DynamoDB::Table",
    AttributeDefinitions=[{"AttributeName": "Id", "AttributeType": "S"}],
    KeySchema=[{"AttributeName": "Id", "KeyType": "HASH"}],
    ProvisionedThroughput={"ReadCapacityUnits": 1, "WriteCapacityUnits": 1},
)
READS_OF_TABLE = {
    "ResourceId": {"Fn::Sub": "table/${Table}"},
    "ScalableDimension": "dynamodb:table:ReadCapacityUnits",
    "ServiceNamespace": "dynamodb",
    "RoleARN": "arn:aws:iam::123456789012:role/r",
    "MinCapacity": 1,
    "MaxCapacity": 5,
}
LIVES = Lives()


def tracked(value: int) -> dict[str, Any]:
    metric = {"PredefinedMetricType": "DynamoDBReadCapacityUtilization"}
    return {"TargetValue": value, "PredefinedMetricSpecification": metric}


@LIVES.of(
    "Route53::HostedZone",
    before={"Name": "example.com."},
    changed={"HostedZoneConfig": {"Comment": "new"}, "HostedZoneTags": TAGS},
    shows="new",
)
def comment(aws: AwsClient, zone_id: str, _: Mapping[str, str]) -> Any:
    return aws("route53").get_hosted_zone(Id=zone_id)["HostedZone"]["Config"].get("Comment")


@LIVES.of(
    "Route53::RecordSet",
    beside=ZONE,
    before={**RECORD, "HostedZoneId": ref("Zone"), "TTL": "60"},
    changed={"TTL": "61"},
    shows=[61],
)
@LIVES.of(
    "Route53::RecordSetGroup",
    beside=ZONE,
    before={"HostedZoneId": ref("Zone"), "RecordSets": [{**RECORD, "TTL": "60"}]},
    changed={"RecordSets": [{**RECORD, "TTL": "62"}]},
    shows=[62],
)
def times_to_live(aws: AwsClient, _: str, ids: Mapping[str, str]) -> Any:
    found = aws("route53").list_resource_record_sets(HostedZoneId=ids["Zone"])
    return [each["TTL"] for each in found["ResourceRecordSets"] if each["Type"] == "A"]


@LIVES.of(
    "ECR::Repository",
    changed={"ImageTagMutability": "IMMUTABLE", "Tags": TAGS},
    shows=("IMMUTABLE", True),
)
def repository(aws: AwsClient, name: str, _: Mapping[str, str]) -> Any:
    [found] = aws("ecr").describe_repositories(repositoryNames=[name])["repositories"]
    tags = aws("ecr").list_tags_for_resource(resourceArn=found["repositoryArn"])["tags"]
    return found["imageTagMutability"], tags == TAGS


@LIVES.of(
    "Lambda::Permission",
    beside=FUNCTION,
    before={
        **OF_FUNCTION,
        "Action": "lambda:InvokeFunction",
        "Principal": "events.amazonaws.com",
        "SourceArn": "arn:aws:events:us-east-1:123456789012:rule/r",
    },
    shows=["lambda:InvokeFunction"],
)
def allowed_actions(aws: AwsClient, statement_id: str, ids: Mapping[str, str]) -> Any:
    found = json.loads(aws("lambda").get_policy(FunctionName=ids["Function"])["Policy"])
    return [each["Action"] for each in found["Statement"] if each["Sid"] == statement_id]


@LIVES.of(
    "Batch::ComputeEnvironment",
    before={"Type": "unmanaged"},
    changed={"State": "DISABLED", "UnmanagedvCpus": 4},
    shows=("UNMANAGED", "DISABLED", "batch.amazonaws.com"),
)
def type_state_and_service(aws: AwsClient, arn: str, _: Mapping[str, str]) -> Any:
    named = {"computeEnvironments": [arn]}
    [found] = aws("batch").describe_compute_environments(**named)["computeEnvironments"]
    return found["type"], found["state"], found["serviceRole"].split("/")[2]


@LIVES.of("Lambda::Version", beside=FUNCTION, before=OF_FUNCTION, shows=True)
def is_listed(aws: AwsClient, arn: str, ids: Mapping[str, str]) -> bool:
    found = aws("lambda").list_versions_by_function(FunctionName=ids["Function"])["Versions"]
    return arn in [each["FunctionArn"] for each in found]


@LIVES.of(
    "Lambda::Alias",
    beside={**FUNCTION, "Version": resource("Lambda::Version", **OF_FUNCTION)},
    before={
        **OF_FUNCTION,
        "FunctionVersion": {"Fn::GetAtt": ["Version", "Version"]},
        "Name": "live",
    },
    changed={"Description": "new"},
    shows=("1", "new"),
)
def version_and_description(aws: AwsClient, arn: str, ids: Mapping[str, str]) -> Any:
    found = aws("lambda").get_alias(FunctionName=ids["Function"], Name=arn.rpartition(":")[2])
    return found["FunctionVersion"], found["Description"]


@LIVES.of(
    "Lambda::Function",
    beside={"Role": FUNCTION["Role"]},
    before=FUNCTION["Function"]["Properties"],
    changed={"MemorySize": "256", "Tags": TAGS, "TracingConfig": {"Mode": "Active"}},
    shows=(256, "Active", "a"),
)
def memory_tracing_and_tag(aws: AwsClient, name: str, _: Mapping[str, str]) -> Any:
    found = aws("lambda").get_function(FunctionName=name)
    configured = found["Configuration"]
    return configured["MemorySize"], configured["TracingConfig"]["Mode"], found["Tags"]["team"]


@LIVES.of(
    "Lambda::EventInvokeConfig",
    beside=FUNCTION,
    before={**OF_FUNCTION, "Qualifier": "$LATEST", "MaximumRetryAttempts": 1},
    changed={"MaximumRetryAttempts": 0},
    shows=0,
)
def retries(aws: AwsClient, _: str, ids: Mapping[str, str]) -> Any:
    found = aws("lambda").get_function_event_invoke_config(FunctionName=ids["Function"])
    return found["MaximumRetryAttempts"]


@LIVES.of(
    "Lambda::EventSourceMapping",
    beside={**FUNCTION, "Queue": resource("SQS::Queue")},
    before={**OF_FUNCTION, "EventSourceArn": {"Fn::GetAtt": ["Queue", "Arn"]}},
    changed={"BatchSize": "5", "FunctionResponseTypes": ["ReportBatchItemFailures"]},
    shows=(5, ["ReportBatchItemFailures"]),
)
def batch_size(aws: AwsClient, mapping_id: str, _: Mapping[str, str]) -> Any:
    found = aws("lambda").get_event_source_mapping(UUID=mapping_id)
    return found["BatchSize"], found["FunctionResponseTypes"]


@LIVES.of(
    "ApplicationAutoScaling::ScalableTarget",
    beside={"Table": TABLE},
    before=READS_OF_TABLE,
    changed={"MaxCapacity": 9},
    shows=[(1, 9)],
)
def capacities(aws: AwsClient, _: str, ids: Mapping[str, str]) -> Any:
    named = {"ServiceNamespace": "dynamodb", "ResourceIds": [f"table/{ids['Table']}"]}
    found = aws("application-autoscaling").describe_scalable_targets(**named)["ScalableTargets"]
    return [(each["MinCapacity"], each["MaxCapacity"]) for each in found]


@LIVES.of(
    "ApplicationAutoScaling::ScalingPolicy",
    beside={
        "Table": TABLE,
        "Target": resource("ApplicationAutoScaling::ScalableTarget", **READS_OF_TABLE),
    },
    before={
        "PolicyName": "reads",
        "PolicyType": "TargetTrackingScaling",
        "ScalingTargetId": ref("Target"),
        "TargetTrackingScalingPolicyConfiguration": tracked(70),
    },
    changed={"TargetTrackingScalingPolicyConfiguration": tracked(50)},
    shows=[50.0],
)
def target_values(aws: AwsClient, _: str, ids: Mapping[str, str]) -> Any:
    named = {"ServiceNamespace": "dynamodb", "ResourceId": f"table/{ids['Table']}"}
    found = aws("application-autoscaling").describe_scaling_policies(**named)["ScalingPolicies"]
    return [each["TargetTrackingScalingPolicyConfiguration"]["TargetValue"] for each in found]


@LIVES.of(
    "SSM::Document",
    before={"Content": {"schemaVersion": "2.2", "description": "d", "mainSteps": []}},
    changed={"Tags": TAGS},
    shows=("JSON", TAGS),
)
def format_and_tags(aws: AwsClient, name: str, _: Mapping[str, str]) -> Any:
    document = aws("ssm").describe_document(Name=name)["Document"]
    return document["DocumentFormat"], document["Tags"]


@pytest.mark.parametrize("life", LIVES, ids=str)
def test_a_program_type_lives_its_whole_life(
    life: Life, stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """CloudFormation Template Reference, each type: a change without a replacement is one in place;
    it is undone by the way back, and the stack leaves nothing."""
    life.live(stacks, aws, unique_name)


def test_a_document_with_another_content_is_another_document(
    stacks: StackDriver, unique_name: str
) -> None:
    """CloudFormation Template Reference, "AWS::SSM::Document": UpdateMethod is Replace unless it
    says otherwise."""
    content = {"schemaVersion": "2.2", "description": "d", "mainSteps": []}
    stacks.create(unique_name, {"One": resource("SSM::Document", Content=content)})
    first = stacks.physical_id(unique_name, "One")
    other = {**content, "description": "other"}

    in_place = resource("SSM::Document", Content=other, UpdateMethod="NewVersion")
    with pytest.raises(ClientError, match="does not change Content of AWS::SSM::Document in place"):
        stacks.update(unique_name, {"One": in_place})
    stacks.update(unique_name, {"One": resource("SSM::Document", Content=other)})

    assert stacks.physical_id(unique_name, "One") != first


def test_a_scaling_policys_alarms_go_with_it(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """API_PutScalingPolicy: a policy of the same name is updated; API_DeregisterScalableTarget: a
    target's policies are deleted with it."""
    policy = {
        "PolicyName": "reads",
        "PolicyType": "TargetTrackingScaling",
        "ScalingTargetId": ref("Target"),
    }
    target = resource("ApplicationAutoScaling::ScalableTarget", **READS_OF_TABLE)

    def declared(value: int) -> dict[str, Any]:
        of_value = {"TargetTrackingScalingPolicyConfiguration": tracked(value)}
        one = resource("ApplicationAutoScaling::ScalingPolicy", **policy, **of_value)
        return {"Table": TABLE, "Target": target, "One": one}

    def alarms(table: str) -> set[str]:
        found = aws("cloudwatch").describe_alarms(AlarmNamePrefix=f"TargetTracking-table/{table}")
        return {alarm["AlarmName"] for alarm in found["MetricAlarms"]}

    stacks.create(unique_name, declared(70))
    table = stacks.physical_id(unique_name, "Table")
    first = alarms(table)
    stacks.update(unique_name, declared(50))
    [shown] = aws("application-autoscaling").describe_scaling_policies(
        ServiceNamespace="dynamodb", ResourceId=f"table/{table}"
    )["ScalingPolicies"]

    assert first
    assert alarms(table) == first
    assert shown["PolicyARN"] == stacks.physical_id(unique_name, "One")
    stacks.delete(unique_name)
    assert not alarms(table)


def test_a_target_that_names_no_service_of_a_cluster_is_refused(aws: AwsClient) -> None:
    """API_RegisterScalableTarget, ResourceId: `service/my-cluster/my-service`."""
    with pytest.raises(ClientError, match="ECS service doesn't exist: service/alone"):
        aws("application-autoscaling").register_scalable_target(
            ServiceNamespace="ecs",
            ResourceId="service/alone",
            ScalableDimension="ecs:service:DesiredCount",
            MinCapacity=1,
            MaxCapacity=2,
        )


def test_a_function_of_an_image(aws: AwsClient, stacks: StackDriver, unique_name: str) -> None:
    """CloudFormation Template Reference, "AWS::Lambda::Function": PackageType. An image has its
    runtime and its handler in it."""
    image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/web:1"
    function = resource(
        "Lambda::Function",
        Architectures=["arm64"],
        Code={"ImageUri": image},
        PackageType="Image",
        Role=FUNCTION["Function"]["Properties"]["Role"],
    )
    stacks.create(unique_name, {"Role": FUNCTION["Role"], "Function": function})
    name = stacks.physical_id(unique_name, "Function")
    found = aws("lambda").get_function(FunctionName=name)
    assert found["Code"]["ImageUri"] == image
    assert found["Configuration"]["PackageType"] == "Image"
    assert found["Configuration"]["Architectures"] == ["arm64"]
