"""A VPC takes along what it came with: moto leaves its default network ACL.

moto looks for what depends on a VPC before it looks for the VPC, and without an id finds others'.

Source: "Delete your VPC" in the Amazon VPC User Guide; addresses as answers of AWS show them.
"""

from __future__ import annotations

from ipaddress import IPv6Network

from moto.ec2.models import EC2Backend, vpcs
from moto.ec2.models.vpcs import VPC
from moto.ec2.utils import random_ipv6_cidr

from local_aws.control_plane import moto_seams

_moto_delete = EC2Backend.delete_vpc


def install() -> None:
    moto_seams.replace(EC2Backend, delete_vpc=_delete)
    moto_seams.replace(vpcs, random_ipv6_cidr=_ipv6_range)


def _ipv6_range() -> str:
    """A range as AWS writes it (RFC 5952), where one of moto's may have leading zeros."""
    return str(IPv6Network(random_ipv6_cidr()))


def _delete(self: EC2Backend, vpc_id: str) -> VPC:
    self.get_vpc(vpc_id)  # raises InvalidVpcID.NotFound
    deleted = _moto_delete(self, vpc_id)
    for acl in list(self.network_acls.values()):
        if acl.vpc_id == vpc_id:
            del self.network_acls[acl.id]
    return deleted
