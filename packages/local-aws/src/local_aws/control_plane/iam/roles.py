"""Roles, users and groups: what an update leaves alone, and inline policies that are not there.

Source: answers of the real IAM as they have been recorded.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.iam.exceptions import DuplicateTags, NotFoundException
from moto.iam.models import Group, User
from moto.iam.responses import IamResponse

from local_aws.control_plane import moto_seams

_moto_create_user = IamResponse.create_user
_moto_remove = IamResponse.remove_user_from_group


def install() -> None:
    moto_seams.replace(
        IamResponse,
        update_role=_update_role,
        create_user=_create_user,
        remove_user_from_group=_remove_user_from_group,
    )
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


def _create_user(self: IamResponse) -> ActionResult:
    """Keys of tags are told apart without upper and lower case."""
    keys = [tag["Key"].lower() for tag in self._get_param("Tags", [])]
    if len({*keys}) < len(keys):
        raise DuplicateTags()
    return _moto_create_user(self)


def _remove_user_from_group(self: IamResponse) -> ActionResult:
    """It is the user who is looked for first."""
    self.backend.get_user(self._get_param("UserName"))
    return _moto_remove(self)


def _finding(noun: str, moto_act: Callable[..., Any]) -> Callable[..., Any]:
    def act(self: User | Group, policy_name: str) -> Any:
        if policy_name not in self.policies:
            raise NotFoundException(f"The {noun} policy with name {policy_name} cannot be found.")
        return moto_act(self, policy_name)

    return act
