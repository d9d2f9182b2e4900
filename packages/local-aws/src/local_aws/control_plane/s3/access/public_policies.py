"""A policy that lets everyone in is refused while the bucket blocks public policies.

Source: "The meaning of 'public'" in the S3 User Guide's "Blocking public access to your Amazon S3
storage": every statement is taken for public that does not name who, or a fixed value of one of
some condition keys.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from moto.s3.exceptions import S3ClientError
from moto.s3.models import S3Backend

from local_aws.control_plane import moto_seams

_NARROWING = frozenset(
    {
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceip",
        "aws:sourceowner",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:userid",
        "s3:dataaccesspointaccount",
        "s3:dataaccesspointarn",
        "s3:x-amz-server-side-encryption-aws-kms-key-id",
    }
)
_EVERY_ADDRESS = frozenset({"0.0.0.0/0", "::/0"})


def install() -> None:
    moto_seams.replace(S3Backend, put_bucket_policy=_blocked(S3Backend.put_bucket_policy))


def _blocked(put_policy: Callable[..., None]) -> Callable[..., None]:
    def put(self: S3Backend, bucket_name: str, policy: bytes) -> None:
        blocked = self.get_bucket(bucket_name).public_access_block
        if blocked and blocked.block_public_policy and is_public(policy):
            raise S3ClientError("AccessDenied", "Access Denied")
        put_policy(self, bucket_name, policy)

    return put


def is_public(policy: bytes) -> bool:
    """Whether a policy lets everyone in; one that cannot be read does not."""
    try:
        document = json.loads(policy)
    except ValueError:
        return False
    statements = document.get("Statement", ()) if isinstance(document, dict) else ()
    if isinstance(statements, dict):
        statements = [statements]
    return any(
        statement.get("Effect") == "Allow"
        and _is_everyone(statement)
        and not _is_narrowed(statement.get("Condition") or {})
        for statement in statements
        if isinstance(statement, dict)
    )


def _is_everyone(statement: Mapping[str, Any]) -> bool:
    if "NotPrincipal" in statement:
        return True
    principal = statement.get("Principal")
    named = principal.get("AWS") if isinstance(principal, dict) else principal
    return "*" in (named if isinstance(named, list) else [named])


def _is_narrowed(condition: Mapping[str, Any]) -> bool:
    """Whether an operator holds only for fixed values of a key that names the caller."""
    return any(
        _is_fixed(value)
        for operator, keys in condition.items()
        if "not" not in operator.lower() and "ifexists" not in operator.lower()
        for key, value in keys.items()
        if key.lower() in _NARROWING
    )


def _is_fixed(value: Any) -> bool:
    values = [str(each) for each in (value if isinstance(value, list) else [value])]
    return not any("*" in each or "?" in each or each in _EVERY_ADDRESS for each in values)
