"""IPv6 ranges of subnets: each lies in a range of the VPC, and in no other subnet's.

moto takes any text for one, shows its state where no client looks for it, takes it from a subnet
that gives addresses of it to new interfaces, and hides what was disassociated, for which clients
wait.
Source: API_AssociateSubnetCidrBlock, API_SubnetIpv6CidrBlockAssociation in the EC2 API Reference;
EC2's words as users reported them.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv6Network
from typing import Any

from moto.ec2.exceptions import EC2ClientError, InvalidSubnetRangeError
from moto.ec2.models import EC2Backend
from moto.ec2.models.subnets import Subnet

from local_aws.control_plane import moto_seams

_moto_attach = Subnet.attach_ipv6_cidr_block_associations
_moto_disassociate = EC2Backend.disassociate_subnet_cidr_block


def install() -> None:
    moto_seams.replace(
        Subnet,
        attach_ipv6_cidr_block_associations=_attach,
        ipv6_cidr_block_association_set=property(_associations),
    )
    moto_seams.replace(EC2Backend, disassociate_subnet_cidr_block=_disassociate)


def _attach(self: Subnet, ipv6_cidr_block: str) -> dict[str, Any]:
    vpc = self.ec2_backend.get_vpc(self.vpc_id)
    try:
        block = IPv6Network(ipv6_cidr_block)
    except ValueError:
        raise InvalidSubnetRangeError(ipv6_cidr_block) from None
    if not any(block.subnet_of(each) for each in _blocks(vpc.ipv6_cidr_block_association_set)):
        raise InvalidSubnetRangeError(ipv6_cidr_block)
    for subnet in self.ec2_backend.describe_subnets(filters={"vpc-id": self.vpc_id}):
        if any(block.overlaps(each) for each in _blocks(_associated(subnet))):
            raise EC2ClientError(
                "InvalidSubnet.Conflict",
                f"The IPv6 CIDR '{ipv6_cidr_block}' conflicts with another subnet",
            )
    attached: dict[str, Any] = _moto_attach(self, ipv6_cidr_block)
    return attached


def _disassociate(self: EC2Backend, association_id: str) -> tuple[str, dict[str, str]]:
    subnet = self.get_subnet_from_ipv6_association(association_id)
    if subnet and subnet.assign_ipv6_address_on_creation:
        raise EC2ClientError(
            "InvalidCidrBlock.InUse",
            f"The subnet IPv6 CIDR block with association ID {association_id} may not be "
            "disassociated, because its subnet has assign-ipv6-address-on-creation set to true.",
        )
    disassociated: tuple[str, dict[str, str]] = _moto_disassociate(self, association_id)
    return disassociated


def _associations(self: Subnet) -> list[dict[str, Any]]:
    """Those that have ended, too: SubnetCidrBlockState has the state "disassociated"."""
    return list(self.ipv6_cidr_block_associations.values())


def _associated(self: Subnet) -> list[dict[str, Any]]:
    return [
        association
        for association in self.ipv6_cidr_block_associations.values()
        if association["ipv6CidrBlockState"]["State"] == "associated"
    ]


def _blocks(associations: list[dict[str, Any]]) -> Iterator[IPv6Network]:
    return (IPv6Network(association["ipv6CidrBlock"]) for association in associations)
