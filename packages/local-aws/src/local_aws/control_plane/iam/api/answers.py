"""Which members IAM's answers have: fewer from calls that make or list something than from Get*.

Source: answers of the real IAM as they have been recorded.
"""

from __future__ import annotations

from moto.core.responses import ActionResult
from moto.core.serialize import never_return, return_if_not_empty
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


def _list_policy_versions(self: IamResponse) -> ActionResult:
    """The newest first."""
    versions = self.backend.list_policy_versions(self._get_param("PolicyArn"))
    return ActionResult({"Versions": versions[::-1]})
