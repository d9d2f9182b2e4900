"""Is this request's role session allowed to do it?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.iam.models import IAMBackend, ManagedPolicy, Role, iam_backends
from moto.sts.models import AssumedRole, sts_backends

from local_aws.control_plane.api_errors import ApiError
from local_aws.control_plane.api_request import ApiRequest
from local_aws.control_plane.iam import policies, request_arns, s3_actions, sessions, trust
from local_aws.control_plane.iam.conditions import Context
from local_aws.control_plane.iam.policies import Statement

_ALWAYS_ALLOWED = frozenset({"sts:GetCallerIdentity"})
_SERVICE_PREFIXES = {"states": "states", "monitoring": "cloudwatch"}
"""Where the name in an IAM action is not the one in the signature."""


def authorize(request: ApiRequest) -> None:
    """Raise ApiError when the request comes from a role session that may not make it.

    AWS: "Policy evaluation logic" in the IAM User Guide: the role's policies must allow it; its
    permissions boundary and the session's own policy, where there are any, must allow it too.
    Administrators' keys are not checked, but for the trust policy of a role that they assume.
    Without the lock it may meet a change half-made and refuse what is allowed.
    """
    if (request.service, request.action) == ("sts", "AssumeRole"):
        _require_trust(request)
    if not sessions.is_role_session(request):
        return
    session = sessions.session_of(request)
    action = _action_of(request)
    if action in _ALWAYS_ALLOWED:
        return
    role = _role_of(session)
    context = _context(request, session)
    for arn in request_arns.arns_of(request, session.account_id):
        for statements in _layers(session, role):
            effect = policies.effect(statements, action, arn, context)
            if effect != "Allow":
                raise _denial(request, session, action, arn, explicit=effect == "Deny")


def _require_trust(request: ApiRequest) -> None:
    """AWS: "AssumeRole" in the STS API Reference: the role's trust policy must name the caller."""
    role_arn = str(request.parameters.get("RoleArn", ""))
    sts = sts_backends[DEFAULT_ACCOUNT_ID]["aws"]
    caller_arn = sts.get_caller_identity(request.access_key_id, request.region)[1]
    roles = iam_backends[DEFAULT_ACCOUNT_ID]["aws"].roles.values()
    role = next((role for role in roles if role.arn == role_arn), None)
    external_id = request.parameters.get("ExternalId")
    context = {"sts:externalid": [external_id]} if external_id else {}
    if role is None or not trust.allows_principal(
        role.assume_role_policy_document, caller_arn, DEFAULT_ACCOUNT_ID, context
    ):
        raise ApiError(
            "403 Forbidden",
            "AccessDenied",
            f"User: {caller_arn} is not authorized to perform: sts:AssumeRole on resource: "
            f"{role_arn}",
        )


def _action_of(request: ApiRequest) -> str:
    service = _SERVICE_PREFIXES.get(request.service, request.service)
    action = s3_actions.action_of(request) if service == "s3" else request.action
    # A REST action that is not known here is allowed by service:* only.
    return f"{service}:{action or 'Unknown'}"


def _role_of(session: AssumedRole) -> Role | None:
    for role in _iam(session).roles.values():
        if role.arn == session.role_arn:
            return role
    return None


def _layers(session: AssumedRole, role: Role | None) -> Iterator[list[Statement]]:
    """Groups of statements, each of which must allow the action."""
    if role is None:  # a deleted role's sessions may do nothing
        yield []
        return
    yield [
        statement
        for document in _identity_documents(role)
        for statement in policies.statements_of(document)
    ]
    boundary = _iam(session).managed_policies.get(role.permissions_boundary_arn or "")
    if boundary:
        yield policies.statements_of(_default_version(boundary))
    if session.policy:
        yield policies.statements_of(session.policy)


def _identity_documents(role: Role) -> Iterator[str | Mapping[str, object]]:
    yield from role.policies.values()
    for policy in role.managed_policies.values():
        yield _default_version(policy)


def _default_version(policy: ManagedPolicy) -> str:
    document: str = next(version.document for version in policy.versions if version.is_default)
    return document


def _context(request: ApiRequest, session: AssumedRole) -> Context:
    """The condition keys of every request; AWS's global ones."""
    now = datetime.now(UTC)
    role_arn = session.role_arn
    context = {
        "aws:CurrentTime": now.isoformat(),
        "aws:EpochTime": str(int(now.timestamp())),
        "aws:PrincipalAccount": session.account_id,
        "aws:PrincipalArn": role_arn,
        "aws:PrincipalType": "AssumedRole",
        "aws:RequestedRegion": request.region,
        "aws:SecureTransport": "true",  # on AWS the same call goes over TLS
        "aws:SourceIp": "127.0.0.1",
        "aws:UserAgent": request.headers.get("user-agent", ""),
        "aws:userid": session.user_id,
    }
    return {name.lower(): [value] for name, value in context.items()}


def _iam(session: AssumedRole) -> IAMBackend:
    return iam_backends[session.account_id][session.partition]


def _denial(
    request: ApiRequest, session: AssumedRole, action: str, arn: str, *, explicit: bool
) -> ApiError:
    because = (
        "with an explicit deny in an identity-based policy"
        if explicit
        else f"because no identity-based policy allows the {action} action"
    )
    where = "" if arn == "*" else f" on resource: {arn}"
    message = f"User: {session.arn} is not authorized to perform: {action}{where} {because}"
    if request.is_json:
        return ApiError("400 Bad Request", "AccessDeniedException", message)
    if request.service == "ec2":
        return ApiError(
            "403 Forbidden",
            "UnauthorizedOperation",
            f"You are not authorized to perform this operation. {message}",
        )
    return ApiError("403 Forbidden", "AccessDenied", message)
