"""Indexes of tables: which can be, their states, their keys, and what is read of them."""

from __future__ import annotations

from typing import Any

import pytest
from refusals import refusal_of

INVALID = "One or more parameter values were invalid: "
VALUES = {"ExpressionAttributeValues": {":p": {"S": "a"}}}


def _schema(*names: str) -> list[dict[str, str]]:
    kinds = ("HASH", "RANGE")
    return [{"AttributeName": n, "KeyType": k} for n, k in zip(names, kinds, strict=False)]


def _index(name: str, *keys: str, **changes: Any) -> dict[str, Any]:
    projection = {"ProjectionType": "KEYS_ONLY"}
    return {"IndexName": name, "KeySchema": _schema(*keys), "Projection": projection, **changes}


def _definitions(*names: str) -> list[dict[str, str]]:
    return [{"AttributeName": name, "AttributeType": "S"} for name in names]


def _table(name: str, **changes: Any) -> dict[str, Any]:
    return {
        "TableName": name,
        "KeySchema": _schema("p", "s"),
        "AttributeDefinitions": _definitions("p", "s", "g"),
        "BillingMode": "PAY_PER_REQUEST",
        **changes,
    }


@pytest.fixture
def dynamodb(aws: Any) -> Any:
    return aws("dynamodb")


@pytest.fixture
def table(dynamodb: Any, unique_name: str) -> str:
    dynamodb.create_table(
        **_table(
            unique_name,
            GlobalSecondaryIndexes=[_index("global", "g")],
            LocalSecondaryIndexes=[_index("local", "p", "g")],
        )
    )
    for number in range(5):
        item = {"p": {"S": "a"}, "s": {"S": str(number)}, "g": {"S": "a"}, "v": {"N": "1"}}
        dynamodb.put_item(TableName=unique_name, Item=item)
    return unique_name


@pytest.mark.parametrize("index", [None, "global", "local"])
@pytest.mark.parametrize("call", ["query", "scan"])
def test_each_page_begins_where_the_last_one_ended(
    dynamodb: Any, table: str, call: str, index: str | None
) -> None:
    """Developer Guide, "Paginating table query results": of a table with indexes, too."""
    key = "g" if index == "global" else "p"
    asked = {"TableName": table, "Limit": 2, **({"IndexName": index} if index else {})}
    if call == "query":
        asked |= {"KeyConditionExpression": f"{key} = :p", **VALUES}
    found: list[str] = []
    page = getattr(dynamodb, call)(**asked)
    while "LastEvaluatedKey" in page:
        found += [item["s"]["S"] for item in page["Items"]]
        page = getattr(dynamodb, call)(**asked, ExclusiveStartKey=page["LastEvaluatedKey"])
    found += [item["s"]["S"] for item in page["Items"]]
    assert sorted(found) == list("01234")


def test_a_local_index_fetches_what_it_does_not_hold(dynamodb: Any, table: str) -> None:
    """Developer Guide, "Local secondary indexes"; a global index does not; recorded."""
    asked = {"TableName": table, "Limit": 1, **VALUES}
    local = {"IndexName": "local", "KeyConditionExpression": "p = :p"}
    assert dynamodb.query(**asked, **local)["Items"][0].keys() == {"p", "s", "g"}
    everything = dynamodb.query(**asked, **local, Select="ALL_ATTRIBUTES")
    assert everything["Items"][0].keys() == {"p", "s", "g", "v"}
    assert dynamodb.query(**asked, **local, ProjectionExpression="v")["Items"] == [
        {"v": {"N": "1"}}
    ]
    other = {"IndexName": "global", "KeyConditionExpression": "g = :p"}
    assert refusal_of(dynamodb.query, **asked, **other, ProjectionExpression="v") == (
        400,
        "ValidationException",
        f"{INVALID}Global secondary index global does not project [v]",
    )


def test_a_key_of_an_index_has_the_tables_type(dynamodb: Any, table: str) -> None:
    """Recorded from AWS: items and updates."""
    key = {"p": {"S": "a"}, "s": {"S": "9"}}
    mismatch = f"{INVALID}Type mismatch for Index Key g Expected: S Actual: N IndexName: global"
    item = {**key, "g": {"N": "1"}}
    refused = refusal_of(dynamodb.put_item, TableName=table, Item=item)
    assert refused == (400, "ValidationException", mismatch)
    update = {
        "TableName": table,
        "Key": key,
        "UpdateExpression": "SET g = :g",
        "ExpressionAttributeValues": {":g": {"N": "1"}},
    }
    unsupported = (
        "The update expression attempted to update the secondary index key to unsupported type"
    )
    assert refusal_of(dynamodb.update_item, **update) == (400, "ValidationException", unsupported)
    with pytest.raises(dynamodb.exceptions.TransactionCanceledException) as cancelled:
        dynamodb.transact_write_items(TransactItems=[{"Update": update}])
    reasons = cancelled.value.response["CancellationReasons"]
    assert reasons == [{"Code": "ValidationError", "Message": unsupported}]
    assert "Item" not in dynamodb.get_item(TableName=table, Key=key)


