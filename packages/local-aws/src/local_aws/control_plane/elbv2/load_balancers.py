"""Load balancers: an address that answers, and unique names.

The words on names as users reported them.

Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from moto.ec2.models.subnets import Subnet
from moto.elbv2.exceptions import (
    ELBClientError,
    InvalidConfigurationRequest,
    ValidationError,
)
from moto.elbv2.models import ELBv2Backend, FakeListener, FakeLoadBalancer, elbv2_backends

from local_aws.control_plane import load_balancer_zones, moto_seams, wiring
from local_aws.control_plane.elbv2 import interfaces, subnets, values
from local_aws.control_plane.elbv2.security_groups import named_or_default
from local_aws.host import ports

_moto_create = ELBv2Backend.create_load_balancer
_moto_delete = ELBv2Backend.delete_load_balancer
_moto_describe = ELBv2Backend.describe_load_balancers


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
        describe_load_balancers=_describe_load_balancers,
    )
    moto_seams.replace(FakeLoadBalancer, load_balancer_state=property(_state))


def local_address(moto_object: FakeLoadBalancer | FakeListener) -> LocalAddress:
    """The loopback address of a load balancer or listener."""
    return moto_seams.notes(moto_object, LocalAddress)


def is_provisioned(balancer: FakeLoadBalancer, now: float) -> bool:
    """Whether it answers by now, as long as AWS takes for it (delays.py)."""
    begun_at = moto_seams.notes(balancer, Provisioning).begun_at
    return now >= begun_at + wiring.current().delays.load_balancers


def _state(self: FakeLoadBalancer) -> dict[str, str]:
    """A load balancer that serves, though not as it should, is impaired, with the reason."""
    if not is_provisioned(self, time.time()):
        return {"Code": "provisioning"}
    refusal = wiring.current().facts.load_balancing_refusal
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
    require_emulated_type(loadbalancer_type)
    _check_name(name)
    wanted = subnets.checked(self, subnets.named(subnet_ids, subnet_mappings))
    groups = named_or_default(self, security_groups, wanted[0].vpc_id)
    scheme = scheme or "internet-facing"
    for present in self.load_balancers.values():
        if present.name == name:
            if not _same_settings(present, wanted, groups, scheme, settings):
                raise ELBClientError(
                    "DuplicateLoadBalancerName",
                    f"A load balancer with the same name '{name}' exists, but with different "
                    "settings",
                )
            return present
    subnets.require_room(wanted)
    load_balancer = _moto_create(
        self,
        name,
        groups,
        subnet_ids or [],
        subnet_mappings,
        scheme,
        loadbalancer_type,
        **settings,
    )
    interfaces.converge(self, load_balancer)
    load_balancer.attrs.clear()  # moto's defaults are not AWS's
    load_balancer.dns_name = f"127.0.0.1:{local_address(load_balancer).port}"
    load_balancer.canonical_hosted_zone_id = load_balancer_zones.zone_id(self.region_name) or ""
    return load_balancer


def _check_name(name: str) -> None:
    values.name("load balancer", name)
    if name.startswith("internal-"):
        raise ValidationError(f"The load balancer name '{name}' cannot begin with 'internal-'")


def _same_settings(
    present: FakeLoadBalancer,
    wanted: Sequence[Subnet],
    groups: Sequence[str],
    scheme: str,
    settings: Mapping[str, Any],
) -> bool:
    return (
        subnets.of(present) == {subnet.id for subnet in wanted}
        and {*present.security_groups} == {*groups}
        and present.scheme == scheme
        and present.ip_address_type == (settings.get("ip_address_type") or "ipv4")
    )


def _describe_load_balancers(
    self: ELBv2Backend, arns: list[str] | None, names: list[str] | None
) -> list[FakeLoadBalancer]:
    """Each that is named must exist; the words as users reported them."""
    balancers = self.load_balancers.values()
    known = {each.arn for each in balancers} | {each.name for each in balancers}
    missing = [each for each in (*(arns or ()), *(names or ())) if each not in known]
    if missing:
        raise ELBClientError(
            "LoadBalancerNotFound", f"Load balancers '[{', '.join(missing)}]' not found"
        )
    return _moto_describe(self, arns, names)


def _delete_load_balancer(self: ELBv2Backend, arn: str) -> None:
    load_balancer = self.load_balancers.get(arn)
    if load_balancer and load_balancer.attrs.get("deletion_protection.enabled") == "true":
        raise ELBClientError(
            "OperationNotPermitted",
            f"Load balancer '{arn}' cannot be deleted because deletion protection is enabled",
        )
    _moto_delete(self, arn)
    if load_balancer:
        interfaces.remove(self, load_balancer)
        for listener in load_balancer.listeners.values():
            give_up_own_address(listener, load_balancer)
        local_address(load_balancer).give_up()


def give_up_own_address(listener: FakeListener, load_balancer: FakeLoadBalancer) -> None:
    """Give back the port of a listener that goes, unless it is its load balancer's."""
    if local_address(listener) != local_address(load_balancer):
        local_address(listener).give_up()
