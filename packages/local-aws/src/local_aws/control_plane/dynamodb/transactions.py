"""Transactions: what cancels one, and what one reads.

Source: API_TransactWriteItems ("CancellationReasons"), API_TransactGetItems (100 items, the
projection of each, no item twice).
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from moto.core.responses import ActionResult
from moto.dynamodb import responses
from moto.dynamodb.exceptions import MockValidationException, MultipleTransactionsException
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.responses import DynamoHandler, DynamoResult, ProjectionExpressionParser

from local_aws.control_plane import moto_seams
from local_aws.control_plane.dynamodb import projections

_MOST_ITEMS = 100
_REASONS = (
    "An operand in the update expression has an incorrect data type",
    "Item size to update has exceeded the maximum allowed size",
    "Number overflow",
    "One or more parameter values were invalid: Type mismatch for Index Key",
    "The document path provided in the update expression is invalid for update",
    "The provided expression refers to an attribute that does not exist in the item",
    "The update expression attempted to update the secondary index key",
)
"""How the messages begin that cancel a transaction; any other refuses the request."""

_writing: ContextVar[bool] = ContextVar("writing", default=False)

_moto_write = DynamoDBBackend.transact_write_items
_moto_read = DynamoHandler.transact_get_items


class ValidationError(Exception):
    """A reason to cancel a transaction; moto names a reason after its class."""


def install() -> None:
    moto_seams.replace(responses, TRANSACTION_MAX_ITEMS=_MOST_ITEMS)
    moto_seams.replace(
        DynamoDBBackend,
        transact_write_items=_write,
        put_item=_as_reason(DynamoDBBackend.put_item),
        update_item=_as_reason(DynamoDBBackend.update_item),
    )
    moto_seams.replace(DynamoHandler, transact_get_items=_read)


def _write(self: DynamoDBBackend, transact_items: list[dict[str, Any]]) -> None:
    token = _writing.set(True)
    try:
        _moto_write(self, transact_items)
    finally:
        _writing.reset(token)


def _as_reason(write: Callable[..., Any]) -> Any:
    def written(self: DynamoDBBackend, *args: Any, **kwargs: Any) -> Any:
        try:
            return write(self, *args, **kwargs)
        except MockValidationException as error:
            if _writing.get() and error.message.startswith(_REASONS):
                raise ValidationError(error.message) from None
            raise

    return written


def _read(self: DynamoHandler) -> ActionResult:
    gets = [each["Get"] for each in self.body["TransactItems"]]
    keys = [(each["TableName"], each["Key"]) for each in gets]
    if any(key in keys[:place] for place, key in enumerate(keys)):
        raise MultipleTransactionsException
    result: Any = _moto_read(self).result
    for get, response in zip(gets, result["Responses"], strict=True):
        names = get.get("ExpressionAttributeNames") or {}
        paths = ProjectionExpressionParser(get.get("ProjectionExpression"), names).parse()
        if paths and "Item" in response:
            item = {name: DynamoType(value) for name, value in response["Item"].items()}
            response["Item"] = projections.project(item, paths)
    return DynamoResult(result)
