"""Answers and errors of DynamoDB, member by member and word by word.

Source: answers of the real DynamoDB as they have been recorded; ReturnItemCollectionMetrics in its
API Reference: none, unless they are asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.dynamodb.exceptions import MockValidationException
from moto.dynamodb.responses import DynamoHandler

from local_aws.control_plane import moto_seams
from local_aws.control_plane.dynamodb.request_flaws import DETECTED

_WITH_METRICS = ("batch_write_item", "transact_write_items")
_WORDS = {
    "ProvisionedThroughput cannot be specified when BillingMode is PAY_PER_REQUEST": (
        "One or more parameter values were invalid: Neither ReadCapacityUnits nor "
        "WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST"
    ),
    "Validation Exception": "The provided key element does not match the schema",
}

_COUNTED = re.compile(
    r"Value .* at '|ALL_PROJECTED_ATTRIBUTES can |(Must|Cannot) specify the .* when choosing ",
    re.DOTALL,
)
"""Of the model, and of Select."""

_moto_invalid = MockValidationException.__init__


def install() -> None:
    moto_seams.replace(MockValidationException, __init__=_invalid)
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
    """moto counts also flaws of batches, transactions and tables, which AWS does not."""
    words = message.removeprefix(DETECTED)
    own = message if _COUNTED.match(words) else words
    _moto_invalid(self, _WORDS.get(own, own))
