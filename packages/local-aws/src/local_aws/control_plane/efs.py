"""EFS: a file system in one zone is in a zone of its region; moto fails at another one. The id
of an access point has 17 digits, as others that take its ARN require.

Source: CreateFileSystem (UnsupportedAvailabilityZone) and AccessPointDescription in the Amazon EFS
API Reference; FileSystemConfig in the AWS Lambda API Reference.
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models import ec2_backends
from moto.efs.exceptions import EFSError
from moto.efs.models import AccessPoint, EFSBackend, FileSystem
from moto.moto_api._internal import mock_random

from local_aws.control_plane import moto_seams

_moto_create = EFSBackend.create_file_system
_moto_access_point = AccessPoint.__init__


def install() -> None:
    moto_seams.replace(EFSBackend, create_file_system=_create)
    moto_seams.replace(AccessPoint, __init__=_access_point)


def _create(self: EFSBackend, *positional: Any, **named: Any) -> FileSystem:
    wanted = named.get("availability_zone_name")
    zones = ec2_backends[self.account_id][self.region_name].describe_availability_zones()
    if wanted and wanted not in [zone.name for zone in zones]:
        raise EFSError(
            "UnsupportedAvailabilityZone",
            f"Amazon EFS is not available in the Availability Zone {wanted}.",
        )
    return _moto_create(self, *positional, **named)


def _access_point(self: AccessPoint, *positional: Any, **named: Any) -> None:
    _moto_access_point(self, *positional, **named)
    home = self.access_point_arn.rpartition("/")[0]
    self.access_point_id = f"fsap-{mock_random.get_random_hex(17)}"
    self.access_point_arn = f"{home}/{self.access_point_id}"
