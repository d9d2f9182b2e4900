"""Is the caller allowed to do it?"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from local_aws.control_plane.api_errors import ApiError
from local_aws.control_plane.api_request import ApiRequest
from local_aws.control_plane.iam import refusals
from local_aws.control_plane.iam.actions import questions
from local_aws.control_plane.iam.actions.questions import Question
from local_aws.control_plane.iam.authorization import (
    authorization_messages,
    identity_policies,
    passed_roles,
    principals,
    resource_policies,
    trust,
    unsigned_calls,
)
from local_aws.control_plane.iam.authorization.identity_policies import Layer
from local_aws.control_plane.iam.authorization.principals import Principal, Standing
from local_aws.control_plane.iam.policy_language import policies
from local_aws.control_plane.iam.policy_language.conditions import Context, UnevaluatedKeyError
from local_aws.control_plane.iam.policy_language.policies import Effect, Statement
from local_aws.control_plane.iam.request_context import (
    condition_keys,
    object_tags,
    request_tags,
    service_keys,
)
from local_aws.control_plane.iam.sessions import (
    multi_factor,
    session_tags,
    source_identities,
    temporary_key_limits,
)
from local_aws.control_plane.iam.sessions.callers import Caller
from local_aws.control_plane.refused_parts import RefusedParts

_LOG = logging.getLogger(__name__)

_ALWAYS_ALLOWED = frozenset({"sts:GetCallerIdentity", "sts:GetSessionToken"})
"""STS API Reference: no permission is needed."""
_OF_BUCKETS_OWNERS = frozenset(
    {"s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy"}
)
"""S3 API Reference: the account's own user may always do them, whatever the policy says."""

_KINDS: Mapping[Layer, str] = {
    "own": "identity-based policy",
    "boundary": "permissions boundary",
    "session": "session policy",
}
"""IAM User Guide, "Troubleshoot access denied error messages"."""


def authorize(request: ApiRequest, caller: Caller) -> RefusedParts:
    """Raise ApiError when the caller may not make the request, but for the parts that it returns.

    AWS: "Policy evaluation logic" in the IAM User Guide: the policies of the role or user must
    allow it; its permissions boundary and the session's own policy, where there are any, must allow
    it too. An administrator is not checked, but for the trust policy of a role to assume and the
    own policies of resources.
    Without the lock it may meet a change half-made and refuse what is allowed.
    """
    if caller.kind == "Anonymous":
        unsigned_calls.authorize(request)
        return {}
    temporary_key_limits.require(request, caller)
    is_free = (
        caller.is_administrator
        and caller.session_policy is None
        and not resource_policies.may_deny_anybody(request.service)
    )
    assumes = (request.service, request.action) == ("sts", "AssumeRole")
    if (is_free and not assumes) or f"{request.service}:{request.action}" in _ALWAYS_ALLOWED:
        return {}
    if assumes:
        serial, code = map(request.parameters.get, ("SerialNumber", "TokenCode"))
        mfa_at = multi_factor.authenticated_at(caller, serial, code)
        caller = replace(caller, mfa_at=mfa_at or caller.mfa_at)
    members = questions.members_of(request, caller)
    context = condition_keys.of_request(request, caller, members)
    principal = principals.of_caller(caller)
    asking = Asking(request, caller, principal, context, members)
    trusted = {
        action: asking.standing_with_role(action)
        for action in (_of_assuming(request, caller, members) if assumes else ())
    }
    if is_free:
        return {}
    asked = questions.of(request, members, caller.account_id)
    if assumes:
        asked = [replace(each, action=action) for action in trusted for each in asked]
    elif request.service == "sts" and request_tags.of_members(members):
        asked += [replace(each, action=session_tags.ACTION) for each in asked]
    refused = asking.require(asked, trusted)
    for role_arn, service in passed_roles.passed_by(request, caller.account_id):
        passing = Question("iam:PassRole", role_arn, {"iam:passedtoservice": [service]})
        Evaluation(asking, passing, {**context, **passing.keys}).require_every_layer()
    return refused


def _of_assuming(request: ApiRequest, caller: Caller, members: Mapping[str, Any]) -> Iterator[str]:
    """The actions that an AssumeRole needs, in both policies."""
    yield "sts:AssumeRole"
    if source_identities.of_request(request, caller.source_identity):
        if source_identities.is_change(request, caller.source_identity):
            role_arn = str(request.parameters.get("RoleArn"))
            raise refusals.may_not_assume(caller.arn, source_identities.ACTION, role_arn)
        yield source_identities.ACTION
    if request_tags.of_members(members):
        yield session_tags.ACTION


