"""A page ends with its Limit, or with the item that makes it 1 MB; it has a LastEvaluatedKey then.

It has one also when no item follows. moto leaves out that item, and estimates sizes.

Source: "Paginating table query results" in the Amazon DynamoDB Developer Guide: a page is the last
only if it has no such key. It calls pages 1 MB in size or less; that the item with which one has
1 MB belongs to it is how the emulator dynalite has it, and not checked against AWS.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

from moto.dynamodb.models import table
from moto.dynamodb.models.dynamo_type import Item
from moto.dynamodb.models.table import Table

from local_aws.control_plane import moto_seams
from local_aws.control_plane.dynamodb import consumed_capacity, item_sizes

Page = tuple[list[Any], int, dict[str, Any] | None]
_BYTES = 1024 * 1024
_AFTER_EVALUATION = ("filter_expression", "projection_expression", "projection_expressions")
"""What changes the items of a page once they were evaluated."""


def install() -> None:
    moto_seams.replace(table, RESULT_SIZE_LIMIT=_BYTES - 1)  # moto stops before what passes it
    moto_seams.replace(Item, size=_size)
    moto_seams.replace(
        Table, query=_to_its_end(_with_key(Table.query)), scan=_to_its_end(_with_key(Table.scan))
    )


def _size(self: Item) -> int:
    return item_sizes.of_item(self.attrs)


def _to_its_end(read: Callable[..., Page]) -> Callable[..., Page]:
    signature = inspect.signature(read)

    @functools.wraps(read)
    def page(self: Table, *args: Any, **kwargs: Any) -> Page:
        items, scanned, key = read(self, *args, **kwargs)
        call = signature.bind(self, *args, **kwargs)
        limit = call.arguments.get("limit")
        if key is None or (limit and scanned >= int(limit)):
            return items, scanned, key
        start = {name: value.to_json() for name, value in key.items()}
        call.arguments.update(exclusive_start_key=start, limit=1)
        more, scanned_more, key = read(*call.args, **call.kwargs)
        return [*items, *more], scanned + scanned_more, key

    return page


def _with_key(read: Callable[..., Page]) -> Callable[..., Page]:
    signature = inspect.signature(read)

    @functools.wraps(read)
    def page(self: Table, *args: Any, **kwargs: Any) -> Page:
        items, scanned, key = read(self, *args, **kwargs)
        call = signature.bind(self, *args, **kwargs)
        limit = call.arguments.get("limit")
        ends_by_limit = key is None and limit and scanned == int(limit)
        if not (ends_by_limit or consumed_capacity.is_noted()):
            return items, scanned, key
        for name in _AFTER_EVALUATION:
            if name in signature.parameters:
                call.arguments[name] = None
        evaluated = read(*call.args, **call.kwargs)[0]
        consumed_capacity.note(evaluated)
        if not ends_by_limit:
            return items, scanned, key
        index_name = call.arguments.get("index_name")
        last = evaluated[-1] if evaluated else None
        return items, scanned, last and self._get_last_evaluated_key(last, index_name)

    return page
