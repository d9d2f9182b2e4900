"""dynamodb_items: both forms of an item, the key schema, and what DynamoDB leaves unprocessed."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import dynamodb_items
import pytest
from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError

ROOT = Path(__file__).resolve().parents[3]

RunModule = Callable[..., dict[str, Any]]
Client = Callable[[str], Any]


@pytest.fixture
def table(aws: Client) -> str:
    name = f"table-{uuid4().hex[:8]}"
    aws("dynamodb").create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": "MediaType", "AttributeType": "S"},
            {"AttributeName": "ItemId", "AttributeType": "N"},
        ],
        KeySchema=[
            {"AttributeName": "MediaType", "KeyType": "HASH"},
            {"AttributeName": "ItemId", "KeyType": "RANGE"},
        ],
    )
    return name


def held(aws: Client, table: str) -> list[dict[str, Any]]:
    return aws("dynamodb").scan(TableName=table)["Items"]


DUNE = {"MediaType": "Book", "ItemId": 1, "Title": "Dune", "Stars": 4.5, "Tags": ["a", "b"]}
DUNE_TYPED = {
    "MediaType": {"S": "Book"},
    "ItemId": {"N": "1"},
    "Title": {"S": "Dune"},
    "Stars": {"N": "4.5"},
    "Tags": {"L": [{"S": "a"}, {"S": "b"}]},
}


def test_plain_and_typed_items_are_the_same(run_module: RunModule, aws: Client, table: str) -> None:
    assert run_module("dynamodb_items", table=table, items=[DUNE])["changed"]
    assert held(aws, table) == [DUNE_TYPED]
    assert not run_module("dynamodb_items", table=table, items=[DUNE_TYPED])["changed"]


def test_writes_only_what_differs(run_module: RunModule, aws: Client, table: str) -> None:
    other = {"MediaType": "Song", "ItemId": 7, "Title": "Ahead by a Century"}
    run_module("dynamodb_items", table=table, items=[DUNE, other])
    changed = DUNE | {"Title": "Dune Messiah"}
    result = run_module("dynamodb_items", table=table, items=[changed, other])
    assert result["changed_keys"] == [{"MediaType": "Book", "ItemId": 1}]
    assert result["diff"] == {"before": {"items": [DUNE]}, "after": {"items": [changed]}}
    assert len(held(aws, table)) == 2


def test_deletes_by_key_and_leaves_the_rest(run_module: RunModule, aws: Client, table: str) -> None:
    other = DUNE | {"ItemId": 2}
    run_module("dynamodb_items", table=table, items=[DUNE, other])
    keys = [{"MediaType": "Book", "ItemId": 1}, {"MediaType": "Book", "ItemId": 99}]
    result = run_module("dynamodb_items", table=table, items=keys, state="absent")
    assert result["changed_keys"] == keys[:1]
    assert result["diff"] == {"before": {"items": [DUNE]}, "after": {"items": []}}
    assert [item["ItemId"]["N"] for item in held(aws, table)] == ["2"]


def test_more_items_than_one_batch_holds(run_module: RunModule, aws: Client, table: str) -> None:
    items = [{"MediaType": "Book", "ItemId": number} for number in range(130)]
    assert run_module("dynamodb_items", table=table, items=items)["changed"]
    assert len(held(aws, table)) == 130
    assert not run_module("dynamodb_items", table=table, items=items)["changed"]


@pytest.mark.parametrize(
    ("items", "message"),
    [
        ([{"MediaType": "Book"}], "lacks the table's key attribute ItemId."),
        (
            [DUNE, DUNE_TYPED],
            "same MediaType and ItemId, {'MediaType': 'Book', 'ItemId': 1}: give each item once.",
        ),
        ([DUNE_TYPED | {"Title": "Dune"}], "cannot be stored in DynamoDB"),
        ([DUNE_TYPED | {"Title": {"X": "Dune"}}], "cannot be stored in DynamoDB"),
        ([DUNE_TYPED | {"Title": {"B": "RHVuZQ=="}}], "cannot be stored in DynamoDB"),
    ],
)
def test_bad_items_are_refused_before_anything_is_written(
    run_module: RunModule, aws: Client, table: str, items: list[dict[str, Any]], message: str
) -> None:
    good = {"MediaType": "Song", "ItemId": 1}
    result = run_module("dynamodb_items", table=table, items=[good, *items])
    assert result["failed"]
    assert message in result["msg"]
    assert held(aws, table) == []


@pytest.mark.parametrize(
    "number",
    [
        int("1" * 40),
        {"N": "1" * 40},
        {"N": "1E+200"},
        {"N": "1E-200"},
        [{"deep": int("1" * 39)}],
    ],
    ids=str,
)
def test_a_number_that_dynamodb_cannot_hold_is_named_with_its_attribute(
    run_module: RunModule, aws: Client, table: str, number: Any
) -> None:
    item = DUNE_TYPED if isinstance(number, dict) else DUNE
    result = run_module("dynamodb_items", table=table, items=[item | {"Stars": number}])
    assert result["failed"]
    assert result["msg"].endswith(
        "cannot be stored in DynamoDB: its attribute Stars: a number has at most 38 digits, "
        "and a magnitude of 1E-130 to 9.99E+125 unless it is 0."
    )
    assert "\n" not in result["msg"]
    assert held(aws, table) == []


@pytest.mark.parametrize("text", ["abc", "", "-Infinity", "NaN"])
@pytest.mark.parametrize("name", ["ItemId", "Stars"])
def test_what_is_no_number_is_named_with_its_attribute(
    run_module: RunModule, table: str, name: str, text: str
) -> None:
    run_module("dynamodb_items", table=table, items=[DUNE])
    result = run_module("dynamodb_items", table=table, items=[DUNE_TYPED | {name: {"N": text}}])
    assert result["failed"]
    assert result["msg"].endswith(f"its attribute {name}: an N is not a number.")


def test_without_boto3_it_says_what_to_install(tmp_path: Path) -> None:
    """In amazon.aws's own words: `AnsibleAWSModule` looks for it first."""
    for name in ("boto3", "botocore"):
        (tmp_path / f"{name}.py").write_text("raise ImportError('not here')")
    done = subprocess.run(
        [
            *(Path(sys.executable).with_name("ansible"), "localhost", "-m", "dynamodb_items"),
            *("-a", json.dumps({"table": "t", "items": []})),
            *("-e", f"ansible_python_interpreter={sys.executable}"),
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(tmp_path), "ANSIBLE_LOAD_CALLBACK_PLUGINS": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Failed to import the required Python library (botocore and boto3)" in done.stdout


def test_a_missing_table_is_named(run_module: RunModule) -> None:
    result = run_module("dynamodb_items", table="no-such", items=[DUNE])
    assert result["msg"].startswith("Failed to describe table no-such: ")


class ThrottledClient:
    """A real client of a table that has capacity for `capacity` entries of each batch."""

    def __init__(self, client: Any, capacity: int) -> None:
        self._client = client
        self._capacity = capacity

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def batch_write_item(self, RequestItems: dict[str, list[Any]]) -> dict[str, Any]:  # noqa: N803 - boto3's
        ((table, requests),) = RequestItems.items()
        processed, left = requests[: self._capacity], requests[self._capacity :]
        if processed:
            self._client.batch_write_item(RequestItems={table: processed})
        return {"UnprocessedItems": {table: left} if left else {}}

    def batch_get_item(self, RequestItems: dict[str, Any]) -> dict[str, Any]:  # noqa: N803 - boto3's
        ((table, request),) = RequestItems.items()
        processed = request | {"Keys": request["Keys"][: self._capacity]}
        left = request | {"Keys": request["Keys"][self._capacity :]}
        answer = self._client.batch_get_item(RequestItems={table: processed})
        return answer | {"UnprocessedKeys": {table: left} if left["Keys"] else {}}


def test_sends_again_what_was_left_unprocessed(
    aws: Client, table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dynamodb_items, "INTERVAL_SECONDS", 0)
    throttled = dynamodb_items.Table(ThrottledClient(aws("dynamodb"), 2), table, timeout_seconds=20)
    items = [{"MediaType": "Book", "ItemId": number} for number in range(5)]
    assert dynamodb_items.ensure(throttled, items, "present", check_mode=False)["changed"]
    assert len(held(aws, table)) == 5
    assert not dynamodb_items.ensure(throttled, items, "present", check_mode=False)["changed"]


def test_gives_up_on_a_table_that_takes_nothing(aws: Client, table: str) -> None:
    stuck = dynamodb_items.Table(ThrottledClient(aws("dynamodb"), 0), table, timeout_seconds=0)
    with pytest.raises(AnsibleAWSError, match=f"left 1 of 1 items of table {table} unprocessed"):
        stuck.put([{"MediaType": {"S": "Book"}, "ItemId": {"N": "1"}}])
