"""Answers and errors of DynamoDB, member by member and word by word.

Source: answers of the real DynamoDB as they have been recorded; ReturnItemCollectionMetrics in its
API Reference: none, unless they are asked for.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.dynamodb.exceptions import ConditionalCheckFailed, MockValidationException
from moto.dynamodb.responses import DynamoHandler

from local_aws.control_plane import moto_seams

_WITH_METRICS = ("batch_write_item", "transact_write_items")
_WORDS = {
    "ProvisionedThroughput cannot be specified when BillingMode is PAY_PER_REQUEST": (
        "One or more parameter values were invalid: Neither ReadCapacityUnits nor "
        "WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST"
    ),
    "Validation Exception": "The provided key element does not match the schema",
}

_OF_THE_MODEL = "1 validation error detected: "

_moto_invalid = MockValidationException.__init__
_moto_unmet = ConditionalCheckFailed.__init__


def install() -> None:
    moto_seams.replace(MockValidationException, __init__=_invalid)
    moto_seams.replace(ConditionalCheckFailed, __init__=_unmet)
    for name in _WITH_METRICS:
        moto_seams.replace(DynamoHandler, **{name: _as_asked(getattr(DynamoHandler, name))})


def _as_asked(moto_answer: Callable[[DynamoHandler], ActionResult]) -> Any:
    def answer(self: DynamoHandler) -> ActionResult:
        result: Any = moto_answer(self).result
        if self.body.get("ReturnItemCollectionMetrics", "NONE") == "NONE":
            result.pop("ItemCollectionMetrics", None)
        return ActionResult(result)

    return answer


def _invalid(self: MockValidationException, message: str) -> None:
    """moto says of some flaws that AWS finds itself that its model has found them."""
    words = message.removeprefix(_OF_THE_MODEL)
    own = message if words.startswith("Value ") and " at '" in words else words
    _moto_invalid(self, _WORDS.get(own, own))


def _unmet(
    self: ConditionalCheckFailed, msg: str | None = None, item: dict[str, Any] | None = None
) -> None:
    """With the item, the message is the error's own and no member of its shape."""
    _moto_unmet(self, msg, item)
    if item:
        body = json.loads(self.description)
        body["Message"] = body.pop("message")
        self.description = json.dumps(body)
