"""The keys of indexes have the types that the table defines; an update is whole, or is not.

moto takes any type, and leaves half of an update that it refuses.

Source: "Working with secondary indexes" in the Amazon DynamoDB Developer Guide; answers of the real
DynamoDB as they have been recorded.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from moto.dynamodb.exceptions import MockValidationException
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import Table

from local_aws.control_plane import moto_seams
from local_aws.control_plane.dynamodb import expression_parser
from local_aws.control_plane.dynamodb.expression_checks import Scope
from local_aws.control_plane.dynamodb.expression_parser import UnreadableError


def install() -> None:
    moto_seams.replace(
        DynamoDBBackend,
        put_item=_checked_put(DynamoDBBackend.put_item),
        update_item=_whole_update(DynamoDBBackend.update_item),
    )


def _checked_put(put: Callable[..., Item]) -> Any:
    def write(
        self: DynamoDBBackend, table_name: str, item_attrs: dict[str, Any], *rest: Any, **named: Any
    ) -> Item:
        for name, key, expected in _index_keys(self.get_table(table_name)):
            given = next(iter(item_attrs.get(key, {expected: None})))
            if given != expected:
                raise MockValidationException(
                    f"One or more parameter values were invalid: Type mismatch for Index Key {key} "
                    f"Expected: {expected} Actual: {given} IndexName: {name}"
                )
        return put(self, table_name, item_attrs, *rest, **named)

    return write


def _whole_update(update: Callable[..., Item]) -> Any:
    def write(
        self: DynamoDBBackend, table_name: str, key: dict[str, Any], *rest: Any, **named: Any
    ) -> Item:
        table = self.get_table(table_name)
        _check(table, named)
        hash_key, range_key = self.get_keys_value(table, key)
        before = copy.deepcopy(table.get_item(hash_key, range_key))
        try:
            return update(self, table_name, key, *rest, **named)
        except MockValidationException:
            _restore(table, hash_key, range_key, before)
            raise

    return write


def _check(table: Table, update: Mapping[str, Any]) -> None:
    expression = update.get("update_expression")
    if not expression:
        return
    try:
        actions = expression_parser.update(expression).actions
    except UnreadableError:  # moto says so
        return
    scope = Scope(
        update.get("expression_attribute_names") or {},
        update.get("expression_attribute_values") or {},
    )
    types = {key: expected for _, key, expected in _index_keys(table)}
    for action in actions:
        path = scope.resolved(action.path)
        given = action.value and scope.type_of(action.value)
        if given and len(path) == 1 and types.get(str(path[0]), given) != given:
            raise MockValidationException(
                "The update expression attempted to update the secondary index key to unsupported "
                "type"
            )


def _index_keys(table: Table) -> Iterator[tuple[str, str, str]]:
    """Of each index its name, and each attribute of its key with its type: "S", "N" or "B"."""
    types = {each["AttributeName"]: each["AttributeType"] for each in table.attr}
    for index in table.all_indexes():
        for key in index.schema_key_attrs:
            if key not in table.table_key_attrs:
                yield index.name, key, types[key]


def _restore(
    table: Table, hash_key: DynamoType, range_key: DynamoType | None, before: Item | None
) -> None:
    items: dict[DynamoType, Any] = table.items[hash_key] if range_key else table.items
    place = range_key or hash_key
    if before is None:
        items.pop(place, None)
    else:
        items[place] = before
