"""DynamoDB's tables of a stack: changed in place, one index at a time."""

from __future__ import annotations

from typing import Any

from stack_driver import StackDriver


def test_a_tables_indexes_change_one_at_a_time(
    stacks: StackDriver, aws: Any, unique_name: str
) -> None:
    """CloudFormation Template Reference, "AWS::DynamoDB::Table" GlobalSecondaryIndexes: throughput
    without interruption; other changes of one index fail and are rolled back."""

    def declared(units: int, projection: str = "ALL") -> dict[str, Any]:
        throughput = {"ReadCapacityUnits": units, "WriteCapacityUnits": 1}
        index = {
            "IndexName": "by-g",
            "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": projection},
            "ProvisionedThroughput": throughput,
        }
        properties = {
            "KeySchema": [{"AttributeName": "k", "KeyType": "HASH"}],
            "AttributeDefinitions": [
                {"AttributeName": name, "AttributeType": "S"} for name in ("k", "g")
            ],
            "ProvisionedThroughput": throughput,
            "GlobalSecondaryIndexes": [index],
        }
        return {"One": {"Type": "AWS::DynamoDB::Table", "Properties": properties}}

    stacks.create(unique_name, declared(1))
    dynamodb, table = aws("dynamodb"), stacks.physical_id(unique_name, "One")
    dynamodb.put_item(TableName=table, Item={"k": {"S": "a"}, "g": {"S": "b"}})

    updated = stacks.update(unique_name, declared(2))
    failed = stacks.update(unique_name, declared(2, "KEYS_ONLY"))

    assert updated["StackStatus"] == "UPDATE_COMPLETE"
    assert failed["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert "Cannot update GSI's properties" in stacks.failures(unique_name)["One"]
    [index] = dynamodb.describe_table(TableName=table)["Table"]["GlobalSecondaryIndexes"]
    assert index["ProvisionedThroughput"]["ReadCapacityUnits"] == 2
    found = dynamodb.query(
        TableName=table,
        IndexName="by-g",
        KeyConditionExpression="g = :g",
        ExpressionAttributeValues={":g": {"S": "b"}},
    )
    assert found["Count"] == 1


def test_a_table_is_changed_in_place_and_keeps_its_items(
    stacks: StackDriver, aws: Any, unique_name: str
) -> None:
    """CloudFormation Template Reference, "AWS::DynamoDB::Table": TimeToLiveSpecification and
    PointInTimeRecoverySpecification, no interruption."""
    dynamodb = aws("dynamodb")

    def template(**properties: Any) -> dict[str, Any]:
        base = {
            "TableName": unique_name,
            "KeySchema": [{"AttributeName": "Id", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "Id", "AttributeType": "S"}],
            "ProvisionedThroughput": {"ReadCapacityUnits": "5", "WriteCapacityUnits": "5"},
        }
        return {"Table": {"Type": "AWS::DynamoDB::Table", "Properties": {**base, **properties}}}

    stacks.create(unique_name, template())
    dynamodb.put_item(TableName=unique_name, Item={"Id": {"S": "1"}})

    stacks.update(
        unique_name,
        template(
            TimeToLiveSpecification={"AttributeName": "Until", "Enabled": "true"},
            PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True},
        ),
    )

    expiry = dynamodb.describe_time_to_live(TableName=unique_name)["TimeToLiveDescription"]
    assert expiry == {"TimeToLiveStatus": "ENABLED", "AttributeName": "Until"}
    assert dynamodb.scan(TableName=unique_name)["Count"] == 1
