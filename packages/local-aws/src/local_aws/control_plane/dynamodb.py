"""DynamoDB's tables: an id for each, and items that are read while something else changes."""

from __future__ import annotations

import threading
import uuid
from dataclasses import dataclass, field
from typing import Any

from moto.dynamodb.models.table import Table

from local_aws.control_plane import moto_seams, service_hooks
from local_aws.control_plane.api_request import ApiRequest
from local_aws.control_plane.service_hooks import ServiceHooks

ITEMS_LOCK = threading.RLock()
"""Guards what tables hold. Take it after LOCK; alone it is enough to read items."""

_ITEM_READS = frozenset({"GetItem", "BatchGetItem", "TransactGetItems", "Query", "Scan"})

_moto_describe = Table.describe


@dataclass
class _Identity:
    table_id: str = field(default_factory=lambda: str(uuid.uuid4()))


def install() -> None:
    """Install the corrections of DynamoDB into moto.

    AWS's data planes do not wait for its control planes, and who asks a table waits for a fraction
    of a second only: items are read without LOCK.
    """
    moto_seams.replace(Table, describe=_describe)
    hooks = ServiceHooks(lock=ITEMS_LOCK, needs_only_its_lock=_reads_items)
    service_hooks.register("dynamodb", hooks)


def _reads_items(request: ApiRequest) -> bool:
    return request.action in _ITEM_READS


def _describe(self: Table, base_key: str = "TableDescription") -> dict[str, Any]:
    """A table has an id, another one than the table of the same name before it.

    AWS: TableDescription in the DynamoDB API Reference. moto leaves it out, and
    community.aws.dynamodb_table fails without it.
    """
    described: dict[str, Any] = _moto_describe(self, base_key)
    described[base_key]["TableId"] = moto_seams.notes(self, _Identity).table_id
    return described
