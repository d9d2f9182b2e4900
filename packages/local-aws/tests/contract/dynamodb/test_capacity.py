"""ConsumedCapacity: what reads and writes consume of a table and its indexes."""

from __future__ import annotations

from typing import Any

import pytest

KEY = {"p": {"S": "a"}, "s": {"S": "1"}}
ITEM = {**KEY, "g": {"S": "x"}, "v": {"N": "1"}}


def _keys(*names: str) -> list[dict[str, str]]:
    kinds = ("HASH", "RANGE")
    return [{"AttributeName": n, "KeyType": k} for n, k in zip(names, kinds, strict=False)]


@pytest.fixture
def dynamodb(aws: Any) -> Any:
    return aws("dynamodb")


@pytest.fixture
def table(dynamodb: Any, unique_name: str) -> str:
    """A global index of keys and a local one of everything, both on attribute g."""
    dynamodb.create_table(
        TableName=unique_name,
        KeySchema=_keys("p", "s"),
        AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n in ("p", "s", "g")],
        BillingMode="PAY_PER_REQUEST",
        GlobalSecondaryIndexes=[
            {
                "IndexName": "global",
                "KeySchema": _keys("g"),
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }
        ],
        LocalSecondaryIndexes=[
            {
                "IndexName": "local",
                "KeySchema": _keys("p", "g"),
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    )
    return unique_name


@pytest.mark.parametrize(
    ("size", "consistent", "units"), [(1, False, 0.5), (1, True, 1.0), (9000, False, 1.5)]
)
def test_a_read_consumes_units_of_4_kb(
    dynamodb: Any, table: str, size: int, consistent: bool, units: float
) -> None:
    """Developer Guide, "DynamoDB read and write operations"; half of it if not consistent."""
    dynamodb.put_item(TableName=table, Item={**KEY, "v": {"S": "x" * size}})
    asked = {"ConsistentRead": consistent, "ReturnConsumedCapacity": "TOTAL"}
    got = dynamodb.get_item(TableName=table, Key=KEY, **asked)
    assert got["ConsumedCapacity"] == {"TableName": table, "CapacityUnits": units}
    condition = {"KeyConditionExpression": "p = :p", "ProjectionExpression": "s"}
    values = {"ExpressionAttributeValues": {":p": KEY["p"]}}
    found = dynamodb.query(TableName=table, **condition, **values, **asked)
    assert found["ConsumedCapacity"]["CapacityUnits"] == units


def test_a_write_consumes_of_each_index_that_it_changes(dynamodb: Any, table: str) -> None:
    """Developer Guide, "Using global secondary indexes"; users' measurements of AWS."""

    def consumed(expression: str, value: dict[str, str]) -> Any:
        return dynamodb.update_item(
            TableName=table,
            Key=KEY,
            UpdateExpression=expression,
            ExpressionAttributeValues={":v": value},
            ReturnConsumedCapacity="INDEXES",
        )["ConsumedCapacity"]

    def units(name: str, of_index: float) -> Any:
        return {name: {"CapacityUnits": of_index}}

    whole = {"TableName": table, "Table": {"CapacityUnits": 1.0}}
    dynamodb.put_item(TableName=table, Item=ITEM)
    same = dynamodb.put_item(TableName=table, Item=ITEM, ReturnConsumedCapacity="INDEXES")
    assert same["ConsumedCapacity"] == {**whole, "CapacityUnits": 1.0}
    assert consumed("SET v = :v", {"N": "2"}) == {
        **whole,
        "CapacityUnits": 2.0,
        "LocalSecondaryIndexes": units("local", 1.0),
    }
    assert consumed("SET g = :v", {"S": "y"}) == {
        **whole,
        "CapacityUnits": 5.0,
        "GlobalSecondaryIndexes": units("global", 2.0),
        "LocalSecondaryIndexes": units("local", 2.0),
    }


def test_a_query_of_an_index_consumes_of_the_index(dynamodb: Any, table: str) -> None:
    """ConsumedCapacity in the API Reference; recorded from AWS."""
    dynamodb.put_item(TableName=table, Item=ITEM)
    found = dynamodb.query(
        TableName=table,
        IndexName="global",
        KeyConditionExpression="g = :g",
        ExpressionAttributeValues={":g": ITEM["g"]},
        ReturnConsumedCapacity="INDEXES",
    )
    assert found["ConsumedCapacity"] == {
        "TableName": table,
        "CapacityUnits": 0.5,
        "Table": {"CapacityUnits": 0.0},
        "GlobalSecondaryIndexes": {"global": {"CapacityUnits": 0.5}},
    }


def test_a_batch_consumes_item_by_item_and_a_transaction_twice(dynamodb: Any, table: str) -> None:
    """ConsumedCapacity in API_BatchWriteItem, API_TransactWriteItems and API_TransactGetItems."""
    asked = {"ReturnConsumedCapacity": "TOTAL"}
    keys = [{**KEY, "s": {"S": str(number)}} for number in range(3)]
    puts = [{"PutRequest": {"Item": key}} for key in keys]
    batch = dynamodb.batch_write_item(RequestItems={table: puts}, **asked)
    assert batch["ConsumedCapacity"] == [{"TableName": table, "CapacityUnits": 3.0}]
    batch = dynamodb.batch_get_item(RequestItems={table: {"Keys": keys}}, **asked)
    assert batch["ConsumedCapacity"] == [{"TableName": table, "CapacityUnits": 1.5}]
    for call, action, kind in (
        (dynamodb.transact_write_items, "Delete", "Write"),
        (dynamodb.transact_get_items, "Get", "Read"),
    ):
        items = [{action: {"TableName": table, "Key": key}} for key in keys]
        answer = call(TransactItems=items, **asked)
        assert answer["ConsumedCapacity"] == [
            {"TableName": table, "CapacityUnits": 6.0, f"{kind}CapacityUnits": 6.0}
        ]


def test_nothing_is_said_of_capacity_unless_asked(dynamodb: Any, table: str) -> None:
    """ReturnConsumedCapacity in API_UpdateItem: NONE is the default."""
    dynamodb.put_item(TableName=table, Item=ITEM)
    named = {"TableName": table, "Key": KEY}
    for call in (dynamodb.update_item, dynamodb.get_item, dynamodb.delete_item):
        assert "ConsumedCapacity" not in call(**named)
