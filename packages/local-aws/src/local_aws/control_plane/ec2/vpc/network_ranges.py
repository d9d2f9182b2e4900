"""Networks and subnets have the ranges that requests give: IPAM's pools are not emulated.

moto adds a range that is none, and fails at it in every later call about the network.
Source: API_AssociateVpcCidrBlock, API_CreateSubnet in the EC2 API Reference: MissingParameter.
"""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv6Network
from typing import Any

from moto.ec2.exceptions import InvalidSubnetRangeError, MissingParameter, MissingParameterError
from moto.ec2.models import EC2Backend

from local_aws.control_plane import moto_seams

_moto_associate = EC2Backend.associate_vpc_cidr_block


def install() -> None:
    moto_seams.replace(
        EC2Backend,
        associate_vpc_cidr_block=_associate,
        create_subnet=_creating(EC2Backend.create_subnet),
    )


def _associate(
    self: EC2Backend, vpc_id: str, cidr_block: str, amazon_provided_ipv6_cidr_block: bool
) -> dict[str, Any]:
    if not amazon_provided_ipv6_cidr_block:
        _require(cidr_block)
    answer: dict[str, Any] = _moto_associate(
        self, vpc_id, cidr_block, amazon_provided_ipv6_cidr_block
    )
    return answer


def _creating(create: Callable[..., Any]) -> Any:
    """For `create` corrected before; only a subnet of IPv6 alone has no range of IPv4."""

    def create_subnet(
        self: EC2Backend,
        vpc_id: str,
        cidr_block: str | None,
        ipv6_cidr_block: str | None = None,
        *arguments: Any,
        **named: Any,
    ) -> Any:
        if not named.get("ipv6_native"):
            _require(cidr_block)
        elif not ipv6_cidr_block:
            raise MissingParameterError("Ipv6CidrBlock")
        if ipv6_cidr_block:
            _require_ipv6(ipv6_cidr_block)
        return create(self, vpc_id, cidr_block, ipv6_cidr_block, *arguments, **named)

    return create_subnet


def _require(cidr_block: str | None) -> None:
    if not cidr_block:
        raise MissingParameter(
            "Either 'cidrBlock' or 'ipv4IpamPoolId' should be provided; "
            "the local AWS emulates only the first."
        )


def _require_ipv6(cidr_block: str) -> None:
    try:
        IPv6Network(cidr_block)
    except ValueError:
        raise InvalidSubnetRangeError(cidr_block) from None
