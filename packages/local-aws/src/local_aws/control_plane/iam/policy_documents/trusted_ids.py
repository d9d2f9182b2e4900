"""The roles and users that a trust policy names, by their unique ids.

Source: "AWS JSON policy elements: Principal" in the IAM User Guide: the ARN of a role or user is
replaced by its unique id when a trust policy is saved; one that is created again under the same
name is not trusted.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from moto.iam.models import IAMBackend, Role

from local_aws.control_plane import moto_seams
from local_aws.control_plane.iam.policy_language import conditions, policies


@dataclass
class _Kept:
    ids: Mapping[str, str] = field(default_factory=dict)


def keep(backend: IAMBackend, role: Role) -> None:
    """Note the ids of all whom the role's trust policy names now."""
    named = {
        name
        for statement in policies.statements_of(role.assume_role_policy_document)
        for name in _names(statement.get("Principal"))
    }
    identities: list[Any] = [*backend.roles.values(), *backend.users.values()]
    ids = {each.arn: each.id for each in identities if each.arn in named}
    moto_seams.notes(role, _Kept).ids = ids


def trust_policy(role: Role) -> str:
    """The role's, with ids in the places of ARNs."""
    ids = moto_seams.notes(role, _Kept).ids
    statements = [
        {**statement, "Principal": _with_ids(statement["Principal"], ids)}
        if "Principal" in statement
        else statement
        for statement in policies.statements_of(role.assume_role_policy_document)
    ]
    return json.dumps({"Statement": statements})


def _names(principal: Any) -> list[str]:
    return conditions.as_list(principal.get("AWS", [])) if isinstance(principal, Mapping) else []


def _with_ids(principal: Any, ids: Mapping[str, str]) -> Any:
    if not isinstance(principal, Mapping) or "AWS" not in principal:
        return principal
    return {**principal, "AWS": [ids.get(name, name) for name in _names(principal)]}
