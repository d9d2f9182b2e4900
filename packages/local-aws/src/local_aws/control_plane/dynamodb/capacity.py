"""How many capacity units a read or a write consumes, of the table and of each index.

Source: "DynamoDB read and write operations" and "Using global secondary indexes" in the Amazon
DynamoDB Developer Guide; what writes consume of indexes as users measured it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import LocalSecondaryIndex, SecondaryIndex, Table

from local_aws.control_plane.dynamodb import item_sizes

_READ_BYTES, _WRITE_BYTES = 4096, 1024
EVENTUALLY, STRONGLY, TRANSACTIONAL = 0.5, 1.0, 2.0
"""The units for each block that is read; a transaction also writes each block twice."""

_OF_A_KIND = {"Read": "ReadCapacityUnits", "Write": "WriteCapacityUnits"}


@dataclass
class Consumed:
    """The units of one table and its indexes; `kind` is "Read" or "Write" in a transaction."""

    table: float = 0.0
    indexes: dict[SecondaryIndex, float] = field(default_factory=dict)
    kind: str | None = None

    def add(self, other: Consumed) -> None:
        self.table += other.table
        for index, units in other.indexes.items():
            self.indexes[index] = self.indexes.get(index, 0.0) + units

    def shown(self, table_name: str, detail: str) -> dict[str, Any]:
        """ConsumedCapacity in the DynamoDB API Reference; `detail` is TOTAL or INDEXES."""
        total = self.table + sum(self.indexes.values())
        answer: dict[str, Any] = {"TableName": table_name, **self._units(total)}
        if detail != "INDEXES":
            return answer
        answer["Table"] = self._units(self.table)
        for index, units in self.indexes.items():
            is_local = isinstance(index, LocalSecondaryIndex)
            indexes = answer.setdefault(f"{'Local' if is_local else 'Global'}SecondaryIndexes", {})
            indexes[index.name] = self._units(units)
        return answer

    def _units(self, units: float) -> dict[str, float]:
        of_a_kind = {_OF_A_KIND[self.kind]: units} if self.kind else {}
        return {"CapacityUnits": units, **of_a_kind}


def read(size: int, rate: float) -> float:
    """What a read of so many bytes consumes; one of nothing as much as the smallest one."""
    return max(1, ceil(size / _READ_BYTES)) * rate


def of_write(table: Table, before: Item | None, after: Item | None, times: float) -> Consumed:
    """What a write consumes that makes one item of the other; None is no item.

    An index is written where what it holds of the item changes: once to put, change or delete it,
    twice to move it to another key.
    """
    sizes = [item_sizes.of_item(each.attrs) for each in (before, after) if each]
    consumed = Consumed(times * _written(max(sizes, default=0)))
    for index in table.all_indexes():
        old, new = _held(index, before), _held(index, after)
        units = _index_units(index, old, new)
        if units:
            consumed.indexes[index] = times * units
    return consumed


def _held(index: SecondaryIndex, item: Item | None) -> Mapping[str, DynamoType] | None:
    if item is None or any(key not in item.attrs for key in index.schema_key_attrs):
        return None
    return index.project(item).attrs


def _index_units(
    index: SecondaryIndex,
    old: Mapping[str, DynamoType] | None,
    new: Mapping[str, DynamoType] | None,
) -> int:
    if old == new:
        return 0
    sizes = [item_sizes.of_item(each) for each in (old, new) if each is not None]
    moves = old and new and any(old[key] != new[key] for key in index.schema_key_attrs)
    return sum(map(_written, sizes)) if moves else _written(max(sizes))


def _written(size: int) -> int:
    return max(1, ceil(size / _WRITE_BYTES))
