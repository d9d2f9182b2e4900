"""The subnets of a Classic Load Balancer, in their order; it is in the zones that they are in.

Source: https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_AttachLoadBalancerToSubnets.html
"""

from __future__ import annotations

from moto.ec2.models import ec2_backends
from moto.elb.models import ELBBackend, LoadBalancer

from local_aws.control_plane import moto_seams


def install() -> None:
    moto_seams.replace(
        ELBBackend,
        attach_load_balancer_to_subnets=_attach,
        detach_load_balancer_from_subnets=_detach,
    )


def set_zones(backend: ELBBackend, balancer: LoadBalancer) -> None:
    """Put the load balancer into its subnets' zones; raises EC2's error for a missing subnet."""
    ec2 = ec2_backends[backend.account_id][backend.region_name]
    zones = (ec2.get_subnet(each).availability_zone for each in balancer.subnets)
    balancer.availability_zones = list(dict.fromkeys(zones))


def _attach(self: ELBBackend, load_balancer_name: str, subnets: list[str]) -> list[str]:
    balancer = self.get_load_balancer(load_balancer_name)
    return _set(self, balancer, list(dict.fromkeys([*balancer.subnets, *subnets])))


def _detach(self: ELBBackend, load_balancer_name: str, subnets: list[str]) -> list[str]:
    balancer = self.get_load_balancer(load_balancer_name)
    return _set(self, balancer, [each for each in balancer.subnets if each not in subnets])


def _set(backend: ELBBackend, balancer: LoadBalancer, subnets: list[str]) -> list[str]:
    before, balancer.subnets = balancer.subnets, subnets
    try:
        set_zones(backend, balancer)
    except Exception:
        balancer.subnets = before
        raise
    return subnets
