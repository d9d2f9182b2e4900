"""A user's new name: what the user has goes by it, and nobody else has it.

moto leaves keys and certificates with the old name, and forgets the other user of the new one.
Source: answers of the real IAM as they have been recorded; API_UpdateUser: EntityAlreadyExists.
"""

from __future__ import annotations

from typing import Any

from moto.iam.exceptions import EntityAlreadyExists
from moto.iam.models import IAMBackend, User

from local_aws.control_plane import moto_seams
from local_aws.control_plane.iam.api import names

_moto_update = IAMBackend.update_user


def install() -> None:
    moto_seams.replace(IAMBackend, update_user=_update)


def _update(
    self: IAMBackend,
    user_name: str,
    new_path: str | None = None,
    new_user_name: str | None = None,
) -> None:
    user: User = self.get_user(user_name)
    others = [each for each in self.users.values() if each is not user]
    if new_user_name and names.is_taken(new_user_name, others):
        raise EntityAlreadyExists(f"User with name {new_user_name} already exists.")
    _moto_update(self, user_name, new_path, new_user_name)
    owned: list[Any] = [*user.access_keys, *user.ssh_public_keys]
    for each in (*owned, *user.signing_certificates.values()):
        each.user_name = user.name
    for device in self.virtual_mfa_devices.values():
        if device.user is user and device.user_attribute is not None:
            device.user_attribute |= {"UserName": user.name, "Path": user.path, "Arn": user.arn}
