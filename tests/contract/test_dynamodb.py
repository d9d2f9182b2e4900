"""Tables as AWS describes them."""

from __future__ import annotations

from typing import Any


def test_a_table_has_an_id_of_its_own(aws: Any, unique_name: str) -> None:
    """Amazon DynamoDB API Reference, TableDescription: TableId."""
    dynamodb = aws("dynamodb")

    def create() -> str:
        created: str = dynamodb.create_table(
            TableName=unique_name,
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
        )["TableDescription"]["TableId"]
        return created

    first = create()
    assert dynamodb.describe_table(TableName=unique_name)["Table"]["TableId"] == first
    dynamodb.delete_table(TableName=unique_name)
    assert create() != first
