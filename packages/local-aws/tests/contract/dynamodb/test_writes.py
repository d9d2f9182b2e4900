"""Writes that DynamoDB executes once, or not at all, and statements with their values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from refusals import error_of, refusal_of

SCHEMA = {
    "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    "BillingMode": "PAY_PER_REQUEST",
}
INVALID = "ValidationException"


@pytest.fixture
def table(dynamodb: Any, unique_name: str) -> Iterator[str]:
    dynamodb.create_table(TableName=unique_name, **SCHEMA)
    yield unique_name
    dynamodb.delete_table(TableName=unique_name)


def test_a_transaction_with_a_token_runs_once(dynamodb: Any, table: str) -> None:
    """API_TransactWriteItems, ClientRequestToken: IdempotentParameterMismatchException."""
    key = {"pk": {"S": "a"}}
    add = {
        "TableName": table,
        "Key": key,
        "UpdateExpression": "ADD n :one",
        "ExpressionAttributeValues": {":one": {"N": "1"}},
    }
    for _ in range(2):
        dynamodb.transact_write_items(TransactItems=[{"Update": add}], ClientRequestToken=table)
    assert dynamodb.get_item(TableName=table, Key=key)["Item"]["n"] == {"N": "1"}
    other = [{"Delete": {"TableName": table, "Key": key}}]
    refused = refusal_of(
        dynamodb.transact_write_items, TransactItems=other, ClientRequestToken=table
    )
    assert refused[:2] == (400, "IdempotentParameterMismatchException")
    assert "Item" in dynamodb.get_item(TableName=table, Key=key)


def test_a_batch_has_25_requests(dynamodb: Any, table: str) -> None:
    """API_BatchWriteItem: "up to 25 item put or delete operations"."""
    puts = [{"PutRequest": {"Item": {"pk": {"S": str(number)}}}} for number in range(26)]
    code, _ = error_of(dynamodb.batch_write_item, RequestItems={table: puts})
    assert code == INVALID
    assert dynamodb.scan(TableName=table)["Count"] == 0
    dynamodb.batch_write_item(RequestItems={table: puts[:25]})


def test_what_changes_nothing_is_refused(dynamodb: Any, table: str) -> None:
    """Reported of AWS: UpdateTable, UpdateTimeToLive."""
    code, words = error_of(dynamodb.update_table, TableName=table)
    assert (code, words.startswith("At least one of ProvisionedThroughput")) == (INVALID, True)
    enabled = {"Enabled": True, "AttributeName": "until"}
    put = {"TableName": table, "TimeToLiveSpecification": enabled}
    dynamodb.update_time_to_live(**put)
    refused = error_of(dynamodb.update_time_to_live, **put)
    assert refused == (INVALID, "TimeToLive is already enabled")


def test_a_table_is_being_deleted_unless_it_is_protected(dynamodb: Any, unique_name: str) -> None:
    """API_DeleteTable: DELETING; reported of AWS: the words of the protection."""
    name = {"TableName": unique_name}
    dynamodb.create_table(**name, **SCHEMA, DeletionProtectionEnabled=True)
    code, words = error_of(dynamodb.delete_table, **name)
    assert code == INVALID
    assert words.startswith("Resource cannot be deleted as it is currently protected")
    dynamodb.update_table(**name, DeletionProtectionEnabled=False)
    assert dynamodb.delete_table(**name)["TableDescription"]["TableStatus"] == "DELETING"
    gone = f"Requested resource not found: Table: {unique_name} not found"
    assert error_of(dynamodb.delete_table, **name) == ("ResourceNotFoundException", gone)


def test_names_and_values_of_expressions_are_used(dynamodb: Any, table: str) -> None:
    """Recorded from AWS: "unused in expressions"."""
    put = {
        "TableName": table,
        "Item": {"pk": {"S": "a"}},
        "ConditionExpression": "attribute_not_exists(pk)",
    }
    words, start = "unused in expressions: keys:", "1 validation error detected: Value provided in"
    values = error_of(dynamodb.put_item, **put, ExpressionAttributeValues={":x": {"S": "1"}})
    assert values == (INVALID, f"{start} ExpressionAttributeValues {words} {{:x}}")
    names = error_of(dynamodb.put_item, **put, ExpressionAttributeNames={"#x": "y"})
    assert names == (INVALID, f"{start} ExpressionAttributeNames {words} {{#x}}")


@pytest.mark.parametrize("condition", ["pk=?", "pk = ?", "pk= ?"])
def test_a_statement_may_do_without_spaces(dynamodb: Any, table: str, condition: str) -> None:
    """DynamoDB Developer Guide, "PartiQL select statements"."""
    item = {"pk": {"S": "a=b"}}
    dynamodb.put_item(TableName=table, Item=item)
    statement = f'SELECT * FROM "{table}" WHERE {condition}'  # noqa: S608 - PartiQL, of this test
    found = dynamodb.execute_statement(Statement=statement, Parameters=[item["pk"]])
    assert found["Items"] == [item]


def test_a_batch_writes_something(unchecked: Any, table: str) -> None:
    """API_BatchWriteItem: from 1 to 25 requests of each table; recorded from AWS."""
    dynamodb = unchecked("dynamodb")
    code, words = error_of(dynamodb.batch_write_item, RequestItems={table: []})
    assert code == INVALID
    assert words.endswith("Member must have length greater than or equal to 1]")


def test_a_table_expires_by_one_attribute(dynamodb: Any, table: str) -> None:
    """API_UpdateTimeToLive; the words as reported."""
    name = {"TableName": table}
    enabled = {"Enabled": True, "AttributeName": "until"}
    dynamodb.update_time_to_live(**name, TimeToLiveSpecification=enabled)
    other = {**enabled, "AttributeName": "other"}
    refused = error_of(dynamodb.update_time_to_live, **name, TimeToLiveSpecification=other)
    words = "TimeToLive is active on a different AttributeName: current AttributeName is until"
    assert refused == (INVALID, words)
    disabled = {**enabled, "Enabled": False}
    dynamodb.update_time_to_live(**name, TimeToLiveSpecification=disabled)
    shown = dynamodb.describe_time_to_live(**name)["TimeToLiveDescription"]
    assert shown == {"TimeToLiveStatus": "DISABLED"}
    gone = "Requested resource not found: Table: gone not found"
    refused = error_of(dynamodb.describe_time_to_live, TableName="gone")
    assert refused == ("ResourceNotFoundException", gone)


def test_a_table_has_each_tag_once(dynamodb: Any, table: str) -> None:
    """API_TagResource: a tag with an existing key replaces its value; recorded of no table."""
    arn = dynamodb.describe_table(TableName=table)["Table"]["TableArn"]
    for value in ("1", "2"):
        dynamodb.tag_resource(ResourceArn=arn, Tags=[{"Key": "a", "Value": value}])
    tags = dynamodb.list_tags_of_resource(ResourceArn=arn)["Tags"]
    assert tags == [{"Key": "a", "Value": "2"}]
    other = f"{arn}-other"
    refused = error_of(dynamodb.untag_resource, ResourceArn=other, TagKeys=["a"])
    words = f"Requested resource not found: ResourcArn: {other} not found"
    assert refused == ("ResourceNotFoundException", words)


def test_a_table_is_updated_to_something_else(dynamodb: Any, unique_name: str) -> None:
    """API_UpdateTable; recorded from AWS."""
    throughput = {"ReadCapacityUnits": 1, "WriteCapacityUnits": 2}
    provisioned = {**SCHEMA, "BillingMode": "PROVISIONED", "ProvisionedThroughput": throughput}
    dynamodb.create_table(TableName=unique_name, **provisioned)
    refused = error_of(
        dynamodb.update_table, TableName=unique_name, ProvisionedThroughput=throughput
    )
    assert refused == (
        INVALID,
        (
            "The provisioned throughput for the table will not change. The requested value "
            "equals the current value. Current ReadCapacityUnits provisioned for the table: 1. "
            "Requested ReadCapacityUnits: 1. Current WriteCapacityUnits provisioned for the "
            "table: 2. Requested WriteCapacityUnits: 2. Refer to the Amazon DynamoDB Developer "
            "Guide for current limits and how to request higher limits."
        ),
    )
    refused = error_of(dynamodb.update_table, TableName=unique_name, BillingMode="PROVISIONED")
    assert refused == (
        INVALID,
        (
            "One or more parameter values were invalid: ProvisionedThroughput must be specified "
            "when BillingMode is PROVISIONED"
        ),
    )
