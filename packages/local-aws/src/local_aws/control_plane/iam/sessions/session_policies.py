"""What limits a role session: the policy that its request gave and the managed ones it named.

Source: "Session policies" in the IAM User Guide; API_AssumeRole: Policy, PolicyArns.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from moto.iam.models import iam_backends
from moto.sts.models import AssumedRole

from local_aws.control_plane import moto_seams
from local_aws.control_plane.iam.policy_language import policies


@dataclass
class _Kept:
    arns: tuple[str, ...] = ()


def keep_arns(session: AssumedRole, arns: Iterable[str]) -> None:
    """Note the managed policies that limit a new session."""
    moto_seams.notes(session, _Kept).arns = tuple(arns)


def of_session(session: AssumedRole) -> str | None:
    """One document with what any of them allows; None when nothing limits the session."""
    arns = moto_seams.notes(session, _Kept).arns
    return merged(session.account_id, session.policy, arns)


def merged(account_id: str, policy: str | None, arns: Sequence[str]) -> str | None:
    """One document with what the policy or the managed ones allow; None without any."""
    if not policy and not arns:
        return None
    managed = iam_backends[account_id]["aws"].managed_policies
    documents = [policy or "{}"]
    for arn in arns:
        versions = managed[arn].versions if arn in managed else ()
        documents += [each.document for each in versions if each.is_default]
    statements = [each for document in documents for each in policies.statements_of(document)]
    return json.dumps({"Statement": statements})
