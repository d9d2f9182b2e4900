"""Which members IAM's answers have: fewer from calls that make or list something than from Get*.

Source: answers of the real IAM as they have been recorded.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.core.serialize import never_return, return_if_not_empty
from moto.iam.exceptions import ValidationError
from moto.iam.responses import IamResponse

from local_aws.control_plane import moto_seams

_NEVER = (
    "CreateRoleResponse.Role.Description",
    "CreateRoleResponse.Role.MaxSessionDuration",
    "CreateRoleResponse.Role.RoleLastUsed",
    "UpdateRoleDescriptionResponse.Role.MaxSessionDuration",
    "UpdateRoleDescriptionResponse.Role.RoleLastUsed",
    "CreatePolicyVersionResponse.PolicyVersion.Document",
    "ListPolicyVersionsResponse.Versions.PolicyVersion.Document",
    "InstanceProfile.Roles.Role.MaxSessionDuration",
    "InstanceProfile.Roles.Role.RoleLastUsed",
    "InstanceProfile.Roles.Role.Tags",
    "InstanceProfiles.InstanceProfile.Tags",
)
_UNLESS_EMPTY = (
    "CreateInstanceProfileResponse.InstanceProfile.Tags",
    "UpdateRoleDescriptionResponse.Role.PermissionsBoundary",
    "UpdateRoleDescriptionResponse.Role.Tags",
)

_UNLESS_ZERO = (
    "GetAccountPasswordPolicyResponse.PasswordPolicy.HardExpiry",
    "GetAccountPasswordPolicyResponse.PasswordPolicy.MaxPasswordAge",
)


def install() -> None:
    IamResponse.RESPONSE_KEY_PATH_TO_TRANSFORMER.update(dict.fromkeys(_NEVER, never_return))
    IamResponse.RESPONSE_KEY_PATH_TO_TRANSFORMER.update(
        dict.fromkeys(_UNLESS_EMPTY, return_if_not_empty)
    )
    IamResponse.RESPONSE_KEY_PATH_TO_TRANSFORMER.update(
        dict.fromkeys(_UNLESS_ZERO, lambda value: value or None)
    )
    moto_seams.replace(IamResponse, list_policy_versions=_list_policy_versions)
    for name in dir(IamResponse):
        if name.startswith("list_") or name == "get_group":
            moto_seams.replace(IamResponse, **{name: _in_pages(getattr(IamResponse, name))})


def _in_pages(moto_list: Callable[[IamResponse], ActionResult]) -> Any:
    """IsTruncated, in each answer that comes in pages; moto's markers are numbers."""

    def answer(self: IamResponse) -> ActionResult:
        if not str(self._get_param("Marker") or 0).isdecimal():
            raise ValidationError("Invalid Marker.")
        listed: Any = moto_list(self).result
        return ActionResult({"IsTruncated": False, **listed})

    return answer


def _list_policy_versions(self: IamResponse) -> ActionResult:
    """The newest first."""
    versions = self.backend.list_policy_versions(self._get_param("PolicyArn"))
    return ActionResult({"Versions": versions[::-1]})
