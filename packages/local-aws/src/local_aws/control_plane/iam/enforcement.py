"""Is the caller allowed to do it?"""

from __future__ import annotations

import functools
import logging
import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.iam.models import Group, ManagedPolicy, Role, User, iam_backends

from local_aws.control_plane import delays
from local_aws.control_plane.api_errors import ApiError
from local_aws.control_plane.api_request import ApiRequest
from local_aws.control_plane.delays import Document
from local_aws.control_plane.iam import (
    condition_keys,
    passed_roles,
    permissions_boundaries,
    policies,
    questions,
    refusals,
    resource_policies,
    service_keys,
    trust,
    unsigned_calls,
)
from local_aws.control_plane.iam.callers import Caller
from local_aws.control_plane.iam.conditions import Context, UnevaluatedKeyError
from local_aws.control_plane.iam.policies import Effect, Statement
from local_aws.control_plane.iam.questions import Question

Layer = Literal["own", "boundary", "session"]

_LOG = logging.getLogger(__name__)
_ARN = re.compile(r"arn:[^:]+:[^:]+:[^:]*:[^:]*:.+")

_ALWAYS_ALLOWED = frozenset({"sts:GetCallerIdentity", "sts:GetSessionToken"})
"""STS API Reference: no permission is needed."""
_OF_BUCKETS_OWNERS = frozenset(
    {"s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy"}
)
"""S3 API Reference: the account's own user may always do them, whatever the policy says."""


def authorize(request: ApiRequest, caller: Caller) -> None:
    """Raise ApiError when the caller may not make the request.

    AWS: "Policy evaluation logic" in the IAM User Guide: the policies of the role or user must
    allow it; its permissions boundary and the session's own policy, where there are any, must allow
    it too. An administrator is not checked, but for the trust policy of a role to assume and the
    own policies of resources.
    Without the lock it may meet a change half-made and refuse what is allowed.
    """
    if caller.kind == "Anonymous":
        unsigned_calls.authorize(request)
        return
    is_free = (
        caller.is_administrator
        and caller.session_policy is None
        and not resource_policies.may_deny_anybody(request.service)
    )
    assumes = (request.service, request.action) == ("sts", "AssumeRole")
    if (is_free and not assumes) or f"{request.service}:{request.action}" in _ALWAYS_ALLOWED:
        return
    context = condition_keys.of_request(request, caller)
    needs_own_policy = True
    if assumes:
        needs_own_policy = _standing(request, caller, context) == "account"
    if is_free:
        return
    members = questions.members_of(request, caller.account_id)
    for question in questions.of(request, caller.account_id):
        keys = {
            **context,
            **condition_keys.of_resource(question.arn, caller.account_id),
            **service_keys.of_action(request, question.action, members, caller.account_id),
            **question.keys,
        }
        keys = service_keys.with_tags(keys, question.action.partition(":")[0])
        granted = _granted_by_resource(request, caller, question, keys, members)
        own = needs_own_policy and not granted
        _require(request, caller, question, keys, members, needs_own_policy=own)
    for role_arn, service in passed_roles.passed_by(request, caller.account_id):
        passed = {**context, "iam:passedtoservice": [service]}
        _require(request, caller, Question("iam:PassRole", role_arn), passed, members)


def _require(
    request: ApiRequest,
    caller: Caller,
    question: Question,
    context: Context,
    members: Mapping[str, Any],
    *,
    needs_own_policy: bool = True,
) -> None:
    """Raise unless every layer allows it; whom the role itself names needs no policy of its own."""
    for layer, statements in _layers(caller):
        effect = _effect(request, caller, question, context, members, statements)
        if effect is None and layer == "own" and not needs_own_policy:
            continue
        if effect != "Allow":
            because = (
                "with an explicit deny in an identity-based policy"
                if effect == "Deny"
                else f"because no identity-based policy allows the {question.action} action"
            )
            raise _denial(request, caller, question, because)


