"""An instance whose id a request gives twice is answered once.

moto's DescribeInstances fails over it.
Source: API_DescribeInstances: "the output includes information for only the specified instances".
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models.instances import InstanceBackend, Reservation

from local_aws.control_plane import moto_seams

_moto_reservations = InstanceBackend.get_reservations_by_instance_ids


def install() -> None:
    moto_seams.replace(InstanceBackend, get_reservations_by_instance_ids=_reservations)


def _reservations(
    self: InstanceBackend, instance_ids: list[str], filters: Any = None
) -> list[Reservation]:
    found: list[Reservation] = _moto_reservations(self, list(dict.fromkeys(instance_ids)), filters)
    return found
