"""Listings of instances leave out what was just launched, where AWS is late (delays.py).

Source: "Ensure idempotency and eventual consistency" in the EC2 Developer Guide.
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models.instances import Instance, InstanceBackend, Reservation

from local_aws.control_plane import moto_seams, wiring
from local_aws.control_plane.ec2.instances.unknown_instances import is_found

_moto_describe_instances = InstanceBackend.describe_instances
_moto_describe_instance_status = InstanceBackend.describe_instance_status


def install() -> None:
    moto_seams.replace(
        InstanceBackend,
        describe_instances=_describe_instances,
        describe_instance_status=_describe_instance_status,
    )


def _describe_instances(self: InstanceBackend, filters: Any = None) -> list[Reservation]:
    reservations: list[Reservation] = _moto_describe_instances(self, filters)
    if not wiring.current().delays.new_instances:
        return reservations
    for reservation in reservations:  # Copies, which moto made for this answer.
        reservation.instances = [each for each in reservation.instances if is_found(each)]
    return [reservation for reservation in reservations if reservation.instances]


def _describe_instance_status(
    self: InstanceBackend, instance_ids: list[str], include_all_instances: bool, filters: Any
) -> list[Instance]:
    found = _moto_describe_instance_status(self, instance_ids, include_all_instances, filters)
    return [instance for instance in found if is_found(instance)]