@dataclass(frozen=True)
class Asking:
    """A caller's request. `context` are the condition keys that all its questions have.

    `members` are what the request gives: from them follows whether it lacks a key, or the local AWS
    does not know its value.
    """

    request: ApiRequest
    caller: Caller
    principal: Principal
    context: Context
    members: Mapping[str, Any]

    def require(
        self, questions: Iterable[Question], trusted: Mapping[str, Standing]
    ) -> RefusedParts:
        """Raise ApiError unless all are answered with yes, but for the parts that it returns.

        `trusted` has how trust policies let the caller do it, by action.
        """
        refused = {}
        for question in questions:
            evaluation = self.about(question)
            try:
                granted = evaluation.granted_by_resource() or trusted.get(question.action)
                evaluation.require_every_layer(granted)
            except ApiError as refusal:
                if not question.is_part:
                    raise
                refused[question.arn, question.version] = refusal
        return refused

    def about(self, question: Question) -> Evaluation:
        """One of its questions, with the condition keys of that question alone."""
        account_id = self.caller.account_id
        keys = {
            **self.context,
            **condition_keys.of_resource(question.arn, account_id),
            **service_keys.of_action(self.request, question.action, self.members, account_id),
            **self._of_object(question),
            **question.keys,
        }
        keys = service_keys.with_tags(keys, question.action.partition(":")[0])
        return Evaluation(self, question, keys)

    def _of_object(self, question: Question) -> Context:
        if self.request.service != "s3":
            return {}
        documented = service_keys.documented(question.action)
        return object_tags.of_question(self.request, question.arn, question.version, documented)

    def standing_with_role(self, action: str) -> Standing:
        """How the trust policy of the role to assume lets the caller do it; raises ApiError."""
        role_arn = trust.role_of(self.request)
        evaluation = self.about(Question(action, role_arn))
        try:
            found = trust.standing(
                trust.policy_of(role_arn),
                self.principal,
                evaluation.context,
                action,
                evaluation.is_evaluated,
            )
        except UnevaluatedKeyError as key:
            _warn_of(self.caller, evaluation.question, key)
            found = None
        if found is None:
            raise refusals.may_not_assume(self.caller.arn, action, role_arn)
        return found


def _warn_of(caller: Caller, question: Question, key: UnevaluatedKeyError) -> None:
    _LOG.warning(
        "%s on %s was refused to %s: the local AWS does not evaluate the condition key %s",
        *(question.action, question.arn, caller.arn, key),
    )


@dataclass(frozen=True)
class Evaluation:
    """One question of a caller's request, put to policies; `context` are its condition keys."""

    asking: Asking
    question: Question
    context: Context

    def is_evaluated(self, key: str) -> bool:
        """Whether a request without a value for the key lacks it."""
        asking = self.asking
        return service_keys.is_evaluated(asking.request, self.question, asking.members, key)

    def granted_by_resource(self) -> Standing | None:
        """As whom the resource's own policy allows it; raises when that denies it."""
        request, question = self.asking.request, self.question
        caller, principal = self.asking.caller, self.asking.principal
        if caller.is_administrator and question.action in _OF_BUCKETS_OWNERS:
            return "itself"
        statements = resource_policies.statements_of(request, question.arn)
        denying = principals.denied(statements, principal)
        if self._effect(denying) == "Deny":
            raise self._denied("with an explicit deny in a resource-based policy", denying)
        kinds: tuple[Standing, ...] = ("itself", "role")
        for kind in kinds:
            if self._effect(principals.allowed(statements, principal, kind)) == "Allow":
                return kind
        to_account = resource_policies.of_key_to_account(request, question.arn, principal)
        if to_account is None or caller.is_administrator or self._effect(to_account) == "Allow":
            return None
        raise self._denied(f"because no resource-based policy allows the {question.action} action")

    def require_every_layer(self, granted: Standing | None = None) -> None:
        """Raise unless each layer of the caller's policies allows it, and none denies it.

        As whom the resource, or the role to assume, has `granted` it already: a role needs no
        policy of its own for that, and who is named itself needs nothing.
        """
        action = self.question.action
        for layer, statements in identity_policies.layers(self.asking.caller):
            effect = self._effect(statements)
            kind = _KINDS[layer]
            if effect == "Deny":
                article = "an" if layer == "own" else "a"
                raise self._denied(f"with an explicit deny in {article} {kind}", statements)
            is_needed = granted != "itself" and not (granted == "role" and layer == "own")
            if effect is None and is_needed:
                raise self._denied(f"because no {kind} allows the {action} action")

    def _effect(self, statements: Sequence[Statement]) -> Effect | None:
        """What the statements say; raises when that depends on a key without a value here."""
        action, arn = self.question.action, self.question.arn
        try:
            return policies.effect(statements, action, arn, self.context, self.is_evaluated)
        except UnevaluatedKeyError as key:
            _warn_of(self.asking.caller, self.question, key)
            because = f"because the local AWS does not evaluate the condition key {key}"
            raise self._denied(because) from key

    def _denied(self, because: str, statements: Sequence[Statement] = ()) -> ApiError:
        """`statements` are those that deny it explicitly, among others."""
        request, caller = self.asking.request, self.asking.caller
        action, arn = self.question.action, self.question.arn
        where = "" if arn == "*" else f" on resource: {arn}"
        return refusals.unauthorized(
            request,
            f"User: {caller.arn} is not authorized to perform: {action}{where} {because}",
            self._encoded(statements) if request.service == "ec2" else "",
        )

    def _encoded(self, statements: Sequence[Statement]) -> str:
        denying = [each for each in statements if self._effect([each]) == "Deny"]
        return authorization_messages.encode(
            authorization_messages.failure_of(
                self.asking.caller, self.question, self.context, denying
            )
        )
