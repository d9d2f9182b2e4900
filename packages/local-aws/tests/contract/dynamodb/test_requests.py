"""Values, keys and expressions that DynamoDB cannot take are the client's mistake."""

from __future__ import annotations

import re
from typing import Any

import pytest
from botocore.exceptions import ClientError
from refusals import refusal_of

NONE = "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"
SEVERAL = (
    "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the "
    "supported datatypes"
)
DETECTED = "1 validation error detected: "
INVALID = "One or more parameter values were invalid: "
NO_NAME = "An expression attribute name used in the document path is not defined"
NO_VALUE = "An expression attribute value used in expression is not defined"
NO_FIT = "The provided key element does not match the schema"


@pytest.fixture(scope="module")
def table(aws: Any) -> str:
    aws("dynamodb").create_table(
        TableName="requests",
        KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return "requests"


@pytest.mark.parametrize(
    ("call", "given", "words"),
    [
        ("get_item", {"Key": {"k": {}}}, NONE),
        ("get_item", {"Key": {"k": {"S": "a", "N": "1"}}}, SEVERAL),
        ("put_item", {"Item": {"k": {"S": "a"}, "l": {"L": [{}]}}}, f"{DETECTED}{NONE}"),
        ("put_item", {"Item": {"k": {"S": "a"}, "n": {"NULL": False}}},
         f"{DETECTED}{INVALID}Null attribute value types must have the value of true"),
        ("scan", {"FilterExpression": "a = :a", "ExpressionAttributeValues": {":a": {}}},
         f"ExpressionAttributeValues contains invalid value: {NONE} for key :a"),
    ],
)  # fmt: skip
def test_a_value_is_of_exactly_one_type(
    aws: Any, table: str, call: str, given: dict[str, Any], words: str
) -> None:
    """API_AttributeValue: "Each attribute value is described as a name-value pair"; reported."""
    refused = refusal_of(getattr(aws("dynamodb"), call), TableName=table, **given)
    assert refused == (400, "ValidationException", words)


def test_a_write_is_exactly_one(aws: Any, table: str) -> None:
    """API_WriteRequest, API_TransactWriteItem: one of the operations; reported."""
    dynamodb = aws("dynamodb")
    refused = refusal_of(dynamodb.batch_write_item, RequestItems={table: [{}]})
    assert refused == (400, "ValidationException", SEVERAL)
    refused = refusal_of(dynamodb.transact_write_items, TransactItems=[{}])
    assert refused[:2] == (400, "ValidationException")


@pytest.mark.parametrize("key", [{"SS": ["a"]}, {"M": {}}, {"N": "1"}])
def test_a_key_is_of_its_table_s_type(aws: Any, table: str, key: dict[str, Any]) -> None:
    """Reported of DynamoDB: the provided key element does not match the schema."""
    dynamodb = aws("dynamodb")
    of_table = {"TableName": table, "Key": {"k": key}}
    deletion = {"DeleteRequest": {"Key": {"k": key}}}
    for call, given in (
        (dynamodb.get_item, of_table),
        (dynamodb.delete_item, of_table),
        (dynamodb.update_item, of_table),
        (dynamodb.batch_get_item, {"RequestItems": {table: {"Keys": [{"k": key}]}}}),
        (dynamodb.batch_write_item, {"RequestItems": {table: [deletion]}}),
        (dynamodb.transact_get_items, {"TransactItems": [{"Get": of_table}]}),
    ):
        assert refusal_of(call, **given) == (400, "ValidationException", NO_FIT)


def test_an_item_has_a_key_of_its_table_s_type(aws: Any, table: str) -> None:
    """Reported of DynamoDB: type mismatch for key."""
    status, code, words = refusal_of(
        aws("dynamodb").put_item, TableName=table, Item={"k": {"SS": ["a"]}}
    )
    assert (status, code) == (400, "ValidationException")
    assert words.endswith("Type mismatch for key k expected: S actual: SS")


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("#a = k", f"{NO_NAME}; attribute name: #a"),
        ("k = :a", f"{NO_VALUE}; attribute value: :a"),
        ("'\"<>&", "Syntax error; the local AWS does not read: '\"<>&"),
        ("k", "Syntax error; the local AWS does not read: k"),
    ],
)  # fmt: skip
def test_an_expression_that_cannot_be_evaluated_is_refused(
    aws: Any, table: str, expression: str, words: str
) -> None:
    """Reported of DynamoDB, where the kind of the expression comes first."""
    dynamodb, of_table = aws("dynamodb"), {"TableName": table}
    dynamodb.put_item(**of_table, Item={"k": {"S": "a"}})
    item = {**of_table, "Key": {"k": {"S": "a"}}, "ConditionExpression": expression}
    flaw = f"Invalid ConditionExpression: {words}"
    refused = refusal_of(dynamodb.delete_item, **item)
    assert refused == (400, "ValidationException", f"{DETECTED}{flaw}")
    refused = refusal_of(dynamodb.transact_write_items, TransactItems=[{"Delete": item}])
    assert refused == (400, "ValidationException", flaw)
    refused = refusal_of(dynamodb.scan, **of_table, FilterExpression=expression)
    assert refused == (400, "ValidationException", f"Invalid FilterExpression: {words}")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"SS": []}, f"{INVALID}An string set  may not be empty"),
        ({"NS": []}, f"{INVALID}An number set  may not be empty"),
        ({"BS": []}, f"{INVALID}Binary sets should not be empty"),
        ({"N": "x"}, "The parameter cannot be converted to a numeric value: x"),
    ],
    ids=["SS", "NS", "BS", "N"],
)
def test_writes_of_one_item_count_the_flaws_of_a_request(
    aws: Any, table: str, value: dict[str, Any], words: str
) -> None:
    """Recorded from AWS in October 2026: PutItem, UpdateItem, DeleteItem; not batches or reads."""
    dynamodb, of_table, key = aws("dynamodb"), {"TableName": table}, {"k": {"S": "a"}}
    values = {"ExpressionAttributeValues": {":v": value}}
    update = {**of_table, "Key": key, "UpdateExpression": "SET v = :v", **values}
    delete = {**of_table, "Key": key, "ConditionExpression": "v = :v", **values}
    item = {**key, "m": {"M": {"v": value}}}
    for refused in (
        refusal_of(dynamodb.put_item, **of_table, Item=item),
        refusal_of(dynamodb.update_item, **of_table, Key={"k": value}),
        refusal_of(dynamodb.update_item, **update),
        refusal_of(dynamodb.delete_item, **delete),
    ):
        assert refused == (400, "ValidationException", f"{DETECTED}{words}")
    batch = {table: [{"PutRequest": {"Item": item}}]}
    refused = refusal_of(dynamodb.batch_write_item, RequestItems=batch)
    assert refused == (400, "ValidationException", words)
    refused = refusal_of(dynamodb.get_item, **of_table, Key={"k": value})
    assert refused == (400, "ValidationException", words)


