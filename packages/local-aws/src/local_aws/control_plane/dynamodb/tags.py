"""The tags of a table: each key once, and of no table an error.

Source: TagResource in the DynamoDB API Reference; the error as it has been recorded.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.dynamodb.exceptions import ERROR_TYPE_PREFIX, DynamodbException
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.responses import DynamoHandler

from local_aws.control_plane import moto_seams

_CALLS = ("tag_resource", "untag_resource", "list_tags_of_resource")

_moto_tag = DynamoDBBackend.tag_resource


def install() -> None:
    moto_seams.replace(DynamoDBBackend, tag_resource=_tag)
    for name in _CALLS:
        moto_seams.replace(DynamoHandler, **{name: _of_a_table(getattr(DynamoHandler, name))})


def _tag(self: DynamoDBBackend, arn: str, tags: dict[str, str]) -> None:
    self.untag_resource(arn, list(tags))
    _moto_tag(self, arn, tags)


def _of_a_table(call: Callable[[DynamoHandler], ActionResult]) -> Any:
    def answer(self: DynamoHandler) -> ActionResult:
        arn = self.body["ResourceArn"]
        if all(table.table_arn != arn for table in self.dynamodb_backend.tables.values()):
            raise DynamodbException(
                f"{ERROR_TYPE_PREFIX}ResourceNotFoundException",
                f"Requested resource not found: ResourcArn: {arn} not found",
            )
        return call(self)

    return answer
