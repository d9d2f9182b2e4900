"""Streams: a record for each change of an item, and none for what changed nothing.

moto has two records for an update that creates its item, records of writes that change nothing,
sizes of the records' JSON, and every region's as us-east-1's.
Source: answers of the real DynamoDB Streams as they have been recorded; "Change data capture for
DynamoDB Streams" in its Developer Guide: "If you perform a PutItem or UpdateItem operation that
does not change any data in an item, DynamoDB Streams does not write a stream record".
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from typing import Any

from moto.dynamodb.exceptions import MockValidationException, ResourceNotFoundException
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import StreamRecord, StreamShard, Table
from moto.dynamodbstreams.models import DynamoDBStreamsBackend

from local_aws.control_plane import moto_seams

_ARN = re.compile(r"arn:[^:]+:dynamodb:[^:]*:[^:]*:table/(?P<table>[^/]+)/stream/(?P<label>.+)")
_AT_A_NUMBER = ("AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER")
_IMAGES = ("Keys", "NewImage", "OldImage")

_moto_add = StreamShard.add
_moto_record = StreamRecord.__init__
_moto_iterator = DynamoDBStreamsBackend.get_shard_iterator
_moto_update = DynamoDBBackend.update_item


def install() -> None:
    moto_seams.replace(StreamShard, add=_add)
    moto_seams.replace(StreamRecord, __init__=_record)
    moto_seams.replace(DynamoDBBackend, update_item=_update)
    moto_seams.replace(
        DynamoDBStreamsBackend, _get_table_from_arn=_table, get_shard_iterator=_iterator
    )


def _table(self: DynamoDBStreamsBackend, arn: str) -> Table:
    """moto fails at an ARN that is none of a stream."""
    named = _ARN.fullmatch(arn)
    table = self.dynamodb.tables.get(named["table"]) if named else None
    label = named["label"] if named else None
    if table is None or table.stream_shard is None or table.latest_stream_label != label:
        raise ResourceNotFoundException(f"Requested resource not found: Stream: {arn} not found")
    return table


def _iterator(
    self: DynamoDBStreamsBackend,
    arn: str,
    shard_id: str,
    shard_iterator_type: str,
    sequence_number: Any = None,
) -> Any:
    """moto fails at another shard, and without the number that two kinds begin at."""
    if _table(self, arn).stream_shard.id != shard_id:  # type: ignore[union-attr] # _table looks
        raise ResourceNotFoundException(
            f"Requested resource not found: Shard: {shard_id} in Stream: {arn} not found"
        )
    if shard_iterator_type in _AT_A_NUMBER and sequence_number is None:
        raise MockValidationException(
            f"SequenceNumber is required for the shard iterator type {shard_iterator_type}"
        )
    return _moto_iterator(self, arn, shard_id, shard_iterator_type, sequence_number)


def _add(self: StreamShard, old: Item | None, new: Item | None) -> None:
    if old is None or new is None or old.to_json() != new.to_json():
        _moto_add(self, old, new)


def _record(self: StreamRecord, table: Table, *change: Any, **others: Any) -> None:
    _moto_record(self, table, *change, **others)
    self.record["eventVersion"] = "1.1"
    self.record["awsRegion"] = table.region_name
    shown = self.record["dynamodb"]
    shown["SizeBytes"] = sum(_size(shown.get(name, {})) for name in _IMAGES)


def _size(attributes: Mapping[str, Any]) -> int:
    """AWS: "DynamoDB item sizes and formats" in the Developer Guide: names count as values do."""
    sizes = (len(name.encode()) + DynamoType(value).size() for name, value in attributes.items())
    return sum(sizes)


def _update(self: DynamoDBBackend, table_name: str, key: dict[str, Any], **change: Any) -> Item:
    """One record, of the item before and after all that moto does."""
    table = self.get_table(table_name)
    shard, table.stream_shard = table.stream_shard, None
    try:
        before = copy.deepcopy(_item(self, table, key)) if shard else None
        item: Item = _moto_update(self, table_name, key, **change)
    finally:
        table.stream_shard = shard
    if shard:
        shard.add(before, item)
    return item


def _item(backend: DynamoDBBackend, table: Table, key: dict[str, Any]) -> Item | None:
    hash_key, range_key = backend.get_keys_value(table, key)
    return table.get_item(hash_key, range_key)
