"""Instance profiles are listed by path, as are their tags; a role that is not in one stays out.

Source: API_ListInstanceProfiles, API_ListInstanceProfileTags in the IAM API Reference; answers of
the real IAM as they have been recorded.
"""

from __future__ import annotations

from moto.core.responses import ActionResult
from moto.iam.exceptions import NotFoundException
from moto.iam.models import IAMBackend
from moto.iam.responses import IamResponse

from local_aws.control_plane import moto_seams

_moto_remove_role = IAMBackend.remove_role_from_instance_profile


def install() -> None:
    moto_seams.replace(IamResponse, list_instance_profiles=_list)
    moto_seams.add(IamResponse, list_instance_profile_tags=_list_tags)
    moto_seams.replace(IAMBackend, remove_role_from_instance_profile=_remove_role)


def _list(self: IamResponse) -> ActionResult:
    prefix = self._get_param("PathPrefix", "/")
    profiles = self.backend.get_instance_profiles()
    return ActionResult(
        {"InstanceProfiles": [each for each in profiles if each.path.startswith(prefix)]}
    )


def _list_tags(self: IamResponse) -> ActionResult:
    profile = self.backend.get_instance_profile(self._get_param("InstanceProfileName"))
    return ActionResult({"Tags": profile.tags})


def _remove_role(self: IAMBackend, profile_name: str, role_name: str) -> None:
    profile = self.get_instance_profile(profile_name)
    if self.get_role(role_name) not in profile.roles:
        raise NotFoundException(
            f"Role {role_name} in Instance Profile {profile_name} cannot be found."
        )
    _moto_remove_role(self, profile_name, role_name)
