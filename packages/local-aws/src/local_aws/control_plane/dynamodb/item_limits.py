"""An item has at most 400 KB, its attributes' names included; a larger one is written nowhere.

moto estimates sizes, adds a replaced value to the new one, and takes nested values of any size.

Source: "Quotas in Amazon DynamoDB" (item size) in the Developer Guide; the messages are moto's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from moto.dynamodb.exceptions import ItemSizeTooLarge, ItemSizeToUpdateTooLarge
from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict
from moto.dynamodb.models.table import Table
from moto.dynamodb.parsing.executors import UpdateExpressionExecutor
from moto.dynamodb.responses import DynamoHandler

from local_aws.control_plane import moto_seams
from local_aws.control_plane.dynamodb import item_sizes, request_items

MOST_BYTES = 400 * 1024

_moto_put = Table.put_item
_moto_execute = UpdateExpressionExecutor.execute
_moto_update = Item.update_with_attribute_updates


def install() -> None:
    moto_seams.replace(LimitedSizeDict, __setitem__=dict.__setitem__)
    moto_seams.replace(Item, update_with_attribute_updates=_update)
    moto_seams.replace(Table, put_item=_put)
    moto_seams.replace(UpdateExpressionExecutor, execute=_execute)
    moto_seams.replace(DynamoHandler, batch_write_item=_whole(DynamoHandler.batch_write_item))


def _put(self: Table, item_attrs: dict[str, Any], *rest: Any, **named: Any) -> Item:
    _require_room(item_attrs)
    return _moto_put(self, item_attrs, *rest, **named)


def _whole(write: Callable[[DynamoHandler], Any]) -> Any:
    """Refuse a batch before its first item is written."""

    def batch(self: DynamoHandler) -> Any:
        for _, item in request_items.items(self.body):
            _require_room(item)
        return write(self)

    return batch


def _execute(self: UpdateExpressionExecutor, node: Any = None) -> None:
    _moto_execute(self, node)
    if node is None:  # the whole expression: what one action adds, another one removes
        _require_room_to_update(self.item)


def _update(self: Item, attribute_updates: dict[str, Any]) -> None:
    _moto_update(self, attribute_updates)
    _require_room_to_update(self)


def _require_room(attributes: Mapping[str, Any]) -> None:
    item = {name: DynamoType(value) for name, value in attributes.items()}
    if item_sizes.of_item(item) > MOST_BYTES:
        raise ItemSizeTooLarge


def _require_room_to_update(item: Item) -> None:
    if item_sizes.of_item(item.attrs) > MOST_BYTES:
        raise ItemSizeToUpdateTooLarge
