"""The keys and items that a request names, each with the name of its table.

Source: the inputs of GetItem, PutItem, UpdateItem and DeleteItem, of their batches and transactions
in the DynamoDB API Reference.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def keys(asked: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each key that a request names, with the name of its table."""
    for each in (asked, *_actions(asked)):
        if "TableName" in each and "Key" in each:
            yield each["TableName"], each["Key"]
    for name, items in asked.get("RequestItems", {}).items():
        keys = items["Keys"] if isinstance(items, Mapping) else _deleted(items)
        yield from ((name, key) for key in keys)


def items(asked: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each item that a request puts, with the name of its table."""
    for each in (asked, *_actions(asked)):
        if "TableName" in each and "Item" in each:
            yield each["TableName"], each["Item"]
    for name, writes in asked.get("RequestItems", {}).items():
        if not isinstance(writes, Mapping):
            yield from (
                (name, each["PutRequest"]["Item"]) for each in writes if "PutRequest" in each
            )


def _actions(asked: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Those of a transaction: Get, Update, Delete, ConditionCheck."""
    for item in asked.get("TransactItems", []):
        yield from item.values()


def _deleted(writes: list[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    return (each["DeleteRequest"]["Key"] for each in writes if "DeleteRequest" in each)
