"""ListInstanceProfiles keeps to its PathPrefix, which moto does not read.

Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListInstanceProfiles.html
"""

from __future__ import annotations

from moto.core.responses import ActionResult
from moto.iam.responses import IamResponse

from local_aws.control_plane import moto_seams


def install() -> None:
    moto_seams.replace(IamResponse, list_instance_profiles=_list)


def _list(self: IamResponse) -> ActionResult:
    prefix = self._get_param("PathPrefix", "/")
    profiles = self.backend.get_instance_profiles()
    return ActionResult(
        {"InstanceProfiles": [each for each in profiles if each.path.startswith(prefix)]}
    )
