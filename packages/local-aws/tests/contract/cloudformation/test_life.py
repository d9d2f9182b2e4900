"""A stack is created, updated and deleted as AWS CloudFormation does it.

Each test names the document of docs.aws.amazon.com that it rests on.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from auto_scaling_driver import later, report, turn
from botocore.exceptions import ClientError
from ec2_driver import instance_state
from load_balancing_world import wait_for
from stack_driver import StackDriver, parameter

from local_aws.contract.facts import Facts

AwsClient = Any


def test_a_service_is_created_with_everything_in_its_template(
    stacks: StackDriver, service: dict[str, str], aws: AwsClient, unique_name: str
) -> None:
    """CloudFormation User Guide, "How CloudFormation works"."""
    stack = stacks.create(unique_name, "service.yaml", service)

    assert stack["StackStatus"] == "CREATE_COMPLETE"
    outputs = stacks.outputs(unique_name)
    balancer = aws("elbv2").describe_load_balancers(
        LoadBalancerArns=[stacks.physical_id(unique_name, "LoadBalancer")]
    )["LoadBalancers"][0]
    assert outputs["LB"] == balancer["DNSName"]
    assert outputs["Key"] == f"{unique_name}-key"
    assert len(balancer["AvailabilityZones"]) == 3
    group = aws("autoscaling").describe_auto_scaling_groups(
        AutoScalingGroupNames=[stacks.physical_id(unique_name, "Group")]
    )["AutoScalingGroups"][0]
    assert len({i["AvailabilityZone"] for i in group["Instances"]}) == 3
    assert group["TargetGroupARNs"] == [outputs["TGArn"]]


def test_deletion_removes_everything(
    stacks: StackDriver, service: dict[str, str], aws: AwsClient, unique_name: str
) -> None:
    """CloudFormation User Guide, "Delete a stack from the CloudFormation console"."""
    before = _inventory(aws)
    stacks.create(unique_name, "service.yaml", service)
    assert _inventory(aws) != before

    deleted = stacks.delete(unique_name)

    assert deleted["StackStatus"] == "DELETE_COMPLETE"
    assert _inventory(aws) == before


def test_a_stack_names_its_last_operation(stacks: StackDriver, unique_name: str) -> None:
    """API_OperationEntry, as recorded from AWS: a review is none."""

    def last(stack: dict[str, Any]) -> list[str]:
        return [each["OperationType"] for each in stack.get("LastOperations", [])]

    stacks.change_set(unique_name, {"One": parameter("1")}, kind="CREATE")
    reviewed = stacks.described(unique_name)
    stacks.client.execute_change_set(StackName=unique_name, ChangeSetName="changes")
    created = stacks.settled(unique_name)
    updated = stacks.update(unique_name, {"One": parameter("2")})
    deleted = stacks.delete(unique_name)

    assert [last(each) for each in (reviewed, created, updated, deleted)] == [
        [],
        ["CREATE_STACK"],
        ["UPDATE_STACK"],
        ["DELETE_STACK"],
    ]
    ids = {each["LastOperations"][0]["OperationId"] for each in (created, updated, deleted)}
    assert len(ids) == 3


def test_a_resource_without_metadata_has_an_empty_one(
    stacks: StackDriver, unique_name: str
) -> None:
    """API_StackResourceDetail, Metadata: JSON text, as recorded from AWS."""
    stacks.create(
        unique_name, {"One": parameter("1"), "Two": parameter("2") | {"Metadata": {"a": 1}}}
    )

    def metadata(name: str) -> str:
        found = stacks.client.describe_stack_resource(StackName=unique_name, LogicalResourceId=name)
        return str(found["StackResourceDetail"]["Metadata"])

    assert [json.loads(metadata(name)) for name in ("One", "Two")] == [{}, {"a": 1}]


def _inventory(aws: AwsClient) -> dict[str, Any]:
    """What a forgotten resource would show up in."""
    ec2, iam, elbv2 = aws("ec2"), aws("iam"), aws("elbv2")
    instances = [
        instance["InstanceId"]
        for reservation in ec2.describe_instances()["Reservations"]
        for instance in reservation["Instances"]
        if instance["State"]["Name"] not in ("shutting-down", "terminated")
    ]
    parameters = aws("ssm").get_paginator("describe_parameters").paginate()
    names = [row["Name"] for page in parameters for row in page["Parameters"]]
    groups = aws("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"]
    return {
        "instances": instances,
        "groups": [group["AutoScalingGroupName"] for group in groups],
        "key pairs": [key["KeyName"] for key in ec2.describe_key_pairs()["KeyPairs"]],
        "rules": len(ec2.describe_security_group_rules()["SecurityGroupRules"]),
        "security groups": len(ec2.describe_security_groups()["SecurityGroups"]),
        "templates": len(ec2.describe_launch_templates()["LaunchTemplates"]),
        "load balancers": len(elbv2.describe_load_balancers()["LoadBalancers"]),
        "target groups": len(elbv2.describe_target_groups()["TargetGroups"]),
        "roles": [role["RoleName"] for role in iam.list_roles()["Roles"]],
        "profiles": len(iam.list_instance_profiles()["InstanceProfiles"]),
        "tables": aws("dynamodb").list_tables()["TableNames"],
        "parameters": sorted(name for name in names if not name.startswith("/aws/")),
    }


def test_events_cover_each_resource_from_start_to_end(
    stacks: StackDriver, unique_name: str
) -> None:
    """CloudFormation User Guide, "Monitor stack progress": stack events."""
    stacks.create(unique_name, {"One": parameter("1")})

    assert stacks.events(unique_name) == [
        (unique_name, "CREATE_IN_PROGRESS", "User Initiated"),
        ("One", "CREATE_IN_PROGRESS", ""),
        ("One", "CREATE_IN_PROGRESS", "Resource creation Initiated"),
        ("One", "CREATE_COMPLETE", ""),
        (unique_name, "CREATE_COMPLETE", ""),
    ]


def test_resources_are_created_in_the_order_that_references_demand(
    stacks: StackDriver, unique_name: str
) -> None:
    """CloudFormation User Guide, "DependsOn attribute"."""
    first = parameter("1")
    reference = parameter("")
    reference["Properties"]["Value"] = {"Fn::Sub": "${First}"}
    explicit = {**parameter("3"), "DependsOn": ["Reference"]}

    stacks.create(unique_name, {"Explicit": explicit, "Reference": reference, "First": first})

    complete = [name for name, status, _ in stacks.events(unique_name) if "COMPLETE" in status]
    assert complete[:3] == ["First", "Reference", "Explicit"]


def test_a_deleted_stack_is_described_by_its_id_only(stacks: StackDriver, unique_name: str) -> None:
    """CloudFormation API Reference, DescribeStacks: deleted stacks need their id; recorded from
    AWS: they keep their outputs."""
    template = {"Resources": {"One": parameter("1")}, "Outputs": {"Out": {"Value": "kept"}}}
    stack_id = stacks.create(unique_name, template)["StackId"]
    stacks.delete(unique_name)

    assert stacks.described(stack_id)["StackStatus"] == "DELETE_COMPLETE"
    assert stacks.outputs(stack_id) == {"Out": "kept"}
    with pytest.raises(ClientError, match="does not exist"):
        stacks.described(unique_name)


def test_a_name_can_be_used_again_after_deletion(stacks: StackDriver, unique_name: str) -> None:
    """CloudFormation API Reference, CreateStack: names are unique among living stacks."""
    first = stacks.create(unique_name, {"One": parameter("1")})
    with pytest.raises(ClientError, match="AlreadyExistsException"):
        stacks.create(unique_name, {"One": parameter("1")})
    stacks.delete(unique_name)

    assert stacks.create(unique_name, {"One": parameter("1")})["StackId"] != first["StackId"]


def test_deleting_an_unknown_stack_succeeds(stacks: StackDriver) -> None:
    """CloudFormation API Reference, DeleteStack."""
    stacks.client.delete_stack(StackName="never-was")


def test_termination_protection_refuses_deletion(stacks: StackDriver, unique_name: str) -> None:
    """CloudFormation User Guide, "Protect CloudFormation stacks from being deleted"."""
    stacks.create(unique_name, {"One": parameter("1")}, EnableTerminationProtection=True)

    with pytest.raises(ClientError, match="TerminationProtection is enabled"):
        stacks.delete(unique_name)

    stacks.client.update_termination_protection(
        StackName=unique_name, EnableTerminationProtection=False
    )


def test_a_retained_resource_outlives_its_stack(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """CloudFormation Template Reference, "DeletionPolicy attribute"."""
    kept = {**parameter("1", Name=f"/{unique_name}/kept"), "DeletionPolicy": "Retain"}
    stack_id = stacks.create(unique_name, {"Kept": kept})["StackId"]

    stacks.delete(unique_name)

    assert ("Kept", "DELETE_SKIPPED", "") in stacks.events(stack_id)
    assert aws("ssm").get_parameter(Name=f"/{unique_name}/kept")["Parameter"]["Value"] == "1"
    aws("ssm").delete_parameter(Name=f"/{unique_name}/kept")


def test_a_resource_that_cannot_be_deleted_fails_the_deletion_with_its_reason(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """CloudFormation User Guide, "Troubleshooting": delete stack fails."""
    table = {
        "Type": "AWS::DynamoDB::Table",
        "Properties": {
            "TableName": unique_name,
            "KeySchema": [{"AttributeName": "Id", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "Id", "AttributeType": "S"}],
            "BillingMode": "PAY_PER_REQUEST",
            "DeletionProtectionEnabled": "true",
        },
    }
    stacks.create(unique_name, {"Table": table, "Other": parameter("1")})

    failed = stacks.delete(unique_name)

    assert failed["StackStatus"] == "DELETE_FAILED"
    assert "[Table]" in failed["StackStatusReason"]
    events = stacks.events(unique_name)
    reasons = [reason for _, status, reason in events if status == "DELETE_FAILED"]
    assert "DeletionProtectionEnabled" in reasons[0]
    assert ("Other", "DELETE_COMPLETE", "") in events
    aws("dynamodb").update_table(TableName=unique_name, DeletionProtectionEnabled=False)
    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_COMPLETE"


@pytest.mark.parametrize(
    "address",
    [
        "https://s3.us-east-1.amazonaws.com/{bucket}/{key}",
        "https://s3.amazonaws.com/{bucket}/{key}",
        "https://{bucket}.s3.amazonaws.com/{key}",
        "https://{bucket}.s3.us-east-1.amazonaws.com/{key}",
        "https://{bucket}.s3-eu-west-1.amazonaws.com/{key}",
        "{endpoint}/{bucket}/{key}",
        "https://s3.us-east-1.127.0.0.1:4566/{bucket}/{key}",
        "http://localhost:4566/{bucket}/{key}",
    ],
)
def test_a_template_is_read_from_any_address_of_its_bucket(
    address: str, aws: AwsClient, bucket: str
) -> None:
    """S3 User Guide, "Virtual hosting of general purpose buckets"; and the local endpoint's."""
    template = {"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}
    aws("s3").put_object(Bucket=bucket, Key="a b/t.json", Body=json.dumps(template))
    cloudformation = aws("cloudformation")
    endpoint = cloudformation.meta.endpoint_url
    url = address.format(bucket=bucket, key="a%20b/t.json", endpoint=endpoint)
    assert cloudformation.get_template_summary(TemplateURL=url)["ResourceTypes"] == [
        "AWS::SNS::Topic"
    ]


@pytest.mark.parametrize("kind", ["instance", "group"])
def test_a_deletion_is_over_once_the_instances_have_ended(
    stacks: StackDriver,
    aws: AwsClient,
    unique_name: str,
    launch_template: str,
    facts: Facts,
    kind: str,
) -> None:
    """AWS::EC2::Instance and AWS::AutoScaling::AutoScalingGroup in a stack: what an instance uses,
    its security groups for example, could not go before it."""
    group = {
        "MinSize": "1",
        "MaxSize": "1",
        "AvailabilityZones": ["us-east-1a"],
        "LaunchTemplate": {"LaunchTemplateId": launch_template, "Version": "1"},
    }
    resource = {
        "instance": {"Type": "AWS::EC2::Instance", "Properties": {"ImageId": "ami-12c6146b"}},
        "group": {"Type": "AWS::AutoScaling::AutoScalingGroup", "Properties": group},
    }[kind]
    stacks.start(unique_name, {"One": resource})

    def launched() -> str | None:
        turn(facts)
        if kind == "instance":
            return _physical_id_so_far(stacks, unique_name)
        named = {"Name": "tag:aws:cloudformation:stack-name", "Values": [unique_name]}
        reservations = aws("ec2").describe_instances(Filters=[named])["Reservations"]
        return reservations[0]["Instances"][0]["InstanceId"] if reservations else None

    instance_id = wait_for(launched)
    report(facts, instance_id)
    turn(facts)
    stack_id = stacks.settled(unique_name)["StackId"]

    stacks.client.delete_stack(StackName=unique_name)
    wait_for(lambda: instance_state(aws("ec2"), instance_id) == "shutting-down")
    later(facts, 2)
    assert stacks.described(stack_id)["StackStatus"] == "DELETE_IN_PROGRESS"

    facts.instances = {}
    wait_for(lambda: turn(facts) or instance_state(aws("ec2"), instance_id) == "terminated")
    assert stacks.settled(stack_id)["StackStatus"] == "DELETE_COMPLETE"


def _physical_id_so_far(stacks: StackDriver, name: str) -> str | None:
    resources = stacks.client.describe_stack_resources(StackName=name)["StackResources"]
    return next((each.get("PhysicalResourceId") for each in resources), None)


def test_a_policy_of_nobody_can_neither_be_created_nor_deleted(
    stacks: StackDriver, unique_name: str
) -> None:
    """Recorded from AWS: the rollback fails as the creation did, and the stack, which goes once the
    policy is retained, has a DeletionTime from the rollback on."""
    allowed = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    document = {"Version": "2012-10-17", "Statement": [allowed]}
    broken = {
        "Type": "AWS::IAM::Policy",
        "Properties": {"PolicyName": unique_name, "PolicyDocument": document},
    }
    reason = "At least one of [Groups,Roles,Users] must be non-empty."

    created = stacks.create(unique_name, {"Broken": broken})
    deleted = stacks.delete(unique_name)
    stacks.client.delete_stack(StackName=unique_name, RetainResources=["Broken"])

    for failed, status in ((created, "ROLLBACK_FAILED"), (deleted, "DELETE_FAILED")):
        assert failed["StackStatus"] == status
        assert failed["StackStatusReason"] == (
            "The following resource(s) failed to delete: [Broken]. "
        )
        assert "DeletionTime" in failed
        assert failed["EnableTerminationProtection"] is False
    assert stacks.settled(created["StackId"])["StackStatus"] == "DELETE_COMPLETE"
    events = [event[1:] for event in stacks.events(created["StackId"]) if event[0] == "Broken"]
    assert events == [
        ("CREATE_IN_PROGRESS", ""),
        ("CREATE_IN_PROGRESS", "Resource creation Initiated"),
        ("CREATE_FAILED", reason),
        ("DELETE_IN_PROGRESS", ""),
        ("DELETE_FAILED", reason),
        ("DELETE_IN_PROGRESS", ""),
        ("DELETE_FAILED", reason),
        ("DELETE_SKIPPED", ""),
    ]
