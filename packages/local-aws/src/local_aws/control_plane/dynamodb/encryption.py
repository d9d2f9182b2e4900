"""Encryption of tables: by AWS's own key when no other is named, and changed by UpdateTable.

moto creates that key as one of the account's, and ignores an update's SSESpecification.
Source: answers of the real DynamoDB and KMS as they have been recorded; SSEDescription in the
DynamoDB API Reference, KeyManager in KMS's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoHandler
from moto.kms.models import kms_backends

from local_aws.control_plane import moto_seams

_moto_default_key = Table._get_default_encryption_key


def install() -> None:
    moto_seams.replace(Table, _get_default_encryption_key=_default_key)
    moto_seams.replace(DynamoHandler, update_table=_encrypting(DynamoHandler.update_table))


def _default_key(self: Table, account_id: str, region: str) -> str:
    arn: str = _moto_default_key(self, account_id, region)
    key: Any = kms_backends[account_id][region].describe_key(arn)
    key.key_manager = "AWS"
    key.description = "Default key that protects my DynamoDB data when no other key is defined"
    return arn


def _encrypting(update: Callable[[DynamoHandler], ActionResult]) -> Any:
    def answer(self: DynamoHandler) -> ActionResult:
        shown: Any = update(self).result
        given = self.body.get("SSESpecification")
        if given is not None:
            table = self.dynamodb_backend.get_table(self.body["TableName"])
            changed = _change(table, given)
            if changed:
                shown["TableDescription"]["SSEDescription"] = changed
        return ActionResult(shown)

    return answer


def _change(table: Table, given: dict[str, Any]) -> dict[str, Any] | None:
    """Encrypt the table as requested; returns what is shown meanwhile, or None for no change."""
    before = table.sse_specification or {}
    after = {**before, **given}
    if after.get("Enabled") and "KMSMasterKeyId" not in after:
        after["KMSMasterKeyId"] = table._get_default_encryption_key(
            table.account_id, table.region_name
        )
    table.sse_specification = after
    if (not after.get("Enabled") and not before.get("Enabled")) or after == before:
        return None
    key = after["KMSMasterKeyId"]
    return {"Status": "UPDATING", "SSEType": "KMS", "KMSMasterKeyArn": key}
