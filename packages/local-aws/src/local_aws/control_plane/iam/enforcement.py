"""Is the caller allowed to do it?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.iam.models import Group, ManagedPolicy, Role, User, iam_backends

from local_aws.control_plane.api_errors import ApiError
from local_aws.control_plane.api_request import ApiRequest
from local_aws.control_plane.iam import (
    policies,
    refusals,
    request_arns,
    s3_actions,
    trust,
    unsigned_calls,
)
from local_aws.control_plane.iam.callers import Caller
from local_aws.control_plane.iam.conditions import Context
from local_aws.control_plane.iam.policies import Statement

_ALWAYS_ALLOWED = frozenset({"sts:GetCallerIdentity", "sts:GetSessionToken"})
"""STS API Reference: no permission is needed."""
_SERVICE_PREFIXES = {"states": "states", "monitoring": "cloudwatch"}
"""Where the name in an IAM action is not the one in the signature."""


def authorize(request: ApiRequest, caller: Caller) -> None:
    """Raise ApiError when the caller may not make the request.

    AWS: "Policy evaluation logic" in the IAM User Guide: the policies of the role or user must
    allow it; its permissions boundary and the session's own policy, where there are any, must allow
    it too. An administrator is not checked, but for the trust policy of a role to assume.
    Without the lock it may meet a change half-made and refuse what is allowed.
    """
    if caller.kind == "Anonymous":
        unsigned_calls.authorize(request)
        return
    if (request.service, request.action) == ("sts", "AssumeRole"):
        _require_trust(request, caller)
    action = _action_of(request)
    if action in _ALWAYS_ALLOWED or (caller.is_administrator and caller.session_policy is None):
        return
    context = _context(request, caller)
    for arn in request_arns.arns_of(request, caller.account_id):
        for statements in _layers(caller):
            effect = policies.effect(statements, action, arn, context)
            if effect != "Allow":
                raise _denial(request, caller, action, arn, explicit=effect == "Deny")


def _require_trust(request: ApiRequest, caller: Caller) -> None:
    """AWS: "AssumeRole" in the STS API Reference: the role's trust policy must name the caller."""
    role_arn = str(request.parameters.get("RoleArn", ""))
    roles = iam_backends[DEFAULT_ACCOUNT_ID]["aws"].roles.values()
    role = next((role for role in roles if role.arn == role_arn), None)
    external_id = request.parameters.get("ExternalId")
    context = {"sts:externalid": [external_id]} if external_id else {}
    if role is None or not trust.allows_principal(
        role.assume_role_policy_document, caller.arn, DEFAULT_ACCOUNT_ID, context
    ):
        raise refusals.access_denied(
            f"User: {caller.arn} is not authorized to perform: sts:AssumeRole on resource: "
            f"{role_arn}"
        )


def _action_of(request: ApiRequest) -> str:
    service = _SERVICE_PREFIXES.get(request.service, request.service)
    action = s3_actions.action_of(request) if service == "s3" else request.action
    # A REST action that is not known here is allowed by service:* only.
    return f"{service}:{action or 'Unknown'}"


def _layers(caller: Caller) -> Iterator[list[Statement]]:
    """Groups of statements, each of which must allow the action."""
    identity = caller.identity
    if not caller.is_administrator:  # what is left of a deleted role or user may do nothing
        documents = _identity_documents(identity) if identity else ()
        yield [each for document in documents for each in policies.statements_of(document)]
    managed = iam_backends[caller.account_id]["aws"].managed_policies
    boundary = managed.get(_boundary_arn(identity))
    if boundary:
        yield policies.statements_of(_default_version(boundary))
    if caller.session_policy:
        yield policies.statements_of(caller.session_policy)


def _identity_documents(identity: Role | User) -> Iterator[str | Mapping[str, object]]:
    holders: list[Role | User | Group] = [identity]
    if isinstance(identity, User):
        groups = iam_backends[identity.account_id]["aws"].groups.values()
        holders += [group for group in groups if identity in group.users]
    for holder in holders:
        yield from holder.policies.values()
        for policy in holder.managed_policies.values():
            yield _default_version(policy)


def _boundary_arn(identity: Role | User | None) -> str:
    return getattr(identity, "permissions_boundary_arn", None) or ""


def _default_version(policy: ManagedPolicy) -> str:
    document: str = next(version.document for version in policy.versions if version.is_default)
    return document


def _context(request: ApiRequest, caller: Caller) -> Context:
    """The condition keys of every request; AWS's global ones."""
    now = datetime.now(UTC)
    context = {
        "aws:CurrentTime": now.isoformat(),
        "aws:EpochTime": str(int(now.timestamp())),
        "aws:PrincipalAccount": caller.account_id,
        # A session's is its role's.
        "aws:PrincipalArn": caller.identity.arn if caller.identity else caller.arn,
        "aws:PrincipalType": caller.kind,
        "aws:RequestedRegion": request.region,
        "aws:SecureTransport": "true",  # on AWS the same call goes over TLS
        "aws:SourceIp": "127.0.0.1",
        "aws:UserAgent": request.headers.get("user-agent", ""),
        "aws:userid": caller.user_id,
    }
    if caller.kind == "User" and caller.identity:
        context["aws:username"] = caller.identity.name
    return {name.lower(): [value] for name, value in context.items()}


def _denial(
    request: ApiRequest, caller: Caller, action: str, arn: str, *, explicit: bool
) -> ApiError:
    because = (
        "with an explicit deny in an identity-based policy"
        if explicit
        else f"because no identity-based policy allows the {action} action"
    )
    where = "" if arn == "*" else f" on resource: {arn}"
    message = f"User: {caller.arn} is not authorized to perform: {action}{where} {because}"
    if request.is_json:
        return ApiError("400 Bad Request", "AccessDeniedException", message)
    if request.service == "ec2":
        return ApiError(
            "403 Forbidden",
            "UnauthorizedOperation",
            f"You are not authorized to perform this operation. {message}",
        )
    return ApiError("403 Forbidden", "AccessDenied", message)
