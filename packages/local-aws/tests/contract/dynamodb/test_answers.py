"""Answers and errors of DynamoDB, member by member, as real ones have been recorded."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

ITEM = {"id": {"S": "1"}, "price": {"N": "650"}}
KEY = {"id": ITEM["id"]}
SCHEMA = {
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
}
PROVISIONED = {"ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}}


@pytest.fixture
def table(dynamodb: Any, unique_name: str) -> str:
    dynamodb.create_table(TableName=unique_name, BillingMode="PAY_PER_REQUEST", **SCHEMA)
    dynamodb.put_item(TableName=unique_name, Item=ITEM)
    return unique_name


def test_a_new_table_is_being_created(dynamodb: Any, unique_name: str) -> None:
    """Recorded from AWS; TableDescription: TableStatus."""
    made = dynamodb.create_table(TableName=unique_name, **SCHEMA, **PROVISIONED)
    assert made["TableDescription"]["TableStatus"] == "CREATING"
    shown = dynamodb.describe_table(TableName=unique_name)["Table"]
    assert shown["TableStatus"] == "ACTIVE"


def test_consumed_capacity_is_returned_on_request(dynamodb: Any, table: str) -> None:
    """Recorded from AWS; BatchWriteItem, BatchGetItem, TransactWriteItems."""
    writes = {"RequestItems": {table: [{"PutRequest": {"Item": ITEM}}]}}
    reads = {"RequestItems": {table: {"Keys": [KEY]}}}
    transaction = {"TransactItems": [{"Put": {"TableName": table, "Item": ITEM}}]}
    optional = {"ConsumedCapacity", "ItemCollectionMetrics"}
    for call, arguments in (
        (dynamodb.batch_write_item, writes),
        (dynamodb.batch_get_item, reads),
        (dynamodb.transact_write_items, transaction),
    ):
        assert call(**arguments).keys().isdisjoint(optional)
        assert "ConsumedCapacity" in call(**arguments, ReturnConsumedCapacity="TOTAL")


def test_a_condition_that_is_not_met_shows_the_item(dynamodb: Any, table: str) -> None:
    """Verified on AWS by moto's tests: ReturnValuesOnConditionCheckFailure, and the message."""
    with pytest.raises(ClientError) as refused:
        dynamodb.delete_item(
            TableName=table,
            Key=KEY,
            ConditionExpression="price < :price",
            ExpressionAttributeValues={":price": {"N": "1"}},
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    answer = refused.value.response
    assert answer["Error"]["Message"] == "The conditional request failed"
    assert answer["Item"] == ITEM
    assert answer["message"] == "The conditional request failed"


def test_errors_of_tables_are_in_awss_words(dynamodb: Any, table: str) -> None:
    """Recorded from AWS: ValidationException."""
    writes = {table: [{"DeleteRequest": {"Key": {"other": {"S": "1"}}}}]}
    with pytest.raises(ClientError, match="The provided key element does not match the schema"):
        dynamodb.batch_write_item(RequestItems=writes)
    words = "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is"
    with pytest.raises(ClientError, match=words):
        dynamodb.create_table(
            TableName=f"{table}-2", BillingMode="PAY_PER_REQUEST", **SCHEMA, **PROVISIONED
        )


def test_a_table_is_encrypted_by_awss_own_key_and_that_is_changed(
    aws: Any, dynamodb: Any, unique_name: str
) -> None:
    """Recorded from AWS; SSEDescription, and KeyManager in the KMS API Reference."""
    named = {"TableName": unique_name}
    dynamodb.create_table(**named, **SCHEMA, **PROVISIONED, SSESpecification={"Enabled": True})
    encrypted = dynamodb.describe_table(**named)["Table"]["SSEDescription"]
    assert (encrypted["Status"], encrypted["SSEType"]) == ("ENABLED", "KMS")
    key = aws("kms").describe_key(KeyId=encrypted["KMSMasterKeyArn"])["KeyMetadata"]
    assert key["KeyManager"] == "AWS"
    same = dynamodb.update_table(**named, SSESpecification={"Enabled": True})
    assert same["TableDescription"]["SSEDescription"] == encrypted
    other = dynamodb.update_table(**named, SSESpecification={"Enabled": False})
    assert other["TableDescription"]["SSEDescription"]["Status"] == "UPDATING"
    assert "SSEDescription" not in dynamodb.describe_table(**named)["Table"]


def test_a_partiql_statement_that_is_not_read_is_refused(dynamodb: Any, table: str) -> None:
    """Not AWS's: an update with a number among its values."""
    statement = f"UPDATE \"{table}\" SET age=20 WHERE id='1'"  # noqa: S608
    with pytest.raises(ClientError, match="The local AWS does not read this PartiQL statement"):
        dynamodb.batch_execute_statement(Statements=[{"Statement": statement}])
