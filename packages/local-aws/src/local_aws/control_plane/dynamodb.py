"""DynamoDB's tables."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from moto.dynamodb.models.table import Table

from local_aws.control_plane import moto_seams

_moto_describe = Table.describe


@dataclass
class _Identity:
    table_id: str = field(default_factory=lambda: str(uuid.uuid4()))


def install() -> None:
    """A table has an id, another one than the table of the same name before it.

    AWS: TableDescription in the DynamoDB API Reference. moto leaves it out, and
    community.aws.dynamodb_table fails without it.
    """
    moto_seams.replace(Table, describe=_describe)


def _describe(self: Table, base_key: str = "TableDescription") -> dict[str, Any]:
    described: dict[str, Any] = _moto_describe(self, base_key)
    described[base_key]["TableId"] = moto_seams.notes(self, _Identity).table_id
    return described
