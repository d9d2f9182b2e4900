"""What a bucket's own policy says of a signed request.

AWS: "Policy evaluation logic" in the IAM User Guide: an explicit Deny wins over every Allow; within
an account, whom the policy itself allows needs no policy of its own.
"""

from __future__ import annotations

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.iam.access_control import PermissionResult
from moto.s3.models import FakeBucket, s3_backends

from local_aws.control_plane import moto_seams
from local_aws.control_plane.api_request import ApiRequest
from local_aws.control_plane.iam import policies, s3_actions, trust
from local_aws.control_plane.iam.callers import Caller
from local_aws.control_plane.iam.conditions import Context
from local_aws.control_plane.iam.policies import Statement


def install() -> None:
    """moto evaluates a policy without its conditions, for whoever asks."""
    moto_seams.replace(FakeBucket, get_permission=lambda *_: PermissionResult.NEUTRAL)


def statements_about(request: ApiRequest, caller: Caller, context: Context) -> list[Statement]:
    """What the policy of the bucket that is asked for says to the caller; nothing without one."""
    if request.service != "s3":
        return []
    name, _ = s3_actions.target_of(request)
    bucket = s3_backends[DEFAULT_ACCOUNT_ID]["aws"].buckets.get(name)
    if bucket is None or bucket.policy is None:
        return []
    return [
        statement
        for statement in policies.statements_of(bucket.policy.decode())
        if _is_about(statement, caller, context)
    ]


def _is_about(statement: Statement, caller: Caller, context: Context) -> bool:
    """A Deny to the account is one to everybody in it; an Allow leaves it to their own policies."""
    names = [caller.arn, *context.get("aws:principalarn", ())]
    if statement.get("Effect") == "Deny":
        names += [caller.account_id, f"arn:aws:iam::{caller.account_id}:root"]
    if "NotPrincipal" in statement:
        return not trust.names_principal(statement["NotPrincipal"], "AWS", names)
    return trust.names_principal(statement.get("Principal", {}), "AWS", names)
