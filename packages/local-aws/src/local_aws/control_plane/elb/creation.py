"""What a new Classic Load Balancer has: a place in zones or subnets, groups, and a health check.

Sources: https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_CreateLoadBalancer.html
and https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-healthchecks.html
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from moto.elb.exceptions import ELBClientError
from moto.elb.models import ELBBackend, FakeHealthCheck, LoadBalancer

from local_aws.control_plane import load_balancer_zones, moto_seams
from local_aws.control_plane.elb import interfaces, listeners, subnets
from local_aws.control_plane.elb import security_groups as groups_of_balancers

_moto_create = ELBBackend.create_load_balancer


def install() -> None:
    moto_seams.replace(ELBBackend, create_load_balancer=_create)
    moto_seams.add(LoadBalancer, canonical_hosted_zone_name_id=property(_zone_id))


def _create(
    self: ELBBackend,
    name: str,
    zones: Sequence[str],
    ports: list[dict[str, Any]],
    scheme: str | None = None,
    subnets: Sequence[str] = (),
    security_groups: Sequence[str] = (),
) -> LoadBalancer:
    place = _place(self, zones, subnets)
    groups = list(security_groups)
    if not groups and ports:
        listened = (int(each["LoadBalancerPort"]) for each in ports)
        groups = [groups_of_balancers.of_new(self, place[0], listened)]
    balancer: LoadBalancer = _moto_create(
        self, name, list(zones), ports, scheme or "", place, groups
    )
    balancer.dns_name = f"{name}.{self.region_name}.elb.amazonaws.com"  # moto's are in us-east-1
    balancer.health_check = _default_health_check(balancer)
    _complete(self, balancer, ports)
    return balancer


def _zone_id(self: LoadBalancer) -> str | None:
    region = self.dns_name.split(".")[1]
    return load_balancer_zones.zone_id(region)


def _place(backend: ELBBackend, zones: Sequence[str], subnet_ids: Sequence[str]) -> list[str]:
    """The subnets that are meant, each once. Raises ELBClientError where there cannot be one."""
    if zones and subnet_ids:
        raise _invalid("Only one of SubnetIds or AvailabilityZones may be specified")
    if not (zones or subnet_ids):
        raise _invalid("Either AvailabilityZones or SubnetIds must be specified")
    of_zones = [subnet.id for subnet in subnets.of_zones(backend, zones)]
    wanted = list(dict.fromkeys([*of_zones, *subnet_ids]))
    subnets.require_place(backend, wanted)
    return wanted


def _default_health_check(balancer: LoadBalancer) -> FakeHealthCheck:
    """Whether instances accept connections at the port of the first listener."""
    return FakeHealthCheck(
        target=f"TCP:{balancer.listeners[0].instance_port}",
        interval="30",
        timeout="5",
        unhealthy_threshold="2",
        healthy_threshold="10",
    )


def _complete(backend: ELBBackend, balancer: LoadBalancer, ports: list[dict[str, Any]]) -> None:
    listeners.note_protocols(balancer, ports)
    subnets.set_zones(backend, balancer)
    groups_of_balancers.note_source(backend, balancer)
    interfaces.converge(backend, balancer)


def _invalid(message: str) -> ELBClientError:
    return ELBClientError("ValidationError", message)
