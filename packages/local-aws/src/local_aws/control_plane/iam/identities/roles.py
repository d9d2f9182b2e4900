"""Roles, users and groups: what an update leaves alone, their order, inline policies that are
not there.

Source: answers of the real IAM as they have been recorded.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.iam.exceptions import DuplicateTags, EntityAlreadyExists, NotFoundException
from moto.iam.models import Group, IAMBackend, Role, User, filter_items_with_path_prefix
from moto.iam.responses import IamResponse

from local_aws.control_plane import moto_seams
from local_aws.control_plane.iam.api import names

_moto_create_user = IamResponse.create_user
_moto_remove = IamResponse.remove_user_from_group
_moto_update_group = IAMBackend.update_group


def install() -> None:
    moto_seams.replace(
        IamResponse,
        update_role=_update_role,
        create_user=_create_user,
        remove_user_from_group=_remove_user_from_group,
    )
    moto_seams.replace(IAMBackend, update_group=_update_group, list_roles=_list_roles)
    for kind in (User, Group):
        noun = kind.__name__.lower()
        moto_seams.replace(
            kind,
            get_policy=_finding(noun, kind.get_policy),
            delete_policy=_finding(noun, kind.delete_policy),
        )


def _update_role(self: IamResponse) -> ActionResult:
    """What is not given stays."""
    role = self.backend.get_role(self._get_param("RoleName"))
    role.description = self._get_param("Description", role.description)
    role.max_session_duration = self._get_param("MaxSessionDuration", role.max_session_duration)
    return EmptyResult()


def _update_group(
    self: IAMBackend, group_name: str, new_group_name: str | None, new_path: str | None
) -> None:
    """A new path needs no new name."""
    others = [each for name, each in self.groups.items() if name != group_name]
    if new_group_name and names.is_taken(new_group_name, others):
        raise EntityAlreadyExists(f"Group with name {new_group_name} already exists.")
    if new_path:
        self.get_group(group_name).path = new_path
    _moto_update_group(self, group_name, new_group_name, None)


def _list_roles(
    self: IAMBackend,
    path_prefix: str | None = None,
    marker: str | None = None,
    max_items: int | None = None,
) -> tuple[list[Role], str | None]:
    """By name; moto has them in the order of their random ids."""
    found = filter_items_with_path_prefix(path_prefix or "/", self.roles.values())
    roles = sorted(found, key=lambda role: str(role.name).lower())
    start = int(marker or 0)
    end = start + int(max_items or 100)
    return roles[start:end], str(end) if end < len(roles) else None


def _create_user(self: IamResponse) -> ActionResult:
    """The keys of a user's tags are not case-sensitive: two that differ in case are duplicates."""
    keys = [tag["Key"].lower() for tag in self._get_param("Tags", [])]
    if len({*keys}) < len(keys):
        raise DuplicateTags()
    return _moto_create_user(self)


def _remove_user_from_group(self: IamResponse) -> ActionResult:
    """It is the user who is looked for first; one who is not in the group stays out of it."""
    user = self.backend.get_user(self._get_param("UserName"))
    if user not in self.backend.get_group(self._get_param("GroupName")).users:
        return EmptyResult()
    return _moto_remove(self)


def _finding(noun: str, moto_act: Callable[..., Any]) -> Callable[..., Any]:
    def act(self: User | Group, policy_name: str) -> Any:
        if policy_name not in self.policies:
            raise NotFoundException(f"The {noun} policy with name {policy_name} cannot be found.")
        return moto_act(self, policy_name)

    return act
