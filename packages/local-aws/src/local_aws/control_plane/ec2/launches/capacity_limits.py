"""How many Dedicated Hosts and Spot Instances a request may have: moto creates any number.

Source: EC2's error codes (HostLimitExceeded, InvalidFleetConfig, InvalidSpotFleetRequestConfig,
MaxSpotInstanceCountExceeded).
"""

from __future__ import annotations

from typing import Any

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.models.fleets import Fleet
from moto.ec2.models.spot_requests import SpotFleetRequest

from local_aws.control_plane import moto_seams
from local_aws.control_plane.ec2.launches import launching

_HOST_LIMIT = 100
"""On AWS a quota of each family of instance types."""

_moto_allocate = EC2Backend.allocate_hosts
_moto_request = EC2Backend.request_spot_instances
_moto_modify = EC2Backend.modify_spot_fleet_request
_moto_counts = Fleet.get_launch_spec_counts
_moto_create = SpotFleetRequest.create_spot_requests


def install() -> None:
    moto_seams.replace(
        EC2Backend,
        allocate_hosts=_allocate_hosts,
        request_spot_instances=_request_spot_instances,
        modify_spot_fleet_request=_modify_spot_fleet_request,
    )
    moto_seams.replace(SpotFleetRequest, create_spot_requests=_create_spot_requests)
    moto_seams.replace(Fleet, get_launch_spec_counts=_counts)


def _allocate_hosts(self: EC2Backend, quantity: int, *arguments: Any, **named: Any) -> list[str]:
    if len(self.hosts) + quantity > _HOST_LIMIT:
        raise EC2ClientError(
            "HostLimitExceeded",
            f"You have requested more Dedicated Hosts ({len(self.hosts) + quantity}) than your "
            f"current limit of {_HOST_LIMIT}.",
        )
    allocated: list[str] = _moto_allocate(self, quantity, *arguments, **named)
    return allocated


def _request_spot_instances(
    self: EC2Backend, price: str, image_id: str, count: int, *arguments: Any, **named: Any
) -> list[Any]:
    """All of them, or none."""
    _require_room(self, count)
    requested: list[Any] = _moto_request(self, price, image_id, count, *arguments, **named)
    return requested


def _modify_spot_fleet_request(
    self: EC2Backend, spot_fleet_request_id: str, target_capacity: int, terminate_instances: str
) -> None:
    if spot_fleet_request_id not in self.spot_fleet_requests:
        raise EC2ClientError(
            "InvalidSpotFleetRequestId.NotFound",
            f"The Spot Fleet request ID '{spot_fleet_request_id}' does not exist",
        )
    if target_capacity < 0:
        raise EC2ClientError(
            "InvalidParameterValue", f"Value ({target_capacity}) for targetCapacity is invalid."
        )
    _moto_modify(self, spot_fleet_request_id, target_capacity, terminate_instances)


def _create_spot_requests(self: SpotFleetRequest, weight_to_add: float) -> None:
    _require_possible(self, weight_to_add, "InvalidSpotFleetRequestConfig")
    _moto_create(self, weight_to_add)


def _counts(self: Fleet, weight_to_add: float) -> tuple[dict[Any, int], float]:
    _require_possible(self, weight_to_add, "InvalidFleetConfig")
    counts: tuple[dict[Any, int], float] = _moto_counts(self, weight_to_add)
    return counts


def _require_possible(fleet: Fleet | SpotFleetRequest, weight: float, refused_as: str) -> None:
    if not fleet.launch_specs:
        raise EC2ClientError(
            refused_as, "The fleet needs a launch template or a launch specification."
        )
    heaviest = max(float(each.weighted_capacity) or 1.0 for each in fleet.launch_specs)
    _require_room(fleet.ec2_backend, weight / heaviest)


def _require_room(backend: EC2Backend, count: float) -> None:
    if launching.present(backend) + count > launching.INSTANCE_LIMIT:
        raise EC2ClientError("MaxSpotInstanceCountExceeded", "Max spot instance count exceeded")