def test_reads_count_the_flaws_of_select_alone(aws: Any, table: str) -> None:
    """Verified on AWS by moto's tests: Query and Scan, "Select"."""
    dynamodb, of_table = aws("dynamodb"), {"TableName": table}
    projected = {"Select": "COUNT", "ProjectionExpression": "k"}
    words = "Cannot specify the ProjectionExpression when choosing to get only the Count"
    refused = refusal_of(dynamodb.scan, **of_table, **projected)
    assert refused == (400, "ValidationException", f"{DETECTED}{words}")
    refused = refusal_of(dynamodb.scan, **of_table, FilterExpression="")
    words = "Invalid FilterExpression: The expression can not be empty;"
    assert refused == (400, "ValidationException", words)


@pytest.mark.parametrize("statement", ["x", "a b", "SELECT"])
def test_a_statement_that_is_none_is_refused(aws: Any, table: str, statement: str) -> None:  # noqa: ARG001 - there is data
    """API_ExecuteStatement: ValidationException."""
    refused = refusal_of(aws("dynamodb").execute_statement, Statement=statement)
    assert refused[:2] == (400, "ValidationException")


KEY = {"Id": {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": "a"}]}}


@pytest.mark.parametrize(
    ("call", "request_", "says"),
    [
        (
            "query",
            {"KeyConditions": KEY, "ProjectionExpression": "Id"},
            "parameters: {KeyConditions} Expression parameters: {ProjectionExpression}",
        ),
        (
            "scan",
            {"ScanFilter": KEY, "FilterExpression": "attribute_exists(Id)"},
            "parameters: {ScanFilter} Expression parameters: {FilterExpression}",
        ),
        ("query", {"QueryFilter": KEY}, "Either the KeyConditions or KeyConditionExpression"),
    ],
)
def test_expressions_do_not_stand_beside_what_was_before_them(
    aws: Any, table: str, call: str, request_: dict[str, Any], says: str
) -> None:
    """DynamoDB Developer Guide, "Legacy conditional parameters": not both in one request."""
    with pytest.raises(ClientError, match=f"ValidationException.*{re.escape(says)}"):
        getattr(aws("dynamodb"), call)(TableName=table, **request_)
