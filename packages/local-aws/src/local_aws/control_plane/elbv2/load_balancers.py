"""Load balancers: an address that answers, and unique names.

Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from moto.elbv2.exceptions import (
    DuplicateLoadBalancerName,
    ELBClientError,
    InvalidConfigurationRequest,
    ValidationError,
)
from moto.elbv2.models import ELBv2Backend, FakeListener, FakeLoadBalancer, elbv2_backends

from local_aws.control_plane import data_plane, delays, load_balancer_zones, moto_seams
from local_aws.control_plane.elbv2 import values
from local_aws.host import ports

_moto_create = ELBv2Backend.create_load_balancer
_moto_delete = ELBv2Backend.delete_load_balancer


@dataclass
class LocalAddress:
    """Where a load balancer, or one of its listeners, is on loopback."""

    _port: int | None = None

    @property
    def port(self) -> int:
        """The port that it was given, or else takes now."""
        if self._port is None:
            self._port = ports.free_port()
        return self._port

    @port.setter
    def port(self, port: int) -> None:
        self._port = port

    def give_up(self) -> None:
        """Give its port back, if it has one."""
        if self._port is not None:
            ports.give_back(self._port)
            self._port = None


@dataclass
class Provisioning:
    """Since when there is a load balancer, in seconds since the epoch."""

    begun_at: float = field(default_factory=time.time)


def install() -> None:
    moto_seams.replace(
        ELBv2Backend,
        create_load_balancer=_create_load_balancer,
        delete_load_balancer=_delete_load_balancer,
    )
    moto_seams.replace(FakeLoadBalancer, load_balancer_state=property(_state))


def local_address(moto_object: FakeLoadBalancer | FakeListener) -> LocalAddress:
    """The loopback address of a load balancer or listener."""
    return moto_seams.notes(moto_object, LocalAddress)


def is_provisioned(balancer: FakeLoadBalancer, now: float) -> bool:
    """Whether it answers by now, as long as AWS takes for it (delays.py)."""
    begun_at = moto_seams.notes(balancer, Provisioning).begun_at
    return now >= begun_at + delays.current().load_balancers


def _state(self: FakeLoadBalancer) -> dict[str, str]:
    """A load balancer that serves, though not as it should, is impaired, with the reason."""
    if not is_provisioned(self, time.time()):
        return {"Code": "provisioning"}
    refusal = data_plane.facts().load_balancing_refusal
    if refusal and self.state == "active" and self.listeners:
        return {"Code": "active_impaired", "Reason": refusal}
    return {"Code": self.state}


def reclaim_addresses() -> list[str]:
    """Take the ports of load balancers that come from a saved state, or others where these are
    taken by now; returns a line for each load balancer that has a new address."""
    moved = []
    for backend in moto_seams.backends_in_use(elbv2_backends):
        for balancer in backend.load_balancers.values():
            before = local_address(balancer).port
            port = local_address(balancer).port = ports.free_port(before)
            for listener in balancer.listeners.values():
                address = local_address(listener)
                # The first listener is the one behind DNSName.
                address.port = port if address.port == before else ports.free_port(address.port)
            if port != before:
                balancer.dns_name = f"127.0.0.1:{port}"
                moved.append(
                    f"port {before} is taken: load balancer {balancer.name} is at "
                    f"{balancer.dns_name} now"
                )
    return moved


def require_emulated_type(load_balancer_type: str | None) -> None:
    """Raises InvalidConfigurationRequest for a Network or a Gateway Load Balancer."""
    if load_balancer_type not in (None, "application"):
        raise InvalidConfigurationRequest(
            f"Load balancer type '{load_balancer_type}' is not emulated; use 'application'"
        )


def _create_load_balancer(
    self: ELBv2Backend,
    name: str,
    security_groups: list[str] | None,
    subnet_ids: list[str] | None,
    subnet_mappings: list[dict[str, str]] | None = None,
    scheme: str | None = None,
    loadbalancer_type: str | None = None,
    **settings: Any,
) -> FakeLoadBalancer:
    """Create a load balancer whose DNSName is a loopback address that its listener answers at.

    A second request of the same name and settings returns the first's load balancer, as on AWS.
    """
    subnet_ids = subnet_ids or []
    require_emulated_type(loadbalancer_type)
    wanted = {*subnet_ids, *(mapping["SubnetId"] for mapping in subnet_mappings or [])}
    for present in self.load_balancers.values():
        if present.name == name:
            if {subnet.id for subnet in present.subnets} != wanted:
                raise DuplicateLoadBalancerName
            return present
    values.name("load balancer", name)
    load_balancer = _moto_create(
        self,
        name,
        security_groups or _default_group(self, wanted),
        subnet_ids,
        subnet_mappings,
        scheme or "internet-facing",
        loadbalancer_type,
        **settings,
    )
    zones = {subnet.availability_zone for subnet in load_balancer.subnets}
    if len(zones) < 2:
        del self.load_balancers[load_balancer.arn]
        raise ValidationError(
            "At least two subnets in two different Availability Zones must be specified"
        )
    load_balancer.attrs.clear()  # moto's defaults are not AWS's
    load_balancer.dns_name = f"127.0.0.1:{local_address(load_balancer).port}"
    load_balancer.canonical_hosted_zone_id = load_balancer_zones.zone_id(self.region_name) or ""
    return load_balancer


def _default_group(self: ELBv2Backend, subnet_ids: set[str]) -> list[str]:
    """The default security group of the subnets' VPC.

    AWS: "Security groups for your Application Load Balancer" in the User Guide for Application Load
    Balancers: without any, the load balancer has this one.
    """
    ec2 = self.ec2_backend
    subnet = next((each for each in ec2.describe_subnets() if each.id in subnet_ids), None)
    group = subnet and ec2.get_security_group_from_name("default", subnet.vpc_id)
    return [group.id] if group else []


def _delete_load_balancer(self: ELBv2Backend, arn: str) -> None:
    load_balancer = self.load_balancers.get(arn)
    if load_balancer and load_balancer.attrs.get("deletion_protection.enabled") == "true":
        raise ELBClientError(
            "OperationNotPermitted",
            f"Load balancer '{arn}' cannot be deleted because deletion protection is enabled",
        )
    _moto_delete(self, arn)
    if load_balancer:
        for listener in load_balancer.listeners.values():
            give_up_own_address(listener, load_balancer)
        local_address(load_balancer).give_up()


def give_up_own_address(listener: FakeListener, load_balancer: FakeLoadBalancer) -> None:
    """Give back the port of a listener that goes, unless it is its load balancer's."""
    if local_address(listener) != local_address(load_balancer):
        local_address(listener).give_up()
