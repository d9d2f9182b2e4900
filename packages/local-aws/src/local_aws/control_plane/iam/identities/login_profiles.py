"""Users' passwords: whether a new one is to be chosen, and what an update leaves alone.

moto forgets PasswordResetRequired of a new password, and drops the password that an update does
not give.
Source: API_CreateLoginProfile, API_UpdateLoginProfile in the IAM API Reference.
"""

from __future__ import annotations

from moto.core.responses import ActionResult
from moto.iam.models import IAMBackend, User
from moto.iam.responses import IamResponse

from local_aws.control_plane import moto_seams

_moto_create = IamResponse.create_login_profile
_moto_update = IAMBackend.update_login_profile


def install() -> None:
    moto_seams.replace(IamResponse, create_login_profile=_create)
    moto_seams.replace(IAMBackend, update_login_profile=_update)


def _create(self: IamResponse) -> ActionResult:
    _moto_create(self)
    user: User = self.backend.get_user(self._get_param("UserName"))
    user.password_reset_required = bool(self._get_param("PasswordResetRequired", False))
    return self.get_login_profile()


def _update(
    self: IAMBackend,
    user_name: str,
    password: str | None,
    password_reset_required: bool | None,
) -> User:
    user: User = self.get_user(user_name)
    if password_reset_required is None:
        password_reset_required = user.password_reset_required
    password = password or user.password or ""
    updated: User = _moto_update(self, user_name, password, password_reset_required)
    return updated
