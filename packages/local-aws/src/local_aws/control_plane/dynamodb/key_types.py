"""A key is of the types of its table's, and is not empty; moto fails at a set or a map.

Source: answers of the real DynamoDB as users reported them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from moto.dynamodb.exceptions import MockValidationException
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoHandler

from local_aws.control_plane import moto_seams
from local_aws.control_plane.dynamodb import request_items

_moto_get = Table.get_item


def install() -> None:
    moto_seams.replace(DynamoHandler, call_action=_checked(DynamoHandler.call_action))
    moto_seams.replace(Table, get_item=_get)


def _checked(call_action: Callable[[DynamoHandler], Any]) -> Any:
    def call(self: DynamoHandler) -> Any:
        tables = self.dynamodb_backend.tables
        asked = getattr(self, "params", {})
        for name, key in request_items.keys(asked):
            if name in tables and not _is_key(tables[name], key):
                raise MockValidationException("The provided key element does not match the schema")
        for name, item in (*request_items.keys(asked), *request_items.items(asked)):
            if name in tables:
                _require_content(tables[name], item)
        for name, writes in asked.get("RequestItems", {}).items():
            if name in tables and isinstance(writes, list):
                _require_distinct(tables[name], writes)
        _require_start(tables.get(str(asked.get("TableName"))), asked)
        return call_action(self)

    return call


def _is_key(table: Table, key: Mapping[str, Any]) -> bool:
    return key.keys() == set(table.table_key_attrs) and _fits(table, key)


def _fits(table: Table, key: Mapping[str, Any]) -> bool:
    types = {table.hash_key_attr: table.hash_key_type, table.range_key_attr: table.range_key_type}
    return all(types[name] in value for name, value in key.items() if name in types)


def _require_content(table: Table, item: Mapping[str, Any]) -> None:
    for name in table.table_key_attrs:
        for kind, word in (("S", "string"), ("B", "binary")):
            if item.get(name, {}).get(kind) in ("", b""):
                raise MockValidationException(
                    "One or more parameter values are not valid. The AttributeValue for a key "
                    f"attribute cannot contain an empty {word} value. Key: {name}"
                )


def _require_distinct(table: Table, writes: list[Mapping[str, Any]]) -> None:
    """A batch writes each item once."""
    keys = []
    for write in writes:
        of_item = write["PutRequest"]["Item"] if "PutRequest" in write else None
        item = write["DeleteRequest"]["Key"] if of_item is None else of_item
        keys.append([item.get(name) for name in table.table_key_attrs])
    if any(key in keys[:place] for place, key in enumerate(keys)):
        raise MockValidationException("Provided list of item keys contains duplicates")


def _require_start(table: Table | None, asked: Mapping[str, Any]) -> None:
    """A page starts after a key of the table, and of the index that is read."""
    start = asked.get("ExclusiveStartKey")
    if table is None or not start:
        return
    read = [each for each in table.all_indexes() if each.name == asked.get("IndexName")]
    expected = {*table.table_key_attrs, *(key for index in read for key in index.schema_key_attrs)}
    if expected != start.keys() or not _fits(table, start):
        raise MockValidationException(
            "The provided starting key is invalid: The provided key element does not match the "
            "schema"
        )


def _get(
    self: Table,
    hash_key: DynamoType,
    range_key: DynamoType | None = None,
    projection_expression: list[list[str]] | None = None,
) -> Any:
    """No item has a key of another type, which PutItem refuses after it has looked."""
    types = ((hash_key, self.hash_key_type), (range_key, self.range_key_type))
    if any(key is not None and key.type != expected for key, expected in types):
        return None
    return _moto_get(self, hash_key, range_key, projection_expression)
