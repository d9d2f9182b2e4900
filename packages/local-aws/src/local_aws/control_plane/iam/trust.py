"""Who may assume a role: its trust policy.

AWS: "IAM JSON policy elements: Principal" in the IAM User Guide.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.iam.models import iam_backends

from local_aws.control_plane.api_errors import ApiError
from local_aws.control_plane.api_request import ApiRequest
from local_aws.control_plane.iam import conditions, policies, refusals

Standing = Literal["named", "account"]
"""Whether a trust policy names the principal, or only the account."""
_ARN = re.compile(r"arn:[^:]+:[^:]+:[^:]*:[^:]*:.+")
_KEYS = {
    "sts:externalid": "ExternalId",
    "sts:rolesessionname": "RoleSessionName",
    "sts:sourceidentity": "SourceIdentity",
}
"""Condition keys of AssumeRole, and the parameters that they are."""


def require_standing(
    request: ApiRequest,
    principal_arn: str,
    context: conditions.Context,
    action: str = "sts:AssumeRole",
) -> Standing:
    """How the caller of AssumeRole may assume the role; raises ApiError when it may not.

    `action` is sts:SetSourceIdentity for what it needs beside AssumeRole itself.

    AWS: "AssumeRole" in the STS API Reference: the role's trust policy must name the caller.
    """
    given = request.parameters
    role_arn = str(given.get("RoleArn", ""))
    if not _ARN.fullmatch(role_arn):
        raise ApiError("400 Bad Request", "ValidationError", f"{role_arn} is invalid")
    roles = iam_backends[DEFAULT_ACCOUNT_ID]["aws"].roles.values()
    documents = (role.assume_role_policy_document for role in roles if role.arn == role_arn)
    keys = {key: [str(given[name])] for key, name in _KEYS.items() if name in given}
    found = standing(
        next(documents, "{}"), principal_arn, DEFAULT_ACCOUNT_ID, {**context, **keys}, action
    )
    if found is None:
        raise refusals.may_not_assume(principal_arn, action, role_arn)
    return found


def allows_service(trust_policy: str, service: str) -> bool:
    """Whether a service such as "ec2.amazonaws.com" may assume the role for its instances."""
    return _allows(trust_policy, "Service", (service,), {})


def standing(
    trust_policy: str,
    principal_arn: str,
    account_id: str,
    context: conditions.Context,
    action: str = "sts:AssumeRole",
) -> Standing | None:
    """How a user or role session may assume the role; None when it may not.

    An account's id or root ARN stands for every principal in it. AWS: "Cross-account policy
    evaluation logic" and "AssumeRole": in one account, whom the trust policy itself names needs no
    policy of its own; to whom it only trusts the account, a policy of its own must allow it.
    """
    names = [principal_arn]
    names += context.get("aws:principalarn", ())
    account = [account_id, f"arn:aws:iam::{account_id}:root"]
    if not _allows(trust_policy, "AWS", names + account, context, action):
        return None
    return "named" if _allows(trust_policy, "AWS", names, context, action) else "account"


def allows_federation(
    trust_policy: str, action: str, provider: str, context: conditions.Context
) -> bool:
    """Whether whom an identity provider vouches for may assume the role.

    `provider` is the ARN of a SAML or OpenID Connect provider, or a name: accounts.google.com.
    """
    return _allows(trust_policy, "Federated", (provider,), context, action)


def _allows(
    trust_policy: str,
    kind: str,
    names: tuple[str, ...] | list[str],
    context: conditions.Context,
    action: str = "sts:AssumeRole",
) -> bool:
    # Trust policies have no Resource: the role itself is meant.
    statements = [
        {**statement, "Resource": "*"}
        for statement in policies.statements_of(trust_policy)
        if names_principal(statement.get("Principal", {}), kind, names)
    ]
    return policies.effect(statements, action, "*", context) == "Allow"


def names_principal(principal: Any, kind: str, names: tuple[str, ...] | list[str]) -> bool:
    """Whether a policy's Principal element is for one of the names, or for everyone."""
    if principal == "*":
        return True
    if not isinstance(principal, Mapping) or kind not in principal:
        return False
    listed = conditions.as_list(principal[kind])
    return "*" in listed or any(name in listed for name in names)
