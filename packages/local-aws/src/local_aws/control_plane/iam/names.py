"""Names of users, groups, roles, instance profiles and policies: each is taken once.

Source: API_CreateUser and its like: "Names are not distinguished by case"; "IAM and AWS STS quotas"
in the IAM User Guide. moto has names that differ in case alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from moto.iam.exceptions import EntityAlreadyExists
from moto.iam.models import IAMBackend, ManagedPolicy

from local_aws.control_plane import moto_seams


def install() -> None:
    moto_seams.replace(
        IAMBackend,
        create_user=_creating_user(IAMBackend.create_user),
        create_group=_creating_group(IAMBackend.create_group),
        create_role=_creating_role(IAMBackend.create_role),
        create_instance_profile=_creating_profile(IAMBackend.create_instance_profile),
        create_policy=_creating_policy(IAMBackend.create_policy),
    )


def is_taken(name: str, holders: Iterable[Any]) -> bool:
    """Whether one of the holders has the name, in capitals or not."""
    return any(str(each.name).lower() == name.lower() for each in holders)


def _creating_user(moto_create: Callable[..., Any]) -> Callable[..., Any]:
    def create(self: IAMBackend, region_name: str, user_name: str, *rest: Any, **more: Any) -> Any:
        if is_taken(user_name, self.users.values()):
            raise EntityAlreadyExists(f"User with name {user_name} already exists.")
        return moto_create(self, region_name, user_name, *rest, **more)

    return create


def _creating_group(moto_create: Callable[..., Any]) -> Callable[..., Any]:
    def create(self: IAMBackend, group_name: str, *rest: Any, **more: Any) -> Any:
        if is_taken(group_name, self.groups.values()):
            raise EntityAlreadyExists(f"Group with name {group_name} already exists.")
        return moto_create(self, group_name, *rest, **more)

    return create


def _creating_role(moto_create: Callable[..., Any]) -> Callable[..., Any]:
    def create(self: IAMBackend, role_name: str, *rest: Any, **more: Any) -> Any:
        if is_taken(role_name, self.roles.values()):
            raise EntityAlreadyExists(f"Role with name {role_name} already exists.")
        return moto_create(self, role_name, *rest, **more)

    return create


def _creating_profile(moto_create: Callable[..., Any]) -> Callable[..., Any]:
    def create(self: IAMBackend, name: str, *rest: Any, **more: Any) -> Any:
        if is_taken(name, self.instance_profiles.values()):
            raise EntityAlreadyExists(f"Instance Profile {name} already exists.")
        return moto_create(self, name, *rest, **more)

    return create


def _creating_policy(moto_create: Callable[..., Any]) -> Callable[..., Any]:
    """AWS's own policies have names that an account's may have, too."""

    def create(
        self: IAMBackend,
        description: str,
        path: str,
        policy_document: str,
        policy_name: str,
        *rest: Any,
        **more: Any,
    ) -> Any:
        if is_taken(policy_name, _own_policies(self)):
            raise EntityAlreadyExists(
                f"A policy called {policy_name} already exists. Duplicate names are not allowed."
            )
        return moto_create(self, description, path, policy_document, policy_name, *rest, **more)

    return create


def _own_policies(backend: IAMBackend) -> list[ManagedPolicy]:
    return [
        policy
        for arn, policy in backend.managed_policies.items()
        if arn.split(":")[4] == backend.account_id
    ]
