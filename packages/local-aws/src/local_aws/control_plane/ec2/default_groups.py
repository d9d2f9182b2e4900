"""A VPC's default security group cannot be deleted.

Source: https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html
"""

from __future__ import annotations

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.responses.security_groups import SecurityGroups

from local_aws.control_plane import moto_seams

_DEFAULT = "default"

_moto_delete = SecurityGroups.delete_security_group


def install() -> None:
    moto_seams.replace(SecurityGroups, delete_security_group=_delete)


def _delete(self: SecurityGroups) -> ActionResult:
    given = self._get_param("GroupName") or self._get_param("GroupId")
    group = self.ec2_backend.get_security_group_by_name_or_id(given)
    if group is not None and group.name == _DEFAULT:
        raise EC2ClientError(
            "CannotDelete",
            f'the specified group: "{group.id}" name: "{_DEFAULT}" cannot be deleted by a user',
        )
    return _moto_delete(self)
