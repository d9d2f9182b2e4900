"""The policy simulator: what policies say of actions that nobody takes.

Decisions are those of the enforcement (policies.py). As in AWS's simulator, a request's condition
keys are those that the call gives.
Source: API_SimulatePrincipalPolicy, API_SimulateCustomPolicy, API_EvaluationResult,
API_GetContextKeysForPrincipalPolicy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from moto.core.responses import ActionResult
from moto.iam.exceptions import InvalidInput, NotFoundException
from moto.iam.models import Group, IAMBackend, Role, User
from moto.iam.responses import IamResponse

from local_aws.control_plane import moto_seams
from local_aws.control_plane.iam.authorization import identity_policies
from local_aws.control_plane.iam.identities import permissions_boundaries
from local_aws.control_plane.iam.policy_language import conditions, policies, policy_variables
from local_aws.control_plane.iam.policy_language.conditions import Context
from local_aws.control_plane.iam.policy_language.policies import Statement

_INPUT = "PolicyInputList"
_BOUNDARY = "PermissionsBoundaryPolicyInputList"
_DECISIONS = {"Allow": "allowed", "Deny": "explicitDeny", None: "implicitDeny"}


def install() -> None:
    moto_seams.add(
        IamResponse,
        simulate_principal_policy=_simulate_principal,
        simulate_custom_policy=_simulate_custom,
        get_context_keys_for_principal_policy=_keys_of_principal,
        get_context_keys_for_custom_policy=_keys_of_custom,
    )


def decision(
    own: Sequence[Statement],
    boundary: Sequence[Statement] | None,
    action: str,
    resource: str,
    context: Context,
) -> str:
    """allowed, explicitDeny or implicitDeny: each layer must allow it, and none may deny it."""
    layers = [own] if boundary is None else [own, boundary]
    effects = [policies.effect(layer, action, resource, context) for layer in layers]
    if "Deny" in effects:
        return _DECISIONS["Deny"]
    return _DECISIONS[None if None in effects else "Allow"]


def context_keys(statements: Sequence[Statement]) -> list[str]:
    """The keys of the conditions and variables of policies, each once, as they are written."""
    found: dict[str, str] = {}
    for statement in statements:
        for key in _keys(statement):
            found.setdefault(key.lower(), key)
    return list(found.values())


def _keys(statement: Statement) -> Iterator[str]:
    for name in ("Resource", "NotResource"):
        for pattern in conditions.as_list(statement.get(name, [])):
            yield from policy_variables.names(pattern)
    yield from conditions.keys(statement.get("Condition", {}))


def _simulate_custom(self: IamResponse) -> ActionResult:
    return _simulated(self, _statements(self, _INPUT), _given_boundary(self))


def _simulate_principal(self: IamResponse) -> ActionResult:
    """Policies that are given hold beside those of the user, group or role."""
    source = _source(self.backend, self._get_param("PolicySourceArn"))
    boundary = _given_boundary(self)
    managed = self.backend.managed_policies.get(
        "" if isinstance(source, Group) else permissions_boundaries.arn_of(source)
    )
    if boundary is None and managed:
        boundary = policies.statements_of(identity_policies.default_version(managed))
    return _simulated(self, [*_own(source), *_statements(self, _INPUT)], boundary)


def _keys_of_custom(self: IamResponse) -> ActionResult:
    return ActionResult({"ContextKeyNames": context_keys(_statements(self, _INPUT))})


def _keys_of_principal(self: IamResponse) -> ActionResult:
    source = _source(self.backend, self._get_param("PolicySourceArn"))
    statements = [*_own(source), *_statements(self, _INPUT)]
    return ActionResult({"ContextKeyNames": context_keys(statements)})


def _simulated(
    response: IamResponse, own: Sequence[Statement], boundary: Sequence[Statement] | None
) -> ActionResult:
    entries: list[dict[str, Any]] = response._get_param("ContextEntries", [])
    context = {
        entry["ContextKeyName"].lower(): entry.get("ContextKeyValues", []) for entry in entries
    }
    required = context_keys([*own, *(boundary or ())])
    missing = [key for key in required if key.lower() not in context]
    asked = [
        (action, resource)
        for action in response._get_param("ActionNames", [])
        for resource in response._get_param("ResourceArns") or ["*"]
    ]
    results: list[dict[str, Any]] = []
    for action, resource in asked:
        result: dict[str, Any] = {
            "EvalActionName": action,
            "EvalResourceName": resource,
            "EvalDecision": decision(own, boundary, action, resource, context),
            "MissingContextValues": missing,
        }
        if boundary is not None:
            is_allowed = policies.effect(boundary, action, resource, context) == "Allow"
            result["PermissionsBoundaryDecisionDetail"] = {
                "AllowedByPermissionsBoundary": is_allowed
            }
        results.append(result)
    return ActionResult({"EvaluationResults": results})


def _statements(response: IamResponse, name: str) -> list[Statement]:
    documents: list[str] = response._get_param(name, [])
    return [each for document in documents for each in policies.statements_of(document)]


def _given_boundary(response: IamResponse) -> list[Statement] | None:
    return _statements(response, _BOUNDARY) if response._get_param(_BOUNDARY) else None


def _own(source: Role | User | Group) -> list[Statement]:
    documents = (
        identity_policies.of_holder(source)
        if isinstance(source, Group)
        else identity_policies.documents_of(source)
    )
    return [each for document in documents for each in policies.statements_of(document)]


def _source(backend: IAMBackend, arn: str) -> Role | User | Group:
    """The user, group or role. Raises NoSuchEntity, and InvalidInput for another ARN."""
    kind = arn.rpartition(":")[2].partition("/")[0]
    holders: Mapping[str, Mapping[str, Any]] = {
        "group": backend.groups,
        "role": backend.roles,
        "user": backend.users,
    }
    if kind not in holders:
        raise InvalidInput(
            f"Invalid Entity Arn: {arn} does not clearly define entity type and name."
        )
    for holder in holders[kind].values():
        if holder.arn == arn:
            found: Role | User | Group = holder
            return found
    name = arn.rpartition("/")[2]
    raise NotFoundException(f"The {kind} with name {name} cannot be found.")
