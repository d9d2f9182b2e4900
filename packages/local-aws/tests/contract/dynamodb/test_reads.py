"""Projections, values returned by updates, and what a query can ask for."""

from __future__ import annotations

from typing import Any

import pytest
from refusals import refusal_of

KEY = {"p": {"S": "a"}, "s": {"S": "1"}}
MAPS = {"L": [{"M": {"a": {"S": "0"}, "b": {"S": "1"}}}, {"M": {"a": {"S": "2"}}}]}
ITEM = {
    **KEY,
    "l": {"L": [{"S": "0"}, {"S": "1"}, {"S": "2"}]},
    "m": {"M": {"a": {"N": "1"}, "b": {"N": "2"}, "x": {"B": b"ab"}}},
    "o": MAPS,
    "with.dot": {"NS": ["1"]},
}


@pytest.fixture(scope="module")
def dynamodb(aws: Any) -> Any:
    return aws("dynamodb")


@pytest.fixture(scope="module")
def table(dynamodb: Any) -> str:
    dynamodb.create_table(
        TableName="reads",
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
    return "reads"


@pytest.fixture
def item(dynamodb: Any, table: str) -> dict[str, Any]:
    """What names the item."""
    dynamodb.put_item(TableName=table, Item=ITEM)
    return {"TableName": table, "Key": KEY}


@pytest.mark.parametrize(
    ("expression", "projected"),
    [
        ("l[2], l[0]", {"l": {"L": [{"S": "0"}, {"S": "2"}]}}),
        ("m.a, m.x", {"m": {"M": {"a": {"N": "1"}, "x": {"B": b"ab"}}}}),
        ("o[1].a, o[0].b", {"o": {"L": [{"M": {"b": {"S": "1"}}}, {"M": {"a": {"S": "2"}}}]}}),
        ("#d, m.zz, l[9]", {"with.dot": {"NS": ["1"]}}),
    ],
)
def test_a_projection_has_what_stands_at_its_paths(
    dynamodb: Any, item: dict[str, Any], expression: str, projected: dict[str, Any]
) -> None:
    """Developer Guide, "Using projection expressions": in transactions, too."""
    asked: dict[str, Any] = {**item, "ProjectionExpression": expression}
    if "#d" in expression:
        asked["ExpressionAttributeNames"] = {"#d": "with.dot"}
    assert dynamodb.get_item(**asked)["Item"] == projected
    read = dynamodb.transact_get_items(TransactItems=[{"Get": asked}])
    assert read["Responses"] == [{"Item": projected}]


@pytest.mark.parametrize(
    ("expression", "old", "new"),
    [
        ("SET m.a = :v", {"m": {"M": {"a": {"N": "1"}}}}, {"m": {"M": {"a": {"N": "5"}}}}),
        ("SET l[1] = :v", {"l": {"L": [{"S": "1"}]}}, {"l": {"L": [{"N": "5"}]}}),
        ("SET n = :v", None, {"n": {"N": "5"}}),
        ("REMOVE m.b", {"m": {"M": {"b": {"N": "2"}}}}, None),
    ],
)
def test_updated_values_are_those_at_the_paths_of_the_update(
    dynamodb: Any, item: dict[str, Any], expression: str, old: Any, new: Any
) -> None:
    """ReturnValues in API_UpdateItem; users' recordings of AWS; also of a value that stays."""
    values = {"ExpressionAttributeValues": {":v": {"N": "5"}}} if ":v" in expression else {}
    asked = {**item, "UpdateExpression": expression, **values}
    assert dynamodb.update_item(**asked, ReturnValues="UPDATED_OLD").get("Attributes") == old
    assert dynamodb.update_item(**asked, ReturnValues="UPDATED_NEW").get("Attributes") == new


def test_a_transaction_reads_a_hundred_items_each_once(dynamodb: Any, table: str) -> None:
    """API_TransactGetItems: "up to 100 items"; recorded from AWS: no item twice."""
    gets = [
        {"Get": {"TableName": table, "Key": {**KEY, "s": {"S": str(number)}}}}
        for number in range(100)
    ]
    assert len(dynamodb.transact_get_items(TransactItems=gets)["Responses"]) == len(gets)
    refused = refusal_of(dynamodb.transact_get_items, TransactItems=gets[:1] * 2)
    words = "Transaction request cannot include multiple operations on one item"
    assert refused == (400, "ValidationException", words)


def test_an_update_that_only_the_item_refuses_cancels_a_transaction(
    dynamodb: Any, item: dict[str, Any]
) -> None:
    """TransactionCanceledException in the API Reference: ValidationError."""
    update = {
        **item,
        "UpdateExpression": "ADD m :n",
        "ExpressionAttributeValues": {":n": {"N": "1"}},
    }
    with pytest.raises(dynamodb.exceptions.TransactionCanceledException) as cancelled:
        dynamodb.transact_write_items(TransactItems=[{"Update": update}])
    assert cancelled.value.response["CancellationReasons"] == [
        {
            "Code": "ValidationError",
            "Message": "An operand in the update expression has an incorrect data type",
        }
    ]


def test_an_update_that_is_refused_changes_nothing(dynamodb: Any, item: dict[str, Any]) -> None:
    """API_UpdateItem: an item is updated as a whole."""
    values = {":a": {"S": "x" * 300_000}, ":b": {"S": "x" * 300_000}}
    refused = refusal_of(
        dynamodb.update_item,
        **item,
        UpdateExpression="SET a = :a, b = :b",
        ExpressionAttributeValues=values,
    )
    assert refused[:2] == (400, "ValidationException")
    assert dynamodb.get_item(**item)["Item"] == ITEM


INVALID = "One or more parameter values were invalid: "


@pytest.mark.parametrize(
    ("call", "asked", "words"),
    [
        (
            "query",
            {"KeyConditionExpression": "p = :v", "FilterExpression": "s = :v"},
            (
                "Filter Expression can only contain non-primary key attributes: Primary key "
                "attribute: s"
            ),
        ),
        (
            "query",
            {"KeyConditionExpression": "p = :n"},
            f"{INVALID}Condition parameter type does not match schema type",
        ),
        (
            "query",
            {"KeyConditionExpression": "p = :v", "IndexName": "none"},
            "The table does not have the specified index: none",
        ),
        (
            "scan",
            {"Segment": 2, "TotalSegments": 2},
            "The Segment parameter is zero-based and must be less than parameter TotalSegments",
        ),
        (
            "scan",
            {"FilterExpression": f"a IN ({', '.join([':v'] * 101)})"},
            (
                "Invalid FilterExpression: The IN operator is provided with too many operands; "
                "number of operands: 101"
            ),
        ),
    ],
    ids=("filter on a key", "type", "index", "segment", "IN"),
)
def test_a_query_that_cannot_be_is_refused(
    dynamodb: Any, table: str, call: str, asked: dict[str, Any], words: str
) -> None:
    """API_Query, API_Scan; recorded from AWS."""
    values = {":v": {"S": "a"}, ":n": {"N": "1"}}
    text = " ".join(map(str, asked.values()))
    used = {name: value for name, value in values.items() if name in text}
    given = {"ExpressionAttributeValues": used} if used else {}
    refused = refusal_of(getattr(dynamodb, call), TableName=table, **asked, **given)
    assert refused == (400, "ValidationException", words)


def test_partiql_inserts_new_items_only(dynamodb: Any, table: str, item: dict[str, Any]) -> None:
    """DuplicateItemException in the API Reference; words as reported."""
    insert = f"INSERT INTO \"{table}\" VALUE {{'p': 'a', 's': '1'}}"
    refused = refusal_of(dynamodb.execute_statement, Statement=insert)
    words = "Duplicate primary key exists in table"
    assert refused == (400, "DuplicateItemException", words)
    assert dynamodb.get_item(**item)["Item"] == ITEM
