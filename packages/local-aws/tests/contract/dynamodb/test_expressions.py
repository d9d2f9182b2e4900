"""What DynamoDB says of expressions before it looks at an item, and what updates make of one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from refusals import refusal_of

KEY = {"k": {"S": "a"}}
ITEM = {"l": {"L": [{"S": "x"}]}, "n": {"N": "1"}, "s": {"S": "x"}}
INCORRECT = "Incorrect operand type for operator or function; operator"
OPERANDS = "Incorrect number of operands for operator or function; operator or function"
TYPES = "valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}"
REWRITE = "with each other; must remove or rewrite one of these paths;"
BOUNDS = "lower bound operand: AttributeValue: {N:5}, upper bound operand: AttributeValue: "
MISUSED = "The function is not allowed to be used this way in an expression"
NO_NAME = "An expression attribute name used in the document path is not defined"
UPWARDS = "The BETWEEN operator requires upper bound to be greater than or equal to lower bound"
ONE_TYPE = "The BETWEEN operator requires same data type for lower and upper bounds"
DISTINCT = (
    "The first operand must be distinct from the remaining operands for this operator or function;"
)
OF_UPDATES = "UpdateExpression and ConditionExpression"
NOT_USED_ALONE = "can only be specified when using expressions"
DETECTED = "1 validation error detected: "


@pytest.fixture
def table(aws: Any) -> Iterator[str]:
    dynamodb, name = aws("dynamodb"), "expressions"
    dynamodb.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    dynamodb.put_item(TableName=name, Item={**KEY, **ITEM})
    yield name
    dynamodb.delete_table(TableName=name)


def defined(values: dict[str, Any]) -> dict[str, Any]:
    return {"ExpressionAttributeValues": values} if values else {}


@pytest.mark.parametrize(
    ("expression", "values", "words"),
    [
        ("", {}, "The expression can not be empty;"),
        ("name = :v", {":v": {"S": "x"}},
         "Attribute name is a reserved keyword; reserved keyword: name"),
        ("foo(s)", {}, "Invalid function name; function: foo"),
        ("s = if_not_exists(a, :v)", {":v": {"S": "x"}},
         "The function is not allowed in a condition expression; function: if_not_exists"),
        ("s = begins_with(a, :v)", {":v": {"S": "x"}},
         f"{MISUSED}; function: begins_with"),
        ("attribute_exists(a, b)", {}, f"{OPERANDS}: attribute_exists, number of operands: 2"),
        ("attribute_exists(:v)", {":v": {"S": "x"}},
         "Operator or function requires a document path; operator or function: attribute_exists"),
        ("attribute_type(s, :v)", {":v": {"S": "X"}},
         f"Invalid attribute type name found; type: X, {TYPES}"),
        ("begins_with(s, :v)", {":v": {"N": "1"}},
         f"{INCORRECT} or function: begins_with, operand type: N"),
        ("s < :v", {":v": {"BOOL": True}}, f"{INCORRECT} or function: <, operand type: BOOL"),
        ("n BETWEEN :v AND :w", {":v": {"N": "5"}, ":w": {"N": "10"}}, None),
        ("n BETWEEN :v AND :w", {":v": {"N": "5"}, ":w": {"N": "1"}},
         f"{UPWARDS}; {BOUNDS}{{N:1}}"),
        ("n BETWEEN :v AND :w", {":v": {"N": "5"}, ":w": {"S": "x"}},
         f"{ONE_TYPE}; {BOUNDS}{{S:x}}"),
        ("s = s", {},
         f"{DISTINCT} operator: =, first operand: [s]"),
        ("((attribute_exists(s)))", {}, "The expression has redundant parentheses;"),
    ],
)  # fmt: skip
def test_a_wrong_condition_is_refused_whatever_the_item_is(
    aws: Any, table: str, expression: str, values: dict[str, Any], words: str | None
) -> None:
    """DynamoDB Developer Guide, "Condition and filter expressions"; words of emulators."""
    given = {"Key": KEY, "ConditionExpression": expression, **defined(values)}
    status, code, said = refusal_of(aws("dynamodb").delete_item, TableName=table, **given)
    if words is None:
        assert code == "ConditionalCheckFailedException"
    else:
        wrong = f"{DETECTED}Invalid ConditionExpression: {words}"
        assert (status, code, said) == (400, "ValidationException", wrong)


@pytest.mark.parametrize(
    ("expression", "values", "words"),
    [
        ("SET s = attribute_exists(n)", {},
         "The function is not allowed in an update expression; function: attribute_exists"),
        ("SET s = #s", {},
         f"{NO_NAME}; attribute name: #s"),
        ("SET s.a = :v, s[1] = :v", {":v": {"S": "x"}},
         f"Two document paths conflict {REWRITE} path one: [s, a], path two: [s, [1]]"),
        ("SET s = list_append(l)", {}, f"{OPERANDS}: list_append, number of operands: 1"),
        ("SET s = list_append(l, :v)", {":v": {"S": "x"}},
         f"{INCORRECT} or function: list_append, operand type: S"),
        ("SET s = n + :v", {":v": {"S": "x"}}, f"{INCORRECT} or function: +, operand type: S"),
        ("ADD n :v", {":v": {"S": "x"}}, f"{INCORRECT}: ADD, operand type: STRING"),
        ("DELETE n :v", {":v": {"N": "1"}}, f"{INCORRECT}: DELETE, operand type: NUMBER"),
    ],
)  # fmt: skip
def test_a_wrong_update_is_refused_whatever_the_item_is(
    aws: Any, table: str, expression: str, values: dict[str, Any], words: str
) -> None:
    """DynamoDB Developer Guide, "Update expressions"; words of emulators."""
    given = {"Key": KEY, "UpdateExpression": expression, **defined(values)}
    refused = refusal_of(aws("dynamodb").update_item, TableName=table, **given)
    wrong = f"{DETECTED}Invalid UpdateExpression: {words}"
    assert refused == (400, "ValidationException", wrong)


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("", "The expression can not be empty;"),
        ("name", "Attribute name is a reserved keyword; reserved keyword: name"),
        ("a, a.b", f"Two document paths overlap {REWRITE} path one: [a], path two: [a, b]"),
    ],
)
def test_a_wrong_projection_is_refused(aws: Any, table: str, expression: str, words: str) -> None:
    """DynamoDB Developer Guide, "Projection expressions"; words of emulators."""
    given = {"TableName": table, "Key": KEY, "ProjectionExpression": expression}
    expected = (400, "ValidationException", f"Invalid ProjectionExpression: {words}")
    assert refusal_of(aws("dynamodb").get_item, **given) == expected
    transaction = [{"Get": given}]
    assert refusal_of(aws("dynamodb").transact_get_items, TransactItems=transaction) == expected


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"ExpressionAttributeNames": {"#a": "a"}}, f"ExpressionAttributeNames {NOT_USED_ALONE}"),
        ({"ExpressionAttributeValues": {":a": {"S": "a"}}},
         f"ExpressionAttributeValues {NOT_USED_ALONE}: {OF_UPDATES} are null"),
        ({"UpdateExpression": "REMOVE a", "ExpressionAttributeNames": {}},
         "ExpressionAttributeNames must not be empty"),
        ({"UpdateExpression": "REMOVE a", "ExpressionAttributeValues": {}},
         "ExpressionAttributeValues must not be empty"),
        ({"UpdateExpression": "REMOVE a", "ExpressionAttributeNames": {"a": "b"}},
         'ExpressionAttributeNames contains invalid key: Syntax error; key: "a"'),
        ({"UpdateExpression": "REMOVE a", "ExpressionAttributeValues": {"a": {"S": "b"}}},
         'ExpressionAttributeValues contains invalid key: Syntax error; key: "a"'),
    ],
)  # fmt: skip
def test_names_and_values_are_for_expressions(
    aws: Any, table: str, given: dict[str, Any], words: str
) -> None:
    """API_UpdateItem: names and values of expressions; words of emulators."""
    refused = refusal_of(aws("dynamodb").update_item, TableName=table, Key=KEY, **given)
    assert refused == (400, "ValidationException", f"{DETECTED}{words}")


@pytest.mark.parametrize(
    ("expression", "values", "name", "becomes"),
    [
        ("SET l[9] = :v, l[7] = :w", {":v": {"S": "9"}, ":w": {"S": "7"}}, "l",
         {"L": [{"S": "x"}, {"S": "7"}, {"S": "9"}]}),
        ("SET n = n + :v", {":v": {"N": "0.0000000000000000000000000000000000001"}}, "n",
         {"N": "1.0000000000000000000000000000000000001"}),
        ("SET n = (n - (:v + :v))", {":v": {"N": "2"}}, "n", {"N": "-3"}),
        ("SET s = n, n = :v", {":v": {"N": "2"}}, "s", {"N": "1"}),
    ],
)  # fmt: skip
def test_an_update_is_exact(
    aws: Any, table: str, expression: str, values: dict[str, Any], name: str, becomes: Any
) -> None:
    """DynamoDB Developer Guide, "Update expressions"; "Data types": 38 digits."""
    dynamodb, of_item = aws("dynamodb"), {"TableName": table, "Key": KEY}
    dynamodb.update_item(**of_item, UpdateExpression=expression, ExpressionAttributeValues=values)
    assert dynamodb.get_item(**of_item)["Item"][name] == becomes


def test_what_only_the_item_shows_is_no_flaw_of_the_expression(aws: Any, table: str) -> None:
    """DynamoDB Developer Guide, "Update expressions": list_append of no list."""
    refused = refusal_of(
        aws("dynamodb").update_item,
        TableName=table,
        Key=KEY,
        UpdateExpression="SET s = list_append(s, :v)",
        ExpressionAttributeValues={":v": {"L": []}},
    )
    words = "An operand in the update expression has an incorrect data type"
    assert refused == (400, "ValidationException", words)


def test_a_key_has_content(aws: Any, table: str) -> None:
    """DynamoDB Developer Guide, "Data types": keys have no empty values."""
    words = (
        "One or more parameter values are not valid. The AttributeValue for a key attribute cannot "
        "contain an empty string value. Key: k"
    )
    dynamodb, empty = aws("dynamodb"), {"k": {"S": ""}}
    for call, given in (
        (dynamodb.put_item, {"TableName": table, "Item": empty}),
        (dynamodb.get_item, {"TableName": table, "Key": empty}),
        (dynamodb.batch_get_item, {"RequestItems": {table: {"Keys": [empty]}}}),
        (dynamodb.transact_write_items,
         {"TransactItems": [{"Put": {"TableName": table, "Item": empty}}]}),
    ):  # fmt: skip
        assert refusal_of(call, **given) == (400, "ValidationException", words)


def test_a_value_has_32_levels(aws: Any, table: str) -> None:
    """DynamoDB Developer Guide, "Quotas": attributes nest up to 32 levels."""
    value: dict[str, Any] = {"S": "x"}
    for _ in range(32):
        value = {"L": [value]}
    dynamodb = aws("dynamodb")
    dynamodb.put_item(TableName=table, Item={**KEY, "a": value})
    refused = refusal_of(dynamodb.put_item, TableName=table, Item={**KEY, "a": {"L": [value]}})
    words = f"{DETECTED}Nesting Levels have exceeded supported limits"
    assert refused == (400, "ValidationException", words)


def test_sizes_and_beginnings_are_of_bytes(aws: Any, table: str) -> None:
    """DynamoDB Developer Guide, "Condition and filter expressions": size, begins_with."""
    values = {":six": {"N": "6"}, ":two": {"N": "2"}, ":b": {"B": b"a"}}
    item = {**KEY, "t": {"S": "h\u00e9llo"}, "b": {"B": b"ab"}, "n": {"N": "1"}}
    aws("dynamodb").put_item(TableName=table, Item=item)
    found = aws("dynamodb").scan(
        TableName=table,
        FilterExpression="size(t) = :six AND size(b) = :two AND begins_with(b, :b)",
        ExpressionAttributeValues=values,
    )
    assert found["Count"] == 1
    call = {"FilterExpression": "size(n) = :two", "ExpressionAttributeValues": {":two": {"N": "2"}}}
    assert aws("dynamodb").scan(TableName=table, **call)["Count"] == 0


@pytest.mark.parametrize(
    ("expression", "operator"),
    [("k = :v OR k = :v", "OR"), ("k <> :v", "<>"), ("contains(k, :v)", "contains")],
)
def test_a_key_condition_has_no_other_operators(
    aws: Any, table: str, expression: str, operator: str
) -> None:
    """DynamoDB Developer Guide, "Key condition expressions for Query"; words from memory."""
    refused = refusal_of(
        aws("dynamodb").query,
        TableName=table,
        KeyConditionExpression=expression,
        ExpressionAttributeValues={":v": {"S": "a"}},
    )
    words = f"Invalid operator used in KeyConditionExpression: {operator}"
    assert refused == (400, "ValidationException", words)


def test_a_page_starts_after_a_key(aws: Any, table: str) -> None:
    """DynamoDB Developer Guide, "Paginating table query results"; words from memory."""
    call = {"TableName": table, "ExclusiveStartKey": {"s": {"S": "x"}}}
    status, code, words = refusal_of(aws("dynamodb").scan, **call)
    assert (status, code) == (400, "ValidationException")
    assert words.startswith("The provided starting key is invalid")


def test_an_update_of_nothing_creates_the_item(aws: Any, table: str) -> None:
    """API_UpdateItem: UpdateExpression is not required; an item is added if there is none."""
    new = {"TableName": table, "Key": {"k": {"S": "new"}}}
    aws("dynamodb").update_item(**new)
    assert aws("dynamodb").get_item(**new)["Item"] == new["Key"]


def test_a_batch_writes_each_item_once(aws: Any, table: str) -> None:
    """API_BatchWriteItem: not several operations on one item; words from memory."""
    puts = [{"PutRequest": {"Item": {**KEY, "n": {"N": number}}}} for number in ("1", "2")]
    for writes in (puts, [puts[0], {"DeleteRequest": {"Key": KEY}}]):
        refused = refusal_of(aws("dynamodb").batch_write_item, RequestItems={table: writes})
        words = "Provided list of item keys contains duplicates"
        assert refused == (400, "ValidationException", words)
