"""AWS::DynamoDB::GlobalTable with a replica in the stack's own region: a table like any other."""

from __future__ import annotations

from typing import Any

import pytest
from refusals import error_of
from stack_driver import StackDriver, template_body


def global_table(replica: dict[str, Any] | None = None, **properties: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::DynamoDB::GlobalTable",
        "Properties": {
            "KeySchema": [{"AttributeName": "Id", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "Id", "AttributeType": "S"}],
            "BillingMode": "PAY_PER_REQUEST",
            "Replicas": [{"Region": {"Ref": "AWS::Region"}, **(replica or {})}],
            **properties,
        },
    }


def test_a_global_table_with_one_replica_is_a_table(
    aws: Any, stacks: StackDriver, unique_name: str
) -> None:
    """CloudFormation Template Reference, "AWS::DynamoDB::GlobalTable"; what each replica has is
    what the table here has."""
    replica = {
        "TableClass": "STANDARD_INFREQUENT_ACCESS",
        "Tags": [{"Key": "team", "Value": "one"}],
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
    }
    settings = {
        "StreamSpecification": {"StreamViewType": "NEW_IMAGE"},
        "SSESpecification": {"SSEEnabled": True, "SSEType": "KMS"},
        "TimeToLiveSpecification": {"AttributeName": "Until", "Enabled": True},
    }
    attributes = ("Arn", "StreamArn", "TableId")
    stacks.create(
        unique_name,
        {
            "Resources": {"Table": global_table(replica, **settings)},
            "Outputs": {each: {"Value": {"Fn::GetAtt": ["Table", each]}} for each in attributes},
        },
    )

    name = stacks.physical_id(unique_name, "Table")
    dynamodb = aws("dynamodb")
    table = dynamodb.describe_table(TableName=name)["Table"]
    assert table["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    assert table["TableClassSummary"]["TableClass"] == "STANDARD_INFREQUENT_ACCESS"
    assert table["StreamSpecification"]["StreamViewType"] == "NEW_IMAGE"
    assert table["SSEDescription"]["Status"] == "ENABLED"
    assert stacks.outputs(unique_name) == {
        "Arn": table["TableArn"],
        "StreamArn": table["LatestStreamArn"],
        "TableId": table["TableId"],
    }
    tags = dynamodb.list_tags_of_resource(ResourceArn=table["TableArn"])["Tags"]
    assert {"Key": "team", "Value": "one"} in tags
    expiry = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    assert expiry["AttributeName"] == "Until"
    backups = dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    recovery = backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"]
    assert recovery == "ENABLED"


def test_a_provisioned_global_table_has_the_capacity_that_it_begins_with(
    aws: Any, stacks: StackDriver, unique_name: str
) -> None:
    """CloudFormation Template Reference, "AWS::DynamoDB::GlobalTable CapacityAutoScalingSettings":
    SeedCapacity, or else MinCapacity."""
    index = {
        "IndexName": "by-id",
        "KeySchema": [{"AttributeName": "Id", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "ALL"},
        "WriteProvisionedThroughputSettings": _scaled(7),
    }
    reads = {"ReadProvisionedThroughputSettings": {"ReadCapacityUnits": 3}}
    table = global_table(
        {**reads, "GlobalSecondaryIndexes": [{"IndexName": "by-id", **reads}]},
        BillingMode="PROVISIONED",
        WriteProvisionedThroughputSettings=_scaled(5, SeedCapacity=6),
        GlobalSecondaryIndexes=[index],
    )

    stacks.create(unique_name, {"Table": table})

    found = aws("dynamodb").describe_table(TableName=stacks.physical_id(unique_name, "Table"))
    assert _capacity(found["Table"]) == (3, 6)
    assert _capacity(found["Table"]["GlobalSecondaryIndexes"][0]) == (3, 7)


def test_a_global_table_changes_in_place(aws: Any, stacks: StackDriver, unique_name: str) -> None:
    """CloudFormation Template Reference, "AWS::DynamoDB::GlobalTable": no interruption."""
    stacks.create(unique_name, {"Table": global_table()})
    name = stacks.physical_id(unique_name, "Table")

    stacks.update(
        unique_name,
        {"Table": global_table({"DeletionProtectionEnabled": True, "TableClass": "STANDARD"})},
    )

    assert stacks.physical_id(unique_name, "Table") == name
    table = aws("dynamodb").describe_table(TableName=name)["Table"]
    assert table["DeletionProtectionEnabled"] is True
    stacks.update(unique_name, {"Table": global_table({"DeletionProtectionEnabled": False})})
    stacks.delete(unique_name)
    tables = aws("dynamodb").list_tables()["TableNames"]
    assert name not in tables


@pytest.mark.parametrize(
    ("table", "refused"),
    [
        (
            global_table(
                Replicas=[{"Region": "us-east-1"}, {"Region": "us-west-2"}],
                StreamSpecification={"StreamViewType": "NEW_AND_OLD_IMAGES"},
            ),
            "replicas in other regions",
        ),
        (global_table(MultiRegionConsistency="STRONG"), "MultiRegionConsistency"),
        (global_table({"ResourcePolicy": {"PolicyDocument": {}}}), "ResourcePolicy"),
        (
            global_table({"ContributorInsightsSpecification": {"Enabled": True}}),
            "ContributorInsightsSpecification",
        ),
    ],
    ids=["two replicas", "strong consistency", "policy", "insights"],
)
def test_what_one_region_cannot_do_is_refused_before_there_is_a_stack(
    stacks: StackDriver, unique_name: str, table: dict[str, Any], refused: str
) -> None:
    """CloudFormation Template Reference, "AWS::DynamoDB::GlobalTable": Replicas."""
    body = template_body({"Table": table})
    code, message = error_of(stacks.client.create_stack, StackName=unique_name, TemplateBody=body)
    assert code == "ValidationError"
    words = f"The local AWS does not emulate {refused} of a global table."
    assert message == f"Resource Table: {words}"


def test_the_replica_is_in_the_stacks_region(stacks: StackDriver, unique_name: str) -> None:
    """CloudFormation Template Reference, "AWS::DynamoDB::GlobalTable": Replicas."""
    stacks.create(unique_name, {"Table": global_table(Replicas=[{"Region": "us-west-2"}])})
    reason = "Replicas must have the region of the stack, us-east-1; it has us-west-2."
    assert stacks.failures(unique_name)["Table"] == reason


def test_a_tables_encryption_is_shown(aws: Any, stacks: StackDriver, unique_name: str) -> None:
    """CloudFormation Template Reference, "AWS::DynamoDB::Table SSESpecification"."""
    table = global_table()
    del table["Properties"]["Replicas"]
    table["Properties"]["SSESpecification"] = {"SSEEnabled": True}
    table["Properties"]["ContributorInsightsSpecification"] = {"Enabled": True}

    stacks.create(unique_name, {"Table": {**table, "Type": "AWS::DynamoDB::Table"}})

    found = aws("dynamodb").describe_table(TableName=stacks.physical_id(unique_name, "Table"))
    assert found["Table"]["SSEDescription"]["SSEType"] == "KMS"
    note = ("Table", "CREATE_COMPLETE", "stored, without effect: ContributorInsightsSpecification")
    assert note in stacks.events(unique_name)


def _scaled(minimum: int, **settings: int) -> dict[str, Any]:
    target = {"TargetValue": 70.0}
    return {
        "WriteCapacityAutoScalingSettings": {
            "MinCapacity": minimum,
            "MaxCapacity": 10,
            "TargetTrackingScalingPolicyConfiguration": target,
            **settings,
        }
    }


def _capacity(described: dict[str, Any]) -> tuple[int, int]:
    throughput = described["ProvisionedThroughput"]
    return throughput["ReadCapacityUnits"], throughput["WriteCapacityUnits"]