def _granted_by_resource(
    request: ApiRequest,
    caller: Caller,
    question: Question,
    context: Context,
    members: Mapping[str, Any],
) -> bool:
    """Whether the resource's own policy allows it; raises when that denies it."""
    if caller.is_administrator and question.action in _OF_BUCKETS_OWNERS:
        return True

    def effect(statements: list[Statement]) -> Effect | None:
        return _effect(request, caller, question, context, members, statements)

    statements = resource_policies.statements_about(request, question.arn, caller, context)
    if effect([each for each in statements if each.get("Effect") == "Deny"]) == "Deny":
        raise _denial(request, caller, question, "with an explicit deny in a resource-based policy")
    if effect([each for each in statements if each.get("Effect") == "Allow"]) == "Allow":
        return True
    to_account = resource_policies.of_key_to_account(request, question.arn, caller)
    if to_account is not None and not caller.is_administrator and effect(to_account) != "Allow":
        because = f"because no resource-based policy allows the {question.action} action"
        raise _denial(request, caller, question, because)
    return False


def _effect(
    request: ApiRequest,
    caller: Caller,
    question: Question,
    context: Context,
    members: Mapping[str, Any],
    statements: list[Statement],
) -> Effect | None:
    """What the statements say of it; raises when that depends on a key without a value here."""
    is_evaluated = functools.partial(service_keys.is_evaluated, request, question, members)
    try:
        return policies.effect(statements, question.action, question.arn, context, is_evaluated)
    except UnevaluatedKeyError as key:
        _LOG.warning(
            "%s on %s was refused to %s: the local AWS does not evaluate the condition key %s",
            *(question.action, question.arn, caller.arn, key),
        )
        because = f"because the local AWS does not evaluate the condition key {key}"
        raise _denial(request, caller, question, because) from key


def _standing(request: ApiRequest, caller: Caller, context: Context) -> trust.Standing:
    """AWS: "AssumeRole" in the STS API Reference: the role's trust policy must name the caller."""
    role_arn = str(request.parameters.get("RoleArn", ""))
    if not _ARN.fullmatch(role_arn):
        raise ApiError("400 Bad Request", "ValidationError", f"{role_arn} is invalid")
    roles = iam_backends[DEFAULT_ACCOUNT_ID]["aws"].roles.values()
    documents = (role.assume_role_policy_document for role in roles if role.arn == role_arn)
    keys = {"sts:externalid": "ExternalId", "sts:rolesessionname": "RoleSessionName"}
    given = {
        key: [str(request.parameters[name])]
        for key, name in keys.items()
        if name in request.parameters
    }
    found = trust.standing(
        next(documents, "{}"), caller.arn, DEFAULT_ACCOUNT_ID, {**context, **given}
    )
    if found is None:
        raise refusals.access_denied(
            f"User: {caller.arn} is not authorized to perform: sts:AssumeRole on resource: "
            f"{role_arn}"
        )
    return found


def _layers(caller: Caller) -> Iterator[tuple[Layer, list[Statement]]]:
    """Groups of statements, each of which must allow the action."""
    identity = caller.identity
    if not caller.is_administrator:  # what is left of a deleted role or user may do nothing
        documents = documents_of(identity) if identity else ()
        own = [each for document in documents for each in policies.statements_of(document)]
        yield "own", own
    managed = iam_backends[caller.account_id]["aws"].managed_policies
    boundary = managed.get(permissions_boundaries.arn_of(identity))
    if boundary:
        yield "boundary", policies.statements_of(_default_version(boundary))
    if caller.session_policy:
        yield "session", policies.statements_of(caller.session_policy)


def documents_of(identity: Role | User) -> tuple[Document, ...]:
    """The policies of a role or user that count by now."""
    return delays.POLICIES.shown(identity.arn, tuple(_identity_documents(identity)))


def _identity_documents(identity: Role | User) -> Iterator[Document]:
    holders: list[Role | User | Group] = [identity]
    if isinstance(identity, User):
        groups = iam_backends[identity.account_id]["aws"].groups.values()
        holders += [group for group in groups if identity in group.users]
    for holder in holders:
        yield from holder.policies.values()
        for policy in holder.managed_policies.values():
            yield _default_version(policy)


def _default_version(policy: ManagedPolicy) -> str:
    document: str = next(version.document for version in policy.versions if version.is_default)
    return document


def _denial(request: ApiRequest, caller: Caller, question: Question, because: str) -> ApiError:
    action, arn = question.action, question.arn
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
