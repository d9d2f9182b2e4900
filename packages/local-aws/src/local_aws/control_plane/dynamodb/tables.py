"""DynamoDB's tables: an id and a class for each; items are read while something else changes."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from moto.core.responses import ActionResult
from moto.dynamodb.exceptions import (
    ERROR_TYPE_PREFIX,
    DynamodbException,
    MockValidationException,
    ResourceNotFoundException,
)
from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoHandler, DynamoResult

from local_aws.control_plane import moto_seams
from local_aws.control_plane.api_request import ApiRequest
from local_aws.control_plane.dynamodb import table_rules

ITEMS_LOCK = threading.RLock()
"""Guards what tables hold. Take it after LOCK; alone it is enough to read items."""

_ITEM_READS = frozenset({"GetItem", "BatchGetItem", "TransactGetItems", "Query", "Scan"})

_INDEX_STATUSES = {"Create": "CREATING", "Update": "UPDATING", "Delete": "DELETING"}

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
    moto_seams.replace(Table, describe=_describe)
    moto_seams.replace(DynamoHandler, create_table=_create, update_table=_update)


class _LimitExceeded(DynamodbException):
    def __init__(self, message: str) -> None:
        super().__init__(f"{ERROR_TYPE_PREFIX}LimitExceededException", message)


def require(handler: DynamoHandler) -> Table:
    """The table that a request names; raises ResourceNotFoundException in DynamoDB's words."""
    name = handler.body["TableName"]
    table: Table | None = handler.dynamodb_backend.tables.get(name.rpartition("/")[2])
    if table is None:
        raise ResourceNotFoundException(table_name=name)
    return table


def reads_items(request: ApiRequest) -> bool:
    """Whether it only reads items, which needs no LOCK: ITEMS_LOCK guards them.

    AWS's data planes do not wait for its control planes, and a table answers within a fraction of
    a second.
    """
    return request.action in _ITEM_READS


def _describe(self: Table, base_key: str = "TableDescription") -> dict[str, Any]:
    """A table has an id, another one than the table of the same name before it.

    AWS: TableDescription in the DynamoDB API Reference. moto leaves it out, and
    community.aws.dynamodb_table fails without it; it leaves out the ARN of an index, too. A list
    without indexes is absent, and so is the summary of billing of a table that never was on demand:
    answers of AWS, as recorded.
    """
    described: dict[str, Any] = _moto_describe(self, base_key)
    for name in ("GlobalSecondaryIndexes", "LocalSecondaryIndexes"):
        if not described[base_key][name]:
            del described[base_key][name]
    for index in described[base_key].get("GlobalSecondaryIndexes", []):
        index["IndexArn"] = f"{self.table_arn}/index/{index['IndexName']}"
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
    table_rules.check(self.body)
    answer: Any = _with_class(self, _moto_create).result
    return ActionResult(
        {"TableDescription": {**answer["TableDescription"], "TableStatus": "CREATING"}}
    )


def _update(self: DynamoHandler) -> ActionResult:
    """The answer has the table as UPDATING; afterwards it is as it was asked for at once.

    The attributes of the table's and other indexes' keys stay when an update names new ones:
    UpdateTable in the DynamoDB API Reference requires only those of the new index's keys.
    """
    table = self.dynamodb_backend.get_table(self.body["TableName"])
    updates = self.body.get("GlobalSecondaryIndexUpdates") or []
    by_name = {
        each["AttributeName"]: each
        for each in (*table.attr, *self.body.get("AttributeDefinitions", []))
    }
    _check_index_updates(table, updates, list(by_name.values()))
    _check_throughput(table, self.body)
    before = table.describe()["TableDescription"].get("GlobalSecondaryIndexes", [])
    if self.body.get("AttributeDefinitions"):
        self.body["AttributeDefinitions"] = list(by_name.values())
    answer: Any = _with_class(self, _moto_update).result
    described = answer["TableDescription"]
    indexes = _indexes_in_between(updates, before, described.get("GlobalSecondaryIndexes", []))
    if indexes:
        described["GlobalSecondaryIndexes"] = indexes
    described["TableStatus"] = "UPDATING"
    return ActionResult(answer)


def _check_index_updates(
    table: Table, updates: list[dict[str, Any]], definitions: list[dict[str, str]]
) -> None:
    """The words are those that users reported and recorded."""
    present = {index.name for index in table.global_indexes}
    if sum(1 for update in updates if "Create" in update or "Delete" in update) > 1:
        raise _LimitExceeded(
            "Subscriber limit exceeded: Only 1 online index can be created or deleted "
            "simultaneously per table"
        )
    for update in updates:
        for change in ("Update", "Delete"):
            if change in update and update[change]["IndexName"] not in present:
                raise ResourceNotFoundException()
        if "Create" not in update:
            continue
        if update["Create"]["IndexName"] in present:
            raise MockValidationException("Attempting to create an index which already exists")
        flaw = table_rules.undefined(update["Create"]["KeySchema"], definitions)
        if flaw:
            raise MockValidationException(flaw)


def _check_throughput(table: Table, asked: Mapping[str, Any]) -> None:
    """A provisioned table's throughput changes, if it is named; recorded."""
    wanted = asked.get("ProvisionedThroughput")
    if asked.get("BillingMode") == "PROVISIONED" and wanted is None:
        raise MockValidationException(
            "One or more parameter values were invalid: ProvisionedThroughput must be specified "
            "when BillingMode is PROVISIONED"
        )
    if wanted is None or table.billing_mode != "PROVISIONED":
        return
    names = ("ReadCapacityUnits", "WriteCapacityUnits")
    if all((table.throughput or {}).get(name) == wanted[name] for name in names):
        provisioned = " ".join(
            f"Current {name} provisioned for the table: {wanted[name]}. Requested {name}: "
            f"{wanted[name]}."
            for name in names
        )
        raise MockValidationException(
            "The provisioned throughput for the table will not change. The requested value equals "
            f"the current value. {provisioned} Refer to the Amazon DynamoDB Developer Guide for "
            "current limits and how to request higher limits."
        )


def _indexes_in_between(
    updates: list[dict[str, Any]], before: list[dict[str, Any]], after: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The global indexes while an update is carried out.

    AWS: "IndexStatus" in API_GlobalSecondaryIndexDescription.
    """
    statuses = {
        update[change]["IndexName"]: status
        for update in updates
        for change, status in _INDEX_STATUSES.items()
        if change in update
    }
    deleted = [each for each in before if statuses.get(each["IndexName"]) == "DELETING"]
    return [
        {**each, "IndexStatus": statuses.get(each["IndexName"], each["IndexStatus"])}
        for each in (*after, *deleted)
    ]


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
