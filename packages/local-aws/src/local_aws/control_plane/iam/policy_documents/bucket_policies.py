"""Which policies a bucket can have: whom they name, and which actions on what.

Their form is S3's to look at before.
Source: "Actions, resources, and condition keys for Amazon S3" in the Service Authorization
Reference; refusals of the real S3 as users reported them:
https://github.com/cloud-custodian/cloud-custodian/issues/4948,
https://github.com/wandb/terraform-aws-wandb/issues/156,
https://github.com/ministryofjustice/modernisation-platform/pull/10762.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from moto.s3.exceptions import S3ClientError
from moto.s3.models import S3Backend

from local_aws.control_plane import moto_seams
from local_aws.control_plane.iam.actions import service_authorization
from local_aws.control_plane.iam.policy_documents import known_principals
from local_aws.control_plane.iam.policy_language import conditions, policies

_KINDS = frozenset({"bucket", "object"})


def install() -> None:
    moto_seams.replace(S3Backend, put_bucket_policy=_checked(S3Backend.put_bucket_policy))


def _checked(put_policy: Callable[..., None]) -> Callable[..., None]:
    def put(self: S3Backend, bucket_name: str, policy: bytes) -> None:
        for statement in policies.statements_of(policy.decode()):
            _require_principals(statement)
            _require_actions(statement)
        put_policy(self, bucket_name, policy)

    return put


def _require_principals(statement: Mapping[str, Any]) -> None:
    principal = statement.get("Principal", statement.get("NotPrincipal"))
    is_readable = principal == "*" or isinstance(principal, Mapping)
    named = known_principals.listed(principal)
    if not is_readable or not all(known_principals.is_known(*each) for each in named):
        raise S3ClientError("MalformedPolicy", "Invalid principal in policy")


def _require_actions(statement: Mapping[str, Any]) -> None:
    """Each action is one on a bucket or on objects, and the statement has a resource for it."""
    resources = conditions.as_list(statement.get("Resource", "*"))
    there = {kind for resource in resources for kind in _kinds_of(resource)}
    for pattern in conditions.as_list(statement.get("Action", [])):
        kinds = _kinds_for(pattern)
        if not kinds:
            raise S3ClientError("MalformedPolicy", "Policy has invalid action")
        if not kinds & there:
            raise S3ClientError(
                "MalformedPolicy", "Action does not apply to any resource(s) in statement"
            )


def _kinds_of(resource: str) -> Collection[str]:
    """What an ARN with its wildcards can be the ARN of."""
    bucket, slash, _ = resource.partition("/")
    if slash:
        return ("object",)
    return _KINDS if "*" in bucket else ("bucket",)


def _kinds_for(pattern: str) -> frozenset[str]:
    """What the actions are about that fit the pattern: "s3:Get*"."""
    if pattern == "*":
        return _KINDS
    service, _, name = pattern.partition(":")
    if service.lower() != "s3":
        return frozenset()
    found = service_authorization.fitting("s3", name)
    return _KINDS & {use.type.name for action in found for use in action.uses}
