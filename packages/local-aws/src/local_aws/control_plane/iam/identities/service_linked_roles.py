"""A role that is linked to a service is one of a service's name, and only the service changes it.

Source: API_CreateServiceLinkedRole: InvalidInput; AWSServiceName is "a string that looks similar to
a URL". API_AttachRolePolicy and its like: UnmodifiableEntity; its words as users reported them:
https://github.com/rebuy-de/aws-nuke/issues/331.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.iam.exceptions import IAMException, InvalidInput
from moto.iam.models import IAMBackend, Role
from moto.iam.responses import IamResponse

from local_aws.control_plane import moto_seams

_SERVICE = re.compile(r"([\w-]+\.)+amazonaws\.com(\.cn)?")
_PATH = "/aws-service-role/"
_CHANGES = (
    "add_role_to_instance_profile",
    "attach_role_policy",
    "delete_role",
    "delete_role_permissions_boundary",
    "delete_role_policy",
    "detach_role_policy",
    "put_role_permissions_boundary",
    "put_role_policy",
    "remove_role_from_instance_profile",
    "update_assume_role_policy",
    "update_role",
    "update_role_description",
)
"""The operations whose model has UnmodifiableEntity, of those that moto has."""

_moto_create = IAMBackend.create_service_linked_role


class UnmodifiableEntityError(IAMException):
    """What only AWS may change."""

    code = "UnmodifiableEntity"


def install() -> None:
    moto_seams.replace(IAMBackend, create_service_linked_role=_create)
    for name in _CHANGES:
        moto_seams.replace(IamResponse, **{name: _protecting(getattr(IamResponse, name))})


def _create(self: IAMBackend, service_name: str, description: str, suffix: str) -> Role:
    if not _SERVICE.fullmatch(service_name):
        raise InvalidInput(f"{service_name} is no service's name, such as ecs.amazonaws.com")
    role: Role = _moto_create(self, service_name, description, suffix)
    return role


def _protecting(moto_answer: Callable[[IamResponse], ActionResult]) -> Any:
    def answer(self: IamResponse) -> ActionResult:
        name = self._get_param("RoleName")
        for role in self.backend.roles.values():
            if role.name == name and role.path.startswith(_PATH):
                raise UnmodifiableEntityError(
                    f"Cannot perform the operation on the protected role '{name}' - this role is "
                    "only modifiable by AWS"
                )
        return moto_answer(self)

    return answer
