"""Tables as AWS describes them, and their items."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from botocore.exceptions import ClientError
from stack_driver import StackDriver

from local_aws.control_plane.dynamodb.numbers import canonical
from local_aws.control_plane.dynamodb.tables import ITEMS_LOCK
from local_aws.control_plane.lock import LOCK


def test_a_table_has_an_id_of_its_own(aws: Any, unique_name: str) -> None:
    """Amazon DynamoDB API Reference, TableDescription: TableId."""
    dynamodb = aws("dynamodb")

    first = create_table(dynamodb, unique_name)
    assert dynamodb.describe_table(TableName=unique_name)["Table"]["TableId"] == first
    dynamodb.delete_table(TableName=unique_name)
    assert create_table(dynamodb, unique_name) != first


def test_a_table_shows_what_it_has(aws: Any, unique_name: str) -> None:
    """TableDescription, as real answers have been recorded: no empty lists of indexes, and of
    billing only what has been on demand."""
    dynamodb = aws("dynamodb")
    provisioned = {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}
    made = dynamodb.create_table(
        TableName=unique_name,
        KeySchema=[{"AttributeName": "key", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "key", "AttributeType": "S"}],
        ProvisionedThroughput=provisioned,
    )["TableDescription"]
    absent = {"GlobalSecondaryIndexes", "LocalSecondaryIndexes", "BillingModeSummary"}
    assert made.keys().isdisjoint(absent)

    dynamodb.update_table(TableName=unique_name, BillingMode="PAY_PER_REQUEST")
    changed = dynamodb.describe_table(TableName=unique_name)["Table"]
    assert changed["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"

    more = {"BillingMode": "PROVISIONED", "ProvisionedThroughput": provisioned}
    dynamodb.update_table(TableName=unique_name, **more)
    changed = dynamodb.describe_table(TableName=unique_name)["Table"]
    assert changed["BillingModeSummary"]["BillingMode"] == "PROVISIONED"


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


KEYS = {
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}


def test_a_tables_class_is_kept_and_changed(aws: Any, unique_name: str) -> None:
    """Amazon DynamoDB API Reference, TableDescription: TableClassSummary."""
    dynamodb = aws("dynamodb")

    def table_class() -> str | None:
        table = dynamodb.describe_table(TableName=unique_name)["Table"]
        found: str | None = table.get("TableClassSummary", {}).get("TableClass")
        return found

    infrequent = "STANDARD_INFREQUENT_ACCESS"
    with pytest.raises(ClientError, match="failed to satisfy constraint"):
        dynamodb.create_table(TableName=unique_name, TableClass="COLD", **KEYS)
    created = dynamodb.create_table(TableName=unique_name, TableClass=infrequent, **KEYS)
    assert created["TableDescription"]["TableClassSummary"]["TableClass"] == infrequent
    assert table_class() == infrequent
    dynamodb.update_table(TableName=unique_name, TableClass="STANDARD")
    assert table_class() == "STANDARD"


def test_a_table_in_a_stack_keeps_its_class(
    aws: Any, stacks: StackDriver, unique_name: str
) -> None:
    """CloudFormation Template Reference, AWS::DynamoDB::Table: TableClass."""
    infrequent = "STANDARD_INFREQUENT_ACCESS"
    properties = {"TableName": unique_name, "TableClass": infrequent, **KEYS}
    stacks.create(
        unique_name, {"Table": {"Type": "AWS::DynamoDB::Table", "Properties": properties}}
    )
    table = aws("dynamodb").describe_table(TableName=unique_name)["Table"]
    assert table["TableClassSummary"]["TableClass"] == infrequent


def test_a_table_in_a_stack_is_held_to_the_rules_of_create_table(
    stacks: StackDriver, unique_name: str
) -> None:
    """CreateTable in the DynamoDB API Reference: AttributeDefinitions describe the keys."""
    sorted_keys = [*KEYS["KeySchema"], {"AttributeName": "sort", "KeyType": "RANGE"}]
    properties = {**KEYS, "KeySchema": sorted_keys}

    stack = stacks.create(
        unique_name, {"Table": {"Type": "AWS::DynamoDB::Table", "Properties": properties}}
    )

    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    assert "no definition" in stacks.failures(unique_name)["Table"]


def attribute(name: str) -> dict[str, str]:
    return {"AttributeName": name, "AttributeType": "S"}


def local_index(*keys: str, name: str = "local") -> dict[str, Any]:
    kinds = zip(keys, ("HASH", "RANGE"), strict=False)
    return {
        "IndexName": name,
        "KeySchema": [{"AttributeName": key, "KeyType": kind} for key, kind in kinds],
        "Projection": {"ProjectionType": "ALL"},
    }


@pytest.mark.parametrize(
    ("table_keys", "indexes", "message"),
    [
        (("id",), [local_index("id", "r")], "Table KeySchema does not have a range key"),
        (("id", "s"), [local_index("id")], "Index KeySchema does not have a range key"),
        (
            ("id", "s"),
            [local_index("r", "s")],
            "for index: local. index hash key: r, table hash key: id",
        ),
        (("id", "s"), [local_index("id", "r")] * 2, "Duplicate index name: local"),
    ],
)
def test_a_local_index_shares_the_tables_partition_key(
    aws: Any,
    unique_name: str,
    table_keys: tuple[str, ...],
    indexes: list[dict[str, Any]],
    message: str,
) -> None:
    """Amazon DynamoDB Developer Guide, "Local secondary indexes"."""
    used = {*table_keys, *(key["AttributeName"] for each in indexes for key in each["KeySchema"])}
    with pytest.raises(ClientError, match=message):
        aws("dynamodb").create_table(
            TableName=unique_name,
            KeySchema=local_index(*table_keys)["KeySchema"],
            AttributeDefinitions=[attribute(name) for name in sorted(used)],
            BillingMode="PAY_PER_REQUEST",
            LocalSecondaryIndexes=indexes,
        )


def test_an_update_keeps_the_definitions_of_other_keys(aws: Any, unique_name: str) -> None:
    """Amazon DynamoDB API Reference, UpdateTable: the new index's key attributes are enough."""
    dynamodb = aws("dynamodb")
    create_table(dynamodb, unique_name)
    index = {**local_index("by"), "IndexName": "global"}

    dynamodb.update_table(
        TableName=unique_name,
        AttributeDefinitions=[attribute("by")],
        GlobalSecondaryIndexUpdates=[{"Create": index}],
    )

    table = dynamodb.describe_table(TableName=unique_name)["Table"]
    assert [each["AttributeName"] for each in table["AttributeDefinitions"]] == ["id", "by"]