def test_an_index_is_created_and_deleted_while_the_table_is_updating(
    dynamodb: Any, unique_name: str
) -> None:
    """API_UpdateTable; IndexStatus in API_GlobalSecondaryIndexDescription; one at a time."""
    named = {"TableName": unique_name}
    dynamodb.create_table(**_table(unique_name, AttributeDefinitions=_definitions("p", "s")))
    create = {"Create": _index("new", "g")}
    undefined = refusal_of(dynamodb.update_table, **named, GlobalSecondaryIndexUpdates=[create])
    assert undefined == (
        400,
        "ValidationException",
        (
            f"{INVALID}Some index key attributes are not defined in AttributeDefinitions. Keys: "
            "[g], AttributeDefinitions: [p, s]"
        ),
    )
    defined = {**named, "AttributeDefinitions": _definitions("g")}
    two = [create, {"Create": _index("other", "g")}]
    refused = refusal_of(dynamodb.update_table, **defined, GlobalSecondaryIndexUpdates=two)
    assert refused == (
        400,
        "LimitExceededException",
        (
            "Subscriber limit exceeded: Only 1 online index can be created or deleted "
            "simultaneously per table"
        ),
    )
    for change, during, after in (
        (create, "CREATING", ["ACTIVE"]),
        ({"Delete": {"IndexName": "new"}}, "DELETING", []),
    ):
        made = dynamodb.update_table(**defined, GlobalSecondaryIndexUpdates=[change])
        described = made["TableDescription"]
        assert described["TableStatus"] == "UPDATING"
        assert [each["IndexStatus"] for each in described["GlobalSecondaryIndexes"]] == [during]
        shown = dynamodb.describe_table(**named)["Table"]
        assert shown["TableStatus"] == "ACTIVE"
        indexes = shown.get("GlobalSecondaryIndexes", [])
        assert [each["IndexStatus"] for each in indexes] == after
        assert all(each["IndexArn"] == f"{shown['TableArn']}/index/new" for each in indexes)


PROVISIONED = {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}
ALL_WITH_NAMES = {"ProjectionType": "ALL", "NonKeyAttributes": ["v"]}
BOTH = "Both the Hash Key and the Range Key element in the KeySchema have the same name"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param(
            {"TableName": "ab"},
            "TableName must be at least 3 characters long and at most 255 characters long",
            id="name",
        ),
        pytest.param({"KeySchema": _schema("p", "p")}, BOTH, id="the same key twice"),
        pytest.param(
            {"KeySchema": [{"AttributeName": "p", "KeyType": "RANGE"}]},
            "Invalid KeySchema: The first KeySchemaElement is not a HASH key type",
            id="no partition key",
        ),
        pytest.param(
            {"GlobalSecondaryIndexes": [_index("one", "g"), _index("one", "g")]},
            f"{INVALID}Duplicate index name: one",
            id="duplicate",
        ),
        pytest.param(
            {"GlobalSecondaryIndexes": [_index("one", "g", Projection=ALL_WITH_NAMES)]},
            f"{INVALID}ProjectionType is ALL, but NonKeyAttributes is specified",
            id="projection",
        ),
        pytest.param(
            {"GlobalSecondaryIndexes": [_index("one", "g", ProvisionedThroughput=PROVISIONED)]},
            f"{INVALID}ProvisionedThroughput should not be specified for index: one when "
            "BillingMode is PAY_PER_REQUEST",
            id="throughput",
        ),
        pytest.param(
            {"GlobalSecondaryIndexes": [_index(f"index-{n}", "g") for n in range(21)]},
            f"{INVALID}GlobalSecondaryIndex count exceeds the per-table limit of 20",
            id="too many global indexes",
        ),
        pytest.param(
            {"LocalSecondaryIndexes": [_index(f"index-{n}", "p", "g") for n in range(6)]},
            f"{INVALID}Number of LocalSecondaryIndexes exceeds per-table limit of 5",
            id="too many local indexes",
        ),
    ],
)
def test_a_table_that_cannot_be_is_refused(
    dynamodb: Any, unique_name: str, changes: dict[str, Any], words: str
) -> None:
    """API_CreateTable; recorded from AWS."""
    refused = refusal_of(dynamodb.create_table, **(_table(unique_name) | changes))
    assert refused == (400, "ValidationException", words)


def test_the_types_of_keys_are_defined(unchecked: Any, unique_name: str) -> None:
    """API_CreateTable; recorded from AWS."""
    table = _table(unique_name)
    del table["AttributeDefinitions"]
    assert refusal_of(unchecked("dynamodb").create_table, **table) == (
        400,
        "ValidationException",
        (
            "1 validation error detected: Value null at 'attributeDefinitions' failed to satisfy "
            "constraint: Member must not be null"
        ),
    )
