"""EFS: a file system in one zone is in a zone of its region; moto fails at another one.

Source: CreateFileSystem in the Amazon EFS API Reference (UnsupportedAvailabilityZone).
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models import ec2_backends
from moto.efs.exceptions import EFSError
from moto.efs.models import EFSBackend, FileSystem

from local_aws.control_plane import moto_seams

_moto_create = EFSBackend.create_file_system


def install() -> None:
    moto_seams.replace(EFSBackend, create_file_system=_create)


def _create(self: EFSBackend, *positional: Any, **named: Any) -> FileSystem:
    wanted = named.get("availability_zone_name")
    zones = ec2_backends[self.account_id][self.region_name].describe_availability_zones()
    if wanted and wanted not in [zone.name for zone in zones]:
        raise EFSError(
            "UnsupportedAvailabilityZone",
            f"Amazon EFS is not available in the Availability Zone {wanted}.",
        )
    return _moto_create(self, *positional, **named)
