"""ConsumedCapacity: what a request consumed, when it asks for it; moto returns a constant.

Source: ReturnConsumedCapacity in the DynamoDB API Reference; capacity.py for the units.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from moto.core.responses import ActionResult
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import Item
from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoHandler

from local_aws.control_plane import moto_seams
from local_aws.control_plane.dynamodb import capacity, item_sizes, reads, request_items
from local_aws.control_plane.dynamodb.capacity import Consumed

Named = list[tuple[str, Mapping[str, Any]]]
"""Items, by the names of their tables and their keys."""

_ITEM_READS = ("get_item", "batch_get_item", "transact_get_items")
_WRITES = ("put_item", "update_item", "delete_item", "batch_write_item", "transact_write_items")
_IN_A_LIST = ("batch_get_item", "batch_write_item", "transact_get_items", "transact_write_items")

_evaluated: ContextVar[list[Item] | None] = ContextVar("evaluated", default=None)
"""The items that the Query or Scan at hand has read, before its filter."""


def install() -> None:
    for names, measured in (
        (_ITEM_READS, _items_read),
        (_WRITES, _items_written),
        (("query", "scan"), _pages_read),
    ):
        for name in names:
            moto_answer = getattr(DynamoHandler, name)
            moto_seams.replace(DynamoHandler, **{name: _shown(name, measured, moto_answer)})


@contextmanager
def evaluating() -> Iterator[list[Item]]:
    """Collects the items that pages consist of."""
    items: list[Item] = []
    token = _evaluated.set(items)
    try:
        yield items
    finally:
        _evaluated.reset(token)


def note(items: Iterable[Item]) -> None:
    """Note what a page consists of, if that is asked for."""
    noted = _evaluated.get()
    if noted is not None:
        noted.extend(items)


def is_noted() -> bool:
    return _evaluated.get() is not None


Answer = Callable[[DynamoHandler], ActionResult]
Measure = Callable[[DynamoHandler, Answer], tuple[Any, dict[str, Consumed]]]


def _shown(name: str, measured: Measure, moto_answer: Answer) -> Any:
    def answer(self: DynamoHandler) -> ActionResult:
        detail = self.body.get("ReturnConsumedCapacity", "NONE")
        if detail not in ("TOTAL", "INDEXES"):
            result: Any = moto_answer(self).result
            result.pop("ConsumedCapacity", None)
            return ActionResult(result)
        result, by_table = measured(self, moto_answer)
        shown = [consumed.shown(table, detail) for table, consumed in by_table.items()]
        result["ConsumedCapacity"] = shown if name in _IN_A_LIST else shown[0]
        return ActionResult(result)

    return answer


def _items_read(self: DynamoHandler, answer: Answer) -> tuple[Any, dict[str, Consumed]]:
    result = answer(self).result
    in_transaction = "TransactItems" in self.body
    by_table: dict[str, Consumed] = {}
    for name, key in request_items.keys(self.body):
        asked = self.body.get("RequestItems", {}).get(name, self.body)
        item = _item(self.dynamodb_backend, name, key)
        rate = capacity.TRANSACTIONAL if in_transaction else _rate(asked)
        units = capacity.read(item_sizes.of_item(item.attrs) if item else 0, rate)
        consumed = by_table.setdefault(name, Consumed(kind="Read" if in_transaction else None))
        consumed.add(Consumed(units))
    return result, by_table


def _items_written(self: DynamoHandler, answer: Answer) -> tuple[Any, dict[str, Consumed]]:
    named: Named = [*request_items.keys(self.body), *request_items.items(self.body)]
    backend = self.dynamodb_backend
    before = [copy.deepcopy(_item(backend, name, key)) for name, key in named]
    result = answer(self).result
    in_transaction = "TransactItems" in self.body
    by_table: dict[str, Consumed] = {}
    for (name, key), old in zip(named, before, strict=True):
        consumed = by_table.setdefault(name, Consumed(kind="Write" if in_transaction else None))
        times = capacity.TRANSACTIONAL if in_transaction else 1.0
        new = _item(backend, name, key)
        consumed.add(capacity.of_write(backend.get_table(name), old, new, times))
    return result, by_table


def _pages_read(self: DynamoHandler, answer: Answer) -> tuple[Any, dict[str, Consumed]]:
    with evaluating() as items:
        result = answer(self).result
    name = self.body["TableName"]
    table = self.dynamodb_backend.get_table(name)
    return result, {name: _of_a_page(table, items, self.body)}


def _of_a_page(table: Table, items: list[Item], request: Mapping[str, Any]) -> Consumed:
    """All that is read is rounded up once; what a local index fetches, item by item."""
    rate = _rate(request)
    index = reads.index_of(table, request)
    if index is None:
        return Consumed(capacity.read(sum(item_sizes.of_item(each.attrs) for each in items), rate))
    held = sum(item_sizes.of_item(index.project(each).attrs) for each in items)
    fetched = items if reads.is_fetched(request, index) else []
    of_table = sum(capacity.read(item_sizes.of_item(each.attrs), rate) for each in fetched)
    return Consumed(of_table, {index: capacity.read(held, rate)})


def _rate(request: Mapping[str, Any]) -> float:
    return capacity.STRONGLY if request.get("ConsistentRead") else capacity.EVENTUALLY


def _item(backend: DynamoDBBackend, table_name: str, key: Mapping[str, Any]) -> Item | None:
    """None of a table that is not there, and of what is no key: DynamoDB says so by itself."""
    table = backend.tables.get(table_name.rpartition("/")[2])
    if table is None or any(name not in key for name in table.table_key_attrs):
        return None
    hash_key, range_key = backend.get_keys_value(table, dict(key))
    return table.get_item(hash_key, range_key)
