"""Is the caller allowed to do it?"""

from __future__ import annotations

import functools
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from local_aws.control_plane.api_errors import ApiError
from local_aws.control_plane.api_request import ApiRequest
from local_aws.control_plane.iam import (
    authorization_messages,
    condition_keys,
    identity_policies,
    passed_roles,
    policies,
    questions,
    refusals,
    resource_policies,
    service_keys,
    session_tags,
    source_identities,
    trust,
    unsigned_calls,
)
from local_aws.control_plane.iam.callers import Caller
from local_aws.control_plane.iam.conditions import Context, UnevaluatedKeyError
from local_aws.control_plane.iam.policies import Effect, Statement
from local_aws.control_plane.iam.questions import Question

_LOG = logging.getLogger(__name__)

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
    is_named = assumes and trust.require_standing(request, caller.arn, context) == "named"
    beside = list(_needed_beside(request, caller)) if assumes else []
    for action in beside:
        trust.require_standing(request, caller.arn, context, action)
    if is_free:
        return
    members = questions.members_of(request, caller.account_id)
    asked = questions.of(request, caller.account_id)
    asked += [replace(each, action=action) for action in beside for each in asked]
    for question in asked:
        keys = {
            **context,
            **condition_keys.of_resource(question.arn, caller.account_id),
            **service_keys.of_action(request, question.action, members, caller.account_id),
            **question.keys,
        }
        keys = service_keys.with_tags(keys, question.action.partition(":")[0])
        evaluation = Evaluation(request, caller, question, keys, members)
        is_granted = evaluation.is_granted_by_resource()
        is_enough = is_named and question.action not in beside
        evaluation.require_every_layer(needs_own_policy=not (is_enough or is_granted))
    for role_arn, service in passed_roles.passed_by(request, caller.account_id):
        passing = Question("iam:PassRole", role_arn, {"iam:passedtoservice": [service]})
        keys = {**context, **passing.keys}
        Evaluation(request, caller, passing, keys, members).require_every_layer()


def _needed_beside(request: ApiRequest, caller: Caller) -> Iterator[str]:
    """The actions that an AssumeRole needs beside its own, in both policies."""
    if source_identities.of_request(request, caller.source_identity):
        if source_identities.is_change(request, caller.source_identity):
            role_arn = str(request.parameters.get("RoleArn"))
            raise refusals.may_not_assume(caller.arn, source_identities.ACTION, role_arn)
        yield source_identities.ACTION
    if condition_keys.tags_of_request(request):
        yield session_tags.ACTION


@dataclass(frozen=True)
class Evaluation:
    """One question of a caller's request, put to policies.

    `context` are its condition keys. `members` are what the request gives: from them follows
    whether it lacks a key, or the local AWS does not know its value.
    """

    request: ApiRequest
    caller: Caller
    question: Question
    context: Context
    members: Mapping[str, Any]

    def is_granted_by_resource(self) -> bool:
        """Whether the resource's own policy allows it; raises when that denies it."""
        request, caller, question = self.request, self.caller, self.question
        if caller.is_administrator and question.action in _OF_BUCKETS_OWNERS:
            return True
        about = resource_policies.statements_about(request, question.arn, caller, self.context)
        if self._effect([each for each in about if each.get("Effect") == "Deny"]) == "Deny":
            raise self._denied("with an explicit deny in a resource-based policy", about)
        if self._effect([each for each in about if each.get("Effect") == "Allow"]) == "Allow":
            return True
        to_account = resource_policies.of_key_to_account(request, question.arn, caller)
        if to_account is None or caller.is_administrator or self._effect(to_account) == "Allow":
            return False
        raise self._denied(f"because no resource-based policy allows the {question.action} action")

    def require_every_layer(self, *, needs_own_policy: bool = True) -> None:
        """Raise unless each layer of the caller's policies allows it.

        Whom the resource or the role to assume names needs no policy of its own.
        """
        for layer, statements in identity_policies.layers(self.caller):
            effect = self._effect(statements)
            if effect == "Deny":
                raise self._denied("with an explicit deny in an identity-based policy", statements)
            if effect is None and (needs_own_policy or layer != "own"):
                action = self.question.action
                raise self._denied(f"because no identity-based policy allows the {action} action")

    def _effect(self, statements: Sequence[Statement]) -> Effect | None:
        """What the statements say; raises when that depends on a key without a value here."""
        action, arn = self.question.action, self.question.arn
        is_evaluated = functools.partial(
            service_keys.is_evaluated, self.request, self.question, self.members
        )
        try:
            return policies.effect(statements, action, arn, self.context, is_evaluated)
        except UnevaluatedKeyError as key:
            _LOG.warning(
                "%s on %s was refused to %s: the local AWS does not evaluate the condition key %s",
                *(action, arn, self.caller.arn, key),
            )
            because = f"because the local AWS does not evaluate the condition key {key}"
            raise self._denied(because) from key

    def _denied(self, because: str, statements: Sequence[Statement] = ()) -> ApiError:
        """`statements` are those that deny it explicitly, among others."""
        action, arn = self.question.action, self.question.arn
        where = "" if arn == "*" else f" on resource: {arn}"
        return refusals.unauthorized(
            self.request,
            f"User: {self.caller.arn} is not authorized to perform: {action}{where} {because}",
            self._encoded(statements) if self.request.service == "ec2" else "",
        )

    def _encoded(self, statements: Sequence[Statement]) -> str:
        denying = [each for each in statements if self._effect([each]) == "Deny"]
        return authorization_messages.encode(
            authorization_messages.failure_of(self.caller, self.question, self.context, denying)
        )
