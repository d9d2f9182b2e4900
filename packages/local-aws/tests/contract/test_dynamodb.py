"""Tables as AWS describes them, and their items."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from local_aws.control_plane.dynamodb import ITEMS_LOCK
from local_aws.control_plane.lock import LOCK


def test_a_table_has_an_id_of_its_own(aws: Any, unique_name: str) -> None:
    """Amazon DynamoDB API Reference, TableDescription: TableId."""
    dynamodb = aws("dynamodb")

    first = create_table(dynamodb, unique_name)
    assert dynamodb.describe_table(TableName=unique_name)["Table"]["TableId"] == first
    dynamodb.delete_table(TableName=unique_name)
    assert create_table(dynamodb, unique_name) != first


@pytest.mark.parametrize("read", ["get_item", "query", "scan", "batch_get_item"])
def test_items_are_read_while_the_control_plane_is_busy(
    read: str, aws: Any, unique_name: str
) -> None:
    """AWS Fault Isolation Boundaries, "Control planes and data planes"."""
    dynamodb = aws("dynamodb")
    create_table(dynamodb, unique_name)
    dynamodb.put_item(TableName=unique_name, Item=ITEM)
    arguments: dict[str, Any] = {
        "get_item": {"TableName": unique_name, "Key": ITEM},
        "query": {
            "TableName": unique_name,
            "KeyConditionExpression": "id = :id",
            "ExpressionAttributeValues": {":id": ITEM["id"]},
        },
        "scan": {"TableName": unique_name},
        "batch_get_item": {"RequestItems": {unique_name: {"Keys": [ITEM]}}},
    }[read]
    with LOCK:
        found = getattr(dynamodb, read)(**arguments)
    items = found.get("Items") or found.get("Responses", {}).get(unique_name) or [found.get("Item")]
    assert items == [ITEM]


def test_items_are_not_read_while_they_are_written(aws: Any, unique_name: str) -> None:
    """Amazon DynamoDB Developer Guide, "DynamoDB transactions": no read sees half of a write."""
    dynamodb = aws("dynamodb")
    create_table(dynamodb, unique_name)
    requests = [
        threading.Thread(target=dynamodb.put_item, kwargs={"TableName": unique_name, "Item": ITEM}),
        threading.Thread(target=dynamodb.scan, kwargs={"TableName": unique_name}),
    ]
    with ITEMS_LOCK:
        for request in requests:
            request.start()
            request.join(timeout=0.3)
        assert all(request.is_alive() for request in requests)
    for request in requests:
        request.join(timeout=5)
    assert not any(request.is_alive() for request in requests)


def test_a_read_that_fails_says_why(aws: Any, unique_name: str) -> None:
    """Amazon DynamoDB API Reference, GetItem: ResourceNotFoundException."""
    dynamodb = aws("dynamodb")
    with pytest.raises(dynamodb.exceptions.ResourceNotFoundException):
        dynamodb.get_item(TableName=unique_name, Key=ITEM)


def create_table(dynamodb: Any, name: str) -> str:
    """Its id."""
    created: str = dynamodb.create_table(
        TableName=name,
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )["TableDescription"]["TableId"]
    return created


ITEM = {"id": {"S": "one"}}
