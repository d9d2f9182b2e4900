"""Addresses as targets: those of the group's VPC, or private ones of elsewhere.

A loopback address is a target, too: a program on this machine.

Sources: "Target type" in
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html
and API_TargetDescription.html; the words on zones as users reported them.
"""

from __future__ import annotations

import ipaddress

from moto.elbv2.exceptions import ValidationError
from moto.elbv2.models import FakeTargetGroup

from local_aws.control_plane.elbv2 import values

_PRIVATE = tuple(
    map(ipaddress.ip_network, ("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16"))
)


def require(group: FakeTargetGroup, text: str, zone: str | None) -> None:
    """Raises ValidationError for an address that the group cannot have in this zone."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        raise ValidationError(
            f"The IP address '{values.shown(text)}' is not a valid IPv4 address"
        ) from None
    if address.version != 4 or address.is_loopback or _is_in_vpc(group, address):
        return
    if not any(address in block for block in _PRIVATE):
        raise ValidationError(
            f"The IP address '{address}' must be in a subnet of VPC '{group.vpc_id}' or in one of "
            f"{', '.join(map(str, _PRIVATE))}"
        )
    if not zone:
        raise ValidationError(
            f"The Availability Zone is required for IP address '{address}' because it is not in "
            "the VPC"
        )


def _is_in_vpc(group: FakeTargetGroup, address: ipaddress.IPv4Address) -> bool:
    return any(
        address in ipaddress.ip_network(subnet.cidr_block)
        for subnet in group.ec2_backend.describe_subnets()
        if subnet.vpc_id == group.vpc_id
    )
