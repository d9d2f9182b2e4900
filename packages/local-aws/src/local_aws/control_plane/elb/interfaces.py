"""A Classic Load Balancer's network interfaces: in its subnets and security groups, gone with it.

Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-backend-instances.html
"""

from __future__ import annotations

from moto.ec2.models import ec2_backends
from moto.elb.models import ELBBackend, LoadBalancer

from local_aws.control_plane import moto_seams
from local_aws.control_plane.ec2.network_interfaces import load_balancer_interfaces

_moto_delete = ELBBackend.delete_load_balancer


def install() -> None:
    moto_seams.replace(ELBBackend, delete_load_balancer=_delete)


def converge(backend: ELBBackend, balancer: LoadBalancer) -> None:
    """Have one in each of the load balancer's subnets."""
    load_balancer_interfaces.converge(
        ec2_backends[backend.account_id][backend.region_name],
        balancer.name,
        balancer.subnets,
        balancer.security_groups,
        is_public=balancer.scheme != "internal",
    )


def _delete(self: ELBBackend, load_balancer_name: str) -> None:
    _moto_delete(self, load_balancer_name)
    ec2 = ec2_backends[self.account_id][self.region_name]
    load_balancer_interfaces.remove(ec2, load_balancer_name)
