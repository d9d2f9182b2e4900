"""Credentials of users for single services: there are none, as they cannot be created here.

Tools that delete a user list them first.
Source: API_ListServiceSpecificCredentials: "If none exists, the operation returns an empty list".
"""

from __future__ import annotations

from moto.core.responses import ActionResult
from moto.iam.responses import IamResponse

from local_aws.control_plane import moto_seams


def install() -> None:
    moto_seams.add(IamResponse, list_service_specific_credentials=_list)


def _list(self: IamResponse) -> ActionResult:
    if name := self._get_param("UserName"):
        self.backend.get_user(name)
    return ActionResult({"ServiceSpecificCredentials": [], "IsTruncated": False})
