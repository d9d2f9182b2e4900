"""How many Dedicated Hosts and Spot Instances one may ask for: moto makes as many as it is told.

Source: HostLimitExceeded and MaxSpotInstanceCountExceeded in EC2's error codes.
"""

from __future__ import annotations

from typing import Any

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend

from local_aws.control_plane import moto_seams
from local_aws.control_plane.ec2 import launching

_HOST_LIMIT = 100
"""On AWS a quota of each family of instance types."""

_moto_allocate = EC2Backend.allocate_hosts
_moto_request = EC2Backend.request_spot_instances


def install() -> None:
    moto_seams.replace(
        EC2Backend, allocate_hosts=_allocate_hosts, request_spot_instances=_request_spot_instances
    )


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
    if launching.present(self) + count > launching.INSTANCE_LIMIT:
        raise EC2ClientError("MaxSpotInstanceCountExceeded", "Max spot instance count exceeded")
    requested: list[Any] = _moto_request(self, price, image_id, count, *arguments, **named)
    return requested
