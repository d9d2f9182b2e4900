"""How large items and pages are: "Quotas in Amazon DynamoDB" and "Paginating table query results"
in the Amazon DynamoDB Developer Guide."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from refusals import error_of

KEY = {"p": {"S": "a"}, "s": {"S": "1"}}
ROOM = 400 * 1024 - 5
"""What a value may have whose item has this key and two more bytes of names and key."""
TOO_LARGE = "Item size has exceeded the maximum allowed size"
TOO_LARGE_TO_UPDATE = "Item size to update has exceeded the maximum allowed size"


@pytest.fixture(scope="module")
def dynamodb(aws: Any) -> Any:
    return aws("dynamodb")


@pytest.fixture
def table(dynamodb: Any, unique_name: str) -> Iterator[str]:
    dynamodb.create_table(
        TableName=unique_name,
        KeySchema=[
            {"AttributeName": "p", "KeyType": "HASH"},
            {"AttributeName": "s", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": "p", "AttributeType": "S"},
            {"AttributeName": "s", "AttributeType": "S"},
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    yield unique_name
    dynamodb.delete_table(TableName=unique_name)


def text(size: int) -> dict[str, str]:
    return {"S": "x" * size}


@pytest.mark.parametrize("filtered", [False, True])
@pytest.mark.parametrize("operation", ["query", "scan"])
def test_a_page_ends_with_the_item_that_passes_a_megabyte(
    dynamodb: Any, table: str, operation: str, filtered: bool
) -> None:
    for number in range(5):
        item = {**KEY, "s": {"S": str(number)}, "v": text(300 * 1024)}
        dynamodb.put_item(TableName=table, Item=item)
    call: dict[str, Any] = {"TableName": table, "ExpressionAttributeValues": {}}
    if operation == "query":
        call["KeyConditionExpression"] = "p = :p"
        call["ExpressionAttributeValues"][":p"] = KEY["p"]
    if filtered:
        call["FilterExpression"] = "s2 = :none"
        call["ExpressionAttributeValues"][":none"] = {"S": "none"}
    if not call["ExpressionAttributeValues"]:
        del call["ExpressionAttributeValues"]
    first = getattr(dynamodb, operation)(ReturnConsumedCapacity="TOTAL", **call)
    assert first["ScannedCount"] == 4
    assert len(first["Items"]) == (0 if filtered else 4)
    assert first["LastEvaluatedKey"] == {**KEY, "s": {"S": "3"}}
    assert first["ConsumedCapacity"]["CapacityUnits"] == 150.5
    last = getattr(dynamodb, operation)(ExclusiveStartKey=first["LastEvaluatedKey"], **call)
    assert last["ScannedCount"] == 1
    assert "LastEvaluatedKey" not in last


def test_a_limit_ends_a_page_before_its_megabyte(dynamodb: Any, table: str) -> None:
    for number in range(3):
        item = {**KEY, "s": {"S": str(number)}, "v": text(300 * 1024)}
        dynamodb.put_item(TableName=table, Item=item)
    assert dynamodb.scan(TableName=table, Limit=2)["ScannedCount"] == 2


def test_an_item_has_at_most_400_kilobytes(dynamodb: Any, table: str) -> None:
    dynamodb.put_item(TableName=table, Item={**KEY, "v": text(ROOM)})
    call = {"TableName": table, "Item": {**KEY, "v": text(ROOM + 1)}}
    assert error_of(dynamodb.put_item, **call) == ("ValidationException", TOO_LARGE)


def test_a_batch_with_an_item_that_is_too_large_writes_none(dynamodb: Any, table: str) -> None:
    other = {**KEY, "s": {"S": "2"}}
    items = [other, {**KEY, "v": text(ROOM + 1)}]
    call = {"RequestItems": {table: [{"PutRequest": {"Item": item}} for item in items]}}
    assert error_of(dynamodb.batch_write_item, **call) == ("ValidationException", TOO_LARGE)
    assert dynamodb.scan(TableName=table)["Count"] == 0


def test_a_value_takes_the_room_of_the_one_that_it_replaces(dynamodb: Any, table: str) -> None:
    of_item = {"TableName": table, "Key": KEY}
    for _ in range(2):
        dynamodb.update_item(
            **of_item,
            UpdateExpression="SET v = :v",
            ExpressionAttributeValues={":v": text(300 * 1024)},
        )
    dynamodb.update_item(
        **of_item,
        UpdateExpression="SET w = :v REMOVE v",
        ExpressionAttributeValues={":v": text(300 * 1024)},
    )
    assert dynamodb.get_item(**of_item)["Item"].keys() == {"p", "s", "w"}


@pytest.mark.parametrize(
    "change",
    [
        {
            "UpdateExpression": "SET m.v = :v",
            "ExpressionAttributeValues": {":v": text(ROOM)},
        },
        {"AttributeUpdates": {"v": {"Value": text(ROOM), "Action": "PUT"}}},
    ],
    ids=["nested", "legacy"],
)
def test_an_update_that_makes_an_item_too_large_changes_nothing(
    dynamodb: Any, table: str, change: dict[str, Any]
) -> None:
    item = {**KEY, "m": {"M": {"v": {"S": "1"}}}}
    dynamodb.put_item(TableName=table, Item=item)
    refusal = error_of(dynamodb.update_item, TableName=table, Key=KEY, **change)
    assert refusal == ("ValidationException", TOO_LARGE_TO_UPDATE)
    assert dynamodb.get_item(TableName=table, Key=KEY)["Item"] == item