@pytest.mark.parametrize(
    ("given", "returned"),
    [
        ("1.0", "1"),
        ("00042", "42"),
        ("-0", "0"),
        ("0.000", "0"),
        ("1.5E2", "150"),
        ("+5", "5"),
        ("0.10", "0.1"),
        ("1e-3", "0.001"),
        ("9" * 38, "9" * 38),
        ("9" * 38 + "000", "9" * 38 + "000"),
        ("1E125", "1" + "0" * 125),
        ("1E-130", "0." + "0" * 129 + "1"),
    ],
)
def test_a_number_is_returned_in_its_shortest_form(given: str, returned: str) -> None:
    """Amazon DynamoDB Developer Guide, "Data types": leading and trailing zeroes are trimmed."""
    assert canonical(given) == returned


@pytest.mark.parametrize(
    "number",
    ["1" * 39, "1E126", "-1E126", "1E-131", "abc", "", " 1", "1_0", "NaN", "Infinity", "\u0663"],
)
def test_what_is_no_number_of_dynamodb_is_refused(aws: Any, unique_name: str, number: str) -> None:
    """Amazon DynamoDB Developer Guide, "Data types": 38 digits, 1E-130 to 9.9...E+125."""
    dynamodb = aws("dynamodb")
    create_table(dynamodb, unique_name)
    item = {"id": {"S": "1"}, "nested": {"M": {"N": {"L": [{"N": number}]}}}}
    with pytest.raises(ClientError, match="ValidationException"):
        dynamodb.put_item(TableName=unique_name, Item=item)


def test_numbers_that_are_equal_are_one(aws: Any, unique_name: str) -> None:
    """As keys and in sets; a request's set has each value once."""
    dynamodb = aws("dynamodb")
    keys = {**KEYS, "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "N"}]}
    dynamodb.create_table(TableName=unique_name, **keys)
    one = {"id": {"N": "1.0"}}
    dynamodb.put_item(TableName=unique_name, Item={**one, "v": {"NS": ["1", "2"]}})
    dynamodb.update_item(
        TableName=unique_name,
        Key=one,
        UpdateExpression="ADD v :more",
        ExpressionAttributeValues={":more": {"NS": ["1.00", "3"]}},
    )
    found = dynamodb.get_item(TableName=unique_name, Key={"id": {"N": "1"}})["Item"]
    assert (found["id"]["N"], sorted(found["v"]["NS"])) == ("1", ["1", "2", "3"])
    for twice in ({"SS": ["a", "a"]}, {"NS": ["1", "1.0"]}):
        with pytest.raises(ClientError, match="contains duplicates"):
            dynamodb.put_item(TableName=unique_name, Item={**one, "v": twice})


@pytest.mark.parametrize("filtered", [False, True])
@pytest.mark.parametrize("read", ["scan", "query"])
def test_a_page_is_the_last_only_without_a_key(
    aws: Any, unique_name: str, read: str, filtered: bool
) -> None:
    """Amazon DynamoDB Developer Guide, "Paginating table query results"."""
    dynamodb = aws("dynamodb")
    create_table(dynamodb, unique_name)
    dynamodb.put_item(TableName=unique_name, Item=ITEM)
    call: dict[str, Any] = {"TableName": unique_name}
    values: dict[str, Any] = {}
    if read == "query":
        call["KeyConditionExpression"] = "id = :id"
        values[":id"] = ITEM["id"]
    if filtered:
        call["FilterExpression"] = "nothing = :nothing"
        values[":nothing"] = {"S": "nothing"}
    if values:
        call["ExpressionAttributeValues"] = values
    page = getattr(dynamodb, read)(**call, Limit=1)
    assert page["Count"] == (0 if filtered else 1)
    key = page["LastEvaluatedKey"]
    assert key == {"id": ITEM["id"]}
    rest = getattr(dynamodb, read)(**call, Limit=1, ExclusiveStartKey=key)
    assert (rest["Count"], rest.get("LastEvaluatedKey")) == (0, None)
    assert "LastEvaluatedKey" not in getattr(dynamodb, read)(**call, Limit=2)
