"""The subnets of a Classic Load Balancer, one in each of its zones, in their order.

Sources: https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_AttachLoadBalancerToSubnets.html
and API_EnableAvailabilityZonesForLoadBalancer.html; the words as users reported them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from moto.ec2.models import EC2Backend, ec2_backends
from moto.ec2.models.subnets import Subnet
from moto.elb.exceptions import ELBClientError
from moto.elb.models import ELBBackend, LoadBalancer

from local_aws.control_plane import moto_seams
from local_aws.control_plane.ec2.network_interfaces import load_balancer_interfaces
from local_aws.control_plane.elb import interfaces


def install() -> None:
    moto_seams.replace(
        ELBBackend,
        attach_load_balancer_to_subnets=_attach,
        detach_load_balancer_from_subnets=_detach,
        enable_availability_zones_for_load_balancer=_enable,
        disable_availability_zones_for_load_balancer=_disable,
    )


def set_zones(backend: ELBBackend, balancer: LoadBalancer) -> None:
    """Put the load balancer into its subnets' zones; raises EC2's error for a missing subnet."""
    zones = (_ec2(backend).get_subnet(each).availability_zone for each in balancer.subnets)
    balancer.availability_zones = list(zones)


def require_place(backend: ELBBackend, new: Iterable[str], held: Collection[str] = ()) -> None:
    """Raises ELBClientError where a load balancer that has some subnets cannot have new ones too.

    There are two in one zone (InvalidConfigurationRequest), or its interfaces do not fit in
    (InvalidSubnet).
    """
    of_it = [_ec2(backend).get_subnet(each) for each in held]
    found = [_ec2(backend).get_subnet(each) for each in dict.fromkeys(new) if each not in held]
    zones = [each.availability_zone for each in (*of_it, *found)]
    if len(set(zones)) < len(zones):
        raise ELBClientError(
            "InvalidConfigurationRequest",
            "ELB cannot be attached to multiple subnets in the same AZ.",
        )
    if shortage := load_balancer_interfaces.shortage(found):
        raise ELBClientError("InvalidSubnet", shortage)


def of_zones(backend: ELBBackend, zones: Iterable[str]) -> list[Subnet]:
    """The default subnets of Availability Zones. Raises ValidationError for one without any."""
    defaults = _ec2(backend).get_default_subnets()
    for zone in zones:
        if zone not in defaults:
            raise ELBClientError(
                "ValidationError", f"{zone} is no Availability Zone of {backend.region_name}"
            )
    return [defaults[zone] for zone in zones]


def _attach(self: ELBBackend, load_balancer_name: str, subnets: list[str]) -> list[str]:
    balancer = self.get_load_balancer(load_balancer_name)
    require_place(self, subnets, balancer.subnets)
    return _set(self, balancer, list(dict.fromkeys([*balancer.subnets, *subnets])))


def _detach(self: ELBBackend, load_balancer_name: str, subnets: list[str]) -> list[str]:
    balancer = self.get_load_balancer(load_balancer_name)
    return _set(self, balancer, [each for each in balancer.subnets if each not in subnets])


def _enable(self: ELBBackend, load_balancer_name: str, availability_zones: list[str]) -> list[str]:
    balancer = self.get_load_balancer(load_balancer_name)
    _require_default_network(self, balancer)
    new = [each for each in availability_zones if each not in balancer.availability_zones]
    _attach(self, load_balancer_name, [subnet.id for subnet in of_zones(self, new)])
    return list(balancer.availability_zones)


def _disable(self: ELBBackend, load_balancer_name: str, availability_zones: list[str]) -> list[str]:
    balancer = self.get_load_balancer(load_balancer_name)
    _require_default_network(self, balancer)
    _detach(
        self,
        load_balancer_name,
        [
            subnet_id
            for subnet_id in balancer.subnets
            if _ec2(self).get_subnet(subnet_id).availability_zone in availability_zones
        ],
    )
    return list(balancer.availability_zones)


def _require_default_network(backend: ELBBackend, balancer: LoadBalancer) -> None:
    """AWS: "For load balancers in a non-default VPC, use AttachLoadBalancerToSubnets"."""
    if not _ec2(backend).get_vpc(str(balancer.vpc_id)).is_default:
        raise ELBClientError(
            "InvalidConfigurationRequest",
            f"The load balancer '{balancer.name}' is in a VPC that is not the default one; attach "
            "and detach its subnets",
        )


def _set(backend: ELBBackend, balancer: LoadBalancer, subnets: list[str]) -> list[str]:
    """AWS: at least one Availability Zone, and so one subnet, at all times."""
    if not subnets:
        raise ELBClientError(
            "InvalidConfigurationRequest",
            f"The load balancer '{balancer.name}' must have at least one subnet",
        )
    before, balancer.subnets = balancer.subnets, subnets
    try:
        set_zones(backend, balancer)
    except Exception:
        balancer.subnets = before
        raise
    interfaces.converge(backend, balancer)
    return subnets


def _ec2(backend: ELBBackend) -> EC2Backend:
    found: EC2Backend = ec2_backends[backend.account_id][backend.region_name]
    return found
