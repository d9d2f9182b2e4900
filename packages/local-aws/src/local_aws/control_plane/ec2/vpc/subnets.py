"""Subnets are in a zone of their own region, and end with their associations.

moto takes zones of every region, and us-east-1a where a stack names none. It keeps associations
with a route table and a network ACL, and the table could not be deleted any more.
Sources: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSubnet.html; answers of
AWS as they have been recorded; "Delete a subnet" in the Amazon VPC User Guide, which names only
instances as what must go before.
"""

from __future__ import annotations

from typing import Any

from moto.ec2.exceptions import InvalidAvailabilityZoneError
from moto.ec2.models import EC2Backend
from moto.ec2.models.subnets import Subnet

from local_aws.control_plane import moto_seams

_moto_create = EC2Backend.create_subnet
_moto_delete = EC2Backend.delete_subnet


def install() -> None:
    moto_seams.replace(EC2Backend, create_subnet=_create, delete_subnet=_delete)
    moto_seams.add(
        Subnet,
        enable_dns64=property(lambda _: False),
        map_customer_owned_ip_on_launch=property(lambda _: False),
    )


def _create(
    self: EC2Backend,
    vpc_id: str,
    cidr_block: str,
    ipv6_cidr_block: str | None = None,
    availability_zone: str | None = None,
    availability_zone_id: str | None = None,
    **settings: Any,
) -> Subnet:
    zone = _zone(self, availability_zone, availability_zone_id)
    return _moto_create(self, vpc_id, cidr_block, ipv6_cidr_block, zone, None, **settings)


def _zone(backend: EC2Backend, name: str | None, zone_id: str | None) -> str:
    """The zone that is named, or the first. Raises InvalidParameterValue."""
    zones = backend.describe_availability_zones()
    if not name and not zone_id:
        return min(zone.name for zone in zones)
    for zone in zones:
        if zone.name == name or zone.zone_id == zone_id:
            return zone.name
    raise InvalidAvailabilityZoneError(name or zone_id, ", ".join(zone.name for zone in zones))


def _delete(self: EC2Backend, subnet_id: str) -> Subnet:
    subnet: Subnet = _moto_delete(self, subnet_id)
    for table in self.route_tables.values():
        table._associations = {
            association: associated
            for association, associated in table._associations.items()
            if associated != subnet_id
        }
    for acl in self.network_acls.values():
        acl._associations = {
            association: associated
            for association, associated in acl._associations.items()
            if associated.subnet_id != subnet_id
        }
    return subnet
