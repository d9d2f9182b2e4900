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
    words = "unused in expressions: keys:"
    values = error_of(dynamodb.put_item, **put, ExpressionAttributeValues={":x": {"S": "1"}})
    assert values == (INVALID, f"Value provided in ExpressionAttributeValues {words} {{:x}}")
    names = error_of(dynamodb.put_item, **put, ExpressionAttributeNames={"#x": "y"})
    assert names == (INVALID, f"Value provided in ExpressionAttributeNames {words} {{#x}}")


@pytest.mark.parametrize("condition", ["pk=?", "pk = ?", "pk= ?"])
def test_a_statement_may_do_without_spaces(dynamodb: Any, table: str, condition: str) -> None:
    """DynamoDB Developer Guide, "PartiQL select statements"."""
    item = {"pk": {"S": "a=b"}}
    dynamodb.put_item(TableName=table, Item=item)
    statement = f'SELECT * FROM "{table}" WHERE {condition}'  # noqa: S608 - PartiQL, of this test
    found = dynamodb.execute_statement(Statement=statement, Parameters=[item["pk"]])
    assert found["Items"] == [item]
