"""DynamoDB's tables: an id and a class for each; items are read while something else changes."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from moto.core.responses import ActionResult
from moto.dynamodb.exceptions import MockValidationException, ResourceNotFoundException
from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoHandler, DynamoResult

from local_aws.control_plane import moto_seams, service_hooks
from local_aws.control_plane.api_request import ApiRequest
from local_aws.control_plane.dynamodb import local_indexes
from local_aws.control_plane.service_hooks import ServiceHooks

ITEMS_LOCK = threading.RLock()
"""Guards what tables hold. Take it after LOCK; alone it is enough to read items."""

_ITEM_READS = frozenset({"GetItem", "BatchGetItem", "TransactGetItems", "Query", "Scan"})

_CLASSES = ("STANDARD", "STANDARD_INFREQUENT_ACCESS")

_moto_describe = Table.describe
_moto_create = DynamoHandler.create_table
_moto_update = DynamoHandler.update_table


@dataclass
class _Identity:
    table_id: str = field(default_factory=lambda: str(uuid.uuid4()))


@dataclass
class _Class:
    name: str | None = None


@dataclass
class _Billing:
    was_on_demand: bool = False


def install() -> None:
    """Let items be read without LOCK.

    AWS's data planes do not wait for its control planes, and a table answers within a fraction of
    a second.
    """
    moto_seams.replace(Table, describe=_describe)
    moto_seams.replace(DynamoHandler, create_table=_create, update_table=_update)
    hooks = ServiceHooks(lock=ITEMS_LOCK, needs_only_its_lock=_reads_items)
    service_hooks.register("dynamodb", hooks)


def _reads_items(request: ApiRequest) -> bool:
    return request.action in _ITEM_READS


def _describe(self: Table, base_key: str = "TableDescription") -> dict[str, Any]:
    """A table has an id, another one than the table of the same name before it.

    AWS: TableDescription in the DynamoDB API Reference. moto leaves it out, and
    community.aws.dynamodb_table fails without it. A list without indexes is absent, and so is the
    summary of billing of a table that never was on demand: answers of AWS, as recorded.
    """
    described: dict[str, Any] = _moto_describe(self, base_key)
    for name in ("GlobalSecondaryIndexes", "LocalSecondaryIndexes"):
        if not described[base_key][name]:
            del described[base_key][name]
    billing = moto_seams.notes(self, _Billing)
    billing.was_on_demand |= self.billing_mode == "PAY_PER_REQUEST"
    if not billing.was_on_demand:
        del described[base_key]["BillingModeSummary"]
    described[base_key]["TableId"] = moto_seams.notes(self, _Identity).table_id
    table_class = moto_seams.notes(self, _Class).name
    if table_class:
        described[base_key]["TableClassSummary"] = {"TableClass": table_class}
    return described


def put_class(table: Table, name: str) -> None:
    """Note a table's class, which moto does not keep.

    AWS: "TableClassSummary" in the DynamoDB API Reference.
    """
    moto_seams.notes(table, _Class).name = name


def _create(self: DynamoHandler) -> ActionResult:
    """The answer has the table as CREATING; afterwards it is ACTIVE at once."""
    local_indexes.check(self.body)
    answer: Any = _with_class(self, _moto_create).result
    return ActionResult(
        {"TableDescription": {**answer["TableDescription"], "TableStatus": "CREATING"}}
    )


def _update(self: DynamoHandler) -> ActionResult:
    """The attributes of the table's and other indexes' keys stay when an update names new ones.

    AWS: UpdateTable in the DynamoDB API Reference requires only those of the new index's keys.
    """
    table = self.dynamodb_backend.get_table(self.body["TableName"])
    _check_index_updates(table, self.body.get("GlobalSecondaryIndexUpdates", []))
    given = self.body.get("AttributeDefinitions")
    if given:
        present = table.attr
        by_name = {each["AttributeName"]: each for each in (*present, *given)}
        self.body["AttributeDefinitions"] = list(by_name.values())
    return _with_class(self, _moto_update)


def _check_index_updates(table: Table, updates: list[dict[str, Any]]) -> None:
    """The words for an index that is there are those that users reported."""
    present = {index.name for index in table.global_indexes}
    for update in updates:
        for change in ("Update", "Delete"):
            if change in update and update[change]["IndexName"] not in present:
                raise ResourceNotFoundException()
        if "Create" in update and update["Create"]["IndexName"] in present:
            raise MockValidationException("Attempting to create an index which already exists")


def _with_class(self: DynamoHandler, act: Callable[[DynamoHandler], ActionResult]) -> ActionResult:
    name = self.body.get("TableClass")
    if name is None:
        return act(self)
    if name not in _CLASSES:
        raise MockValidationException(
            f"1 validation error detected: Value '{name}' at 'tableClass' failed to satisfy "
            f"constraint: Member must satisfy enum value set: [{', '.join(_CLASSES)}]"
        )
    act(self)
    table = self.dynamodb_backend.get_table(self.body["TableName"])
    put_class(table, name)
    return DynamoResult(table.describe())
