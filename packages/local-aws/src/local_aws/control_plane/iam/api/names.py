"""Names of users, groups, roles, instance profiles and policies: each is taken once.

Source: API_CreateUser and its like: "Names are not distinguished by case"; "IAM and AWS STS quotas"
in the IAM User Guide. moto has names that differ in case alone.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from moto.iam.exceptions import EntityAlreadyExists
from moto.iam.models import IAMBackend, ManagedPolicy

from local_aws.control_plane import moto_seams


def _own_policies(backend: IAMBackend) -> list[ManagedPolicy]:
    """AWS's own policies have names that an account's may have, too."""
    return [
        policy
        for arn, policy in backend.managed_policies.items()
        if arn.split(":")[4] == backend.account_id
    ]


@dataclass(frozen=True)
class _Kind:
    """What has names: moto's call that creates one, and that call's parameter for the name."""

    create: str
    parameter: str
    holders: Callable[[IAMBackend], Iterable[Any]]
    message: str


_KINDS = (
    _Kind(
        "create_user",
        "user_name",
        lambda iam: iam.users.values(),
        "User with name {} already exists.",
    ),
    _Kind(
        "create_group",
        "group_name",
        lambda iam: iam.groups.values(),
        "Group with name {} already exists.",
    ),
    _Kind(
        "create_role",
        "role_name",
        lambda iam: iam.roles.values(),
        "Role with name {} already exists.",
    ),
    _Kind(
        "create_instance_profile",
        "name",
        lambda iam: iam.instance_profiles.values(),
        "Instance Profile {} already exists.",
    ),
    _Kind(
        "create_policy",
        "policy_name",
        _own_policies,
        "A policy called {} already exists. Duplicate names are not allowed.",
    ),
)
_SIGNATURES = {kind.create: inspect.signature(getattr(IAMBackend, kind.create)) for kind in _KINDS}
"""moto's own; other corrections of the same calls do not name all parameters."""


def install() -> None:
    creating = {kind.create: _once(kind, getattr(IAMBackend, kind.create)) for kind in _KINDS}
    moto_seams.replace(IAMBackend, **creating)


def is_taken(name: str, holders: Iterable[Any]) -> bool:
    """Whether one of the holders has the name, in capitals or not."""
    return any(str(each.name).lower() == name.lower() for each in holders)


def _once(kind: _Kind, moto_create: Callable[..., Any]) -> Callable[..., Any]:
    def create(self: IAMBackend, *arguments: Any, **named: Any) -> Any:
        given = _SIGNATURES[kind.create].bind(self, *arguments, **named).arguments
        name = given[kind.parameter]
        if is_taken(name, kind.holders(self)):
            raise EntityAlreadyExists(kind.message.format(name))
        return moto_create(self, *arguments, **named)

    return create
