"""Who may assume a role: its trust policy.

AWS: "IAM JSON policy elements: Principal" in the IAM User Guide.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.iam.models import iam_backends

from local_aws.control_plane.api_errors import ApiError
from local_aws.control_plane.api_request import ApiRequest
from local_aws.control_plane.iam.authorization import principals
from local_aws.control_plane.iam.authorization.principals import Principal, Standing
from local_aws.control_plane.iam.policy_documents import trusted_ids
from local_aws.control_plane.iam.policy_language import conditions, policies
from local_aws.control_plane.iam.policy_language.policies import Effect, Statement

_ARN = re.compile(r"arn:[^:]+:[^:]+:[^:]*:[^:]*:.+")


def role_of(request: ApiRequest) -> str:
    """The ARN of the role that AssumeRole is to assume. Raises ApiError for what is none."""
    role_arn = str(request.parameters.get("RoleArn", ""))
    if not _ARN.fullmatch(role_arn):
        raise ApiError("400 Bad Request", "ValidationError", f"{role_arn} is invalid")
    return role_arn


def policy_of(role_arn: str) -> str:
    """The trust policy of a role; one that trusts nobody where there is no such role."""
    roles = iam_backends[DEFAULT_ACCOUNT_ID]["aws"].roles.values()
    found = (trusted_ids.trust_policy(role) for role in roles if role.arn == role_arn)
    return next(found, "{}")


def allows_service(trust_policy: str, service: str) -> bool:
    """Whether a service such as "ec2.amazonaws.com" may assume the role for its instances."""
    return _allows(trust_policy, "Service", (service,), {})


def standing(
    trust_policy: str,
    principal: Principal,
    context: conditions.Context,
    action: str = "sts:AssumeRole",
    is_evaluated: conditions.IsEvaluated = lambda _: True,
) -> Standing | None:
    """How a user or role session may assume the role; None when it may not.

    An account's id or root ARN stands for every principal in it. AWS: "Cross-account policy
    evaluation logic" and "AssumeRole": in one account, whom the trust policy itself names needs no
    policy of its own; to whom it only trusts the account, a policy of its own must allow it.
    Raises UnevaluatedKeyError when that depends on a condition key that is not evaluated.
    """
    statements = _statements(trust_policy)
    if _says(principals.denied(statements, principal), action, context, is_evaluated) == "Deny":
        return None
    for kind in principals.STANDINGS:
        about = principals.allowed(statements, principal, kind)
        if _says(about, action, context, is_evaluated) == "Allow":
            return kind
    return None


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
    names: tuple[str, ...],
    context: conditions.Context,
    action: str = "sts:AssumeRole",
) -> bool:
    statements = [
        statement
        for statement in _statements(trust_policy)
        if principals.named(statement.get("Principal"), kind, names)
    ]
    return _says(statements, action, context) == "Allow"


def _statements(trust_policy: str) -> list[Statement]:
    """Trust policies have no Resource: the role itself is meant."""
    return [{**each, "Resource": "*"} for each in policies.statements_of(trust_policy)]


def _says(
    statements: Sequence[Statement],
    action: str,
    context: conditions.Context,
    is_evaluated: conditions.IsEvaluated = lambda _: True,
) -> Effect | None:
    return policies.effect(statements, action, "*", context, is_evaluated)
