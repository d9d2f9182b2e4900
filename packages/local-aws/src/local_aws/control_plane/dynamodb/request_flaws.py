"""What is wrong with a request itself, whatever the table holds, in the words of its operation.

PutItem, UpdateItem and DeleteItem put "1 validation error detected: " before it; reads, batches and
transactions do not. What they find in the table or the item never has it.

Source: answers of the real DynamoDB in four regions, as they were recorded in October 2026.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.dynamodb.exceptions import (
    DynamodbException,
    InvalidConditionExpression,
    InvalidUpdateExpression,
    MockValidationException,
)
from moto.dynamodb.responses import DynamoHandler

from local_aws.control_plane import moto_seams

DETECTED = "1 validation error detected: "
_WRITES = {"PutItem": "put_item", "UpdateItem": "update_item", "DeleteItem": "delete_item"}
"""The operations that count their flaws, and moto's methods for them."""


def install() -> None:
    for action, method in _WRITES.items():
        moto_write = getattr(DynamoHandler, method)
        moto_seams.replace(DynamoHandler, **{method: _in_its_words(action, moto_write)})


def error(action: str, flaw: str) -> DynamodbException:
    """The ValidationException of an operation, such as "PutItem", about its request."""
    words = f"{DETECTED}{flaw}" if action in _WRITES else flaw
    return DynamodbException(MockValidationException.error_type, words)


def _in_its_words(action: str, write: Callable[[DynamoHandler], ActionResult]) -> Any:
    """moto parses expressions while it writes."""

    def answer(self: DynamoHandler) -> ActionResult:
        try:
            return write(self)
        except (InvalidConditionExpression, InvalidUpdateExpression) as unread:
            raise error(action, unread.exception_msg) from None

    return answer
