"""A load balancer's subnets: they exist, are one in each zone, and in at least two zones.

Sources: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
and API_SetSubnets.html; the words as users reported them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from moto.ec2.models.subnets import Subnet
from moto.elbv2.exceptions import ELBClientError, InvalidConfigurationRequest, ValidationError
from moto.elbv2.models import AvailabilityZone, ELBv2Backend, FakeLoadBalancer

from local_aws.control_plane import moto_seams
from local_aws.control_plane.ec2.network_interfaces import load_balancer_interfaces
from local_aws.control_plane.elbv2 import interfaces

_moto_set = ELBv2Backend.set_subnets


def install() -> None:
    moto_seams.replace(ELBv2Backend, set_subnets=_set)


def named(
    subnet_ids: Sequence[str] | None, mappings: Sequence[Mapping[str, Any]] | None
) -> set[str]:
    """The ids that a request names, in one of the two ways. Raises ELBClientError."""
    if subnet_ids and mappings:
        raise ValidationError("You must specify either subnets or subnet mappings, but not both")
    if any(each.get("AllocationId") for each in mappings or ()):
        raise InvalidConfigurationRequest(
            "Elastic IP addresses cannot be specified for the subnets of an Application Load "
            "Balancer"
        )
    return {*(subnet_ids or ()), *(each["SubnetId"] for each in mappings or ())}


def checked(backend: ELBv2Backend, subnet_ids: set[str]) -> list[Subnet]:
    """The subnets. Raises ELBClientError for those that a load balancer cannot have."""
    if not subnet_ids:
        raise ValidationError("At least one subnet must be specified")
    present = {subnet.id: subnet for subnet in backend.ec2_backend.describe_subnets()}
    for subnet_id in sorted(subnet_ids - present.keys()):
        raise ELBClientError("SubnetNotFound", f"The subnet ID '{subnet_id}' does not exist")
    found = [present[each] for each in sorted(subnet_ids)]
    zones = {subnet.availability_zone for subnet in found}
    if len(zones) < len(found):
        raise InvalidConfigurationRequest(
            "A load balancer cannot be attached to multiple subnets in the same Availability Zone"
        )
    if len(zones) < 2:
        raise ValidationError(
            "At least two subnets in two different Availability Zones must be specified"
        )
    return found


def require_room(new: Iterable[Subnet]) -> None:
    """Raises InvalidSubnet where the load balancer's interfaces do not fit in."""
    if shortage := load_balancer_interfaces.shortage(new):
        raise ELBClientError("InvalidSubnet", shortage)


def of(balancer: FakeLoadBalancer) -> set[str]:
    """The ids of those that it has."""
    return {subnet.id for subnet in balancer.subnets}


def _set(
    self: ELBv2Backend, arn: str, subnets: list[str], subnet_mappings: list[dict[str, Any]]
) -> list[AvailabilityZone]:
    if balancer := self.load_balancers.get(arn):
        wanted = checked(self, named(subnets, subnet_mappings))
        require_room(each for each in wanted if each.id not in of(balancer))
    zones: list[AvailabilityZone] = _moto_set(self, arn, subnets, subnet_mappings)
    interfaces.converge(self, self.load_balancers[arn])
    return zones
