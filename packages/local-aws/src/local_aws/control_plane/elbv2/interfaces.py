"""A load balancer's network interfaces: in its subnets and security groups, gone with it.

Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html
"""

from __future__ import annotations

from moto.elbv2.models import ELBv2Backend, FakeLoadBalancer

from local_aws.control_plane.ec2.network_interfaces import load_balancer_interfaces


def converge(backend: ELBv2Backend, balancer: FakeLoadBalancer) -> None:
    """Have one in each of the load balancer's subnets."""
    load_balancer_interfaces.converge(
        backend.ec2_backend,
        _name(balancer),
        [subnet.id for subnet in balancer.subnets],
        balancer.security_groups,
        is_public=balancer.scheme != "internal",
    )


def remove(backend: ELBv2Backend, balancer: FakeLoadBalancer) -> None:
    """Delete those of a load balancer that is deleted."""
    load_balancer_interfaces.remove(backend.ec2_backend, _name(balancer))


def address(backend: ELBv2Backend, balancer: FakeLoadBalancer) -> str:
    """The private address of its one node: in the first of its subnets."""
    found = load_balancer_interfaces.addresses(backend.ec2_backend, _name(balancer))
    return found[balancer.subnets[0].id]


def _name(balancer: FakeLoadBalancer) -> str:
    _, _, name = balancer.arn.partition(":loadbalancer/")
    return str(name)
