"""Network interfaces of load balancers, Classic and Application: one in each of their subnets.

Source: "Subnets for your load balancer" in the Application Load Balancers' guide and "Prepare your
VPC and EC2 instances" in the Classic Load Balancers' one; the words as users reported them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from moto.ec2.models import EC2Backend
from moto.ec2.models.subnets import Subnet

from local_aws.control_plane.ec2.network_interfaces import managed_interfaces

_AMAZON_ELB = "amazon-elb"
_FREE_ADDRESSES = 8


def converge(
    backend: EC2Backend,
    name: str,
    subnet_ids: Sequence[str],
    group_ids: Sequence[str],
    *,
    is_public: bool,
) -> None:
    """Have the interfaces of the load balancer with this name in these subnets, and in no other.

    An Application Load Balancer's name is that of its ARN, as app/web/50dc6c495c0c9188.
    """
    managed_interfaces.converge(
        backend, replace(_purpose(name), is_public=is_public), subnet_ids, group_ids
    )


def addresses(backend: EC2Backend, name: str) -> Mapping[str, str]:
    """The private address of each of them, by subnet."""
    held = managed_interfaces.by_subnet(backend, _purpose(name))
    return {subnet_id: str(each.private_ip_address) for subnet_id, each in held.items()}


def _purpose(name: str) -> managed_interfaces.Purpose:
    return managed_interfaces.Purpose(
        f"ELB {name}", owner=_AMAZON_ELB, requester_id=_AMAZON_ELB, attachment="eni-attach"
    )


def remove(backend: EC2Backend, name: str) -> None:
    """Delete those of the load balancer with this name."""
    converge(backend, name, (), (), is_public=False)


def shortage(subnets: Iterable[Subnet]) -> str | None:
    """Why a load balancer cannot be put into all of these subnets; None if it can."""
    for subnet in subnets:
        if subnet.available_ip_address_count < _FREE_ADDRESSES:
            return (
                f"Not enough IP space available in {subnet.id}. ELB requires at least "
                f"{_FREE_ADDRESSES} free IP addresses in each subnet."
            )
    return None
