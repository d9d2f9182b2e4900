"""Writes that DynamoDB executes once, or not at all.

Source: API_TransactWriteItems (ClientRequestToken: the same request runs once in 10 minutes),
API_BatchWriteItem (25 requests), API_UpdateTable, API_UpdateTimeToLive, API_DeleteTable; answers of
the real DynamoDB as they have been recorded and reported.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from moto.core.responses import ActionResult
from moto.dynamodb.exceptions import (
    ERROR_TYPE_PREFIX,
    DynamodbException,
    MockValidationException,
)
from moto.dynamodb.responses import DynamoHandler

from local_aws.control_plane import moto_seams
from local_aws.control_plane.dynamodb import tables

_MOST_IN_A_BATCH = 25
_REMEMBERED = 600.0  # seconds
_CHANGES = frozenset(
    {
        "AttributeDefinitions",
        "BillingMode",
        "DeletionProtectionEnabled",
        "GlobalSecondaryIndexUpdates",
        "OnDemandThroughput",
        "ProvisionedThroughput",
        "ReplicaUpdates",
        "SSESpecification",
        "StreamSpecification",
        "TableClass",
        "WarmThroughput",
    }
)
"""What UpdateTable can change."""

_moto_expire = DynamoHandler.update_time_to_live
_moto_expiration = DynamoHandler.describe_time_to_live
_moto_delete = DynamoHandler.delete_table


@dataclass
class _Tokens:
    """The request with each token, and its time, in seconds since the epoch."""

    made: dict[str, tuple[str, float]] = field(default_factory=dict)


def install() -> None:
    moto_seams.replace(
        DynamoHandler,
        transact_write_items=_once(DynamoHandler.transact_write_items),
        update_time_to_live=_expire,
        describe_time_to_live=_expiration,
        delete_table=_delete,
    )


def require_batch(request: Mapping[str, Any]) -> None:
    """Raise MockValidationException for a BatchWriteItem with too many requests, or with none."""
    for name, requests in request.get("RequestItems", {}).items():
        if not requests:
            raise MockValidationException(
                f"1 validation error detected: Value '{{{name}=[]}}' at 'requestItems' failed to "
                "satisfy constraint: Map value must satisfy constraint: [Member must have length "
                "less than or equal to 25, Member must have length greater than or equal to 1]"
            )
    count = sum(len(requests) for requests in request.get("RequestItems", {}).values())
    if count > _MOST_IN_A_BATCH:
        raise MockValidationException("Too many items requested for the BatchWriteItem call")


def require_change(request: Mapping[str, Any]) -> None:
    """Raise MockValidationException for an UpdateTable that changes nothing."""
    if not _CHANGES & request.keys():
        raise MockValidationException(
            "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, "
            "GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required"
        )


def _once(transact: Callable[[DynamoHandler], ActionResult]) -> Any:
    def answer(self: DynamoHandler) -> ActionResult:
        token = self.body.get("ClientRequestToken")
        if not token:
            return transact(self)
        made = moto_seams.notes(self.dynamodb_backend, _Tokens).made
        now = time.time()
        for each in [each for each, (_, at) in made.items() if now - at > _REMEMBERED]:
            del made[each]
        asked = json.dumps(self.body["TransactItems"], sort_keys=True, default=str)
        if token not in made:
            result = transact(self)
            made[token] = (asked, now)
            return result
        if made[token][0] != asked:
            raise DynamodbException(
                f"{ERROR_TYPE_PREFIX}IdempotentParameterMismatchException",
                "The token was used for a request with other parameters.",
            )
        return ActionResult({})

    return answer


def _expire(self: DynamoHandler) -> ActionResult:
    """A table expires by one attribute, which it forgets when it expires no longer."""
    table = tables.require(self)
    wanted = self.body["TimeToLiveSpecification"]
    is_enabled = table.ttl.get("TimeToLiveStatus") == "ENABLED"
    if is_enabled and wanted["AttributeName"] != table.ttl["AttributeName"]:
        raise MockValidationException(
            "TimeToLive is active on a different AttributeName: current AttributeName is "
            f"{table.ttl['AttributeName']}"
        )
    if wanted["Enabled"] == is_enabled:
        words = "enabled" if is_enabled else "disabled"
        raise MockValidationException(f"TimeToLive is already {words}")
    result = _moto_expire(self)
    if is_enabled:
        del table.ttl["AttributeName"]
    return result


def _expiration(self: DynamoHandler) -> ActionResult:
    tables.require(self)
    return _moto_expiration(self)


def _delete(self: DynamoHandler) -> ActionResult:
    """The answer has the table as DELETING; afterwards it is gone at once."""
    table = tables.require(self)
    if table.deletion_protection_enabled:
        raise MockValidationException(
            "Resource cannot be deleted as it is currently protected against deletion. "
            "Disable deletion protection first."
        )
    answer: Any = _moto_delete(self)
    described = {**answer.result["TableDescription"], "TableStatus": "DELETING"}
    return ActionResult({"TableDescription": described})
