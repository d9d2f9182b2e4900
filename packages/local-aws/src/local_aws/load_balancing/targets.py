"""Where each registered target really is, and which ones a load balancer does not use at all.

Reasons and texts: "Target health status" in the Application Load Balancer guide, and what
DescribeTargetHealth answers.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass

from local_aws.contract.desired_state import DesiredState, Forward, Instance, Target, TargetGroup
from local_aws.contract.facts import TargetHealth

Address = tuple[str, int]
TargetKey = tuple[str, str, int]
"""(target group arn, target id, port)"""

NOT_IN_USE = TargetHealth(
    "unused",
    "Target.NotInUse",
    "Target group is not configured to receive traffic from the load balancer",
)
ZONE_NOT_ENABLED = TargetHealth(
    "unused",
    "Target.NotInUse",
    "Target is in an Availability Zone that is not enabled for the load balancer",
)
NOT_RUNNING = TargetHealth(
    "unused", "Target.InvalidState", "Target is in the stopped or terminated state"
)
UNREACHABLE = TargetHealth("unhealthy", "Target.Timeout", "Request timed out")


@dataclass(frozen=True)
class PlacedTarget:
    """A registered target: either at an address, where it is checked and served, or `excluded`.

    `host_header` is what a health check names as Host: the address and port AWS would use.
    """

    key: TargetKey
    address: Address | None
    host_header: str
    excluded: TargetHealth | None = None


def place(desired: DesiredState, addresses: Mapping[str, Address]) -> tuple[PlacedTarget, ...]:
    """Place every registered target.

    Every port of an instance is the one loopback port it serves on. An ip target is an instance's
    private address or a loopback address; any other one is out of this machine's reach.
    """
    zones = _zones_by_target_group(desired)
    by_id = {instance.instance_id: instance for instance in desired.instances}
    by_ip = {instance.private_ip: instance for instance in desired.instances}
    placed = []
    for group in desired.target_groups:
        for target in group.targets:
            found = by_id if group.target_type == "instance" else by_ip
            instance = found.get(target.target_id)
            placed.append(_place(group, target, instance, zones.get(group.arn), addresses))
    return tuple(placed)


def _place(
    group: TargetGroup,
    target: Target,
    instance: Instance | None,
    zones: frozenset[str] | None,
    addresses: Mapping[str, Address],
) -> PlacedTarget:
    key = (group.arn, target.target_id, target.port)
    ip = instance.private_ip if instance is not None else target.target_id
    port = group.health_check.port or target.port
    host_header = f"{ip}:{port}"
    zone = instance.availability_zone if instance is not None else target.availability_zone

    def excluded(health: TargetHealth) -> PlacedTarget:
        return PlacedTarget(key, None, host_header, health)

    if zones is None:
        return excluded(NOT_IN_USE)
    if group.target_type == "instance" and instance is None:
        return excluded(NOT_RUNNING)
    if zone not in zones and zone not in (None, "all"):
        return excluded(ZONE_NOT_ENABLED)
    if instance is not None:
        return PlacedTarget(key, addresses.get(instance.instance_id), host_header)
    if ipaddress.ip_address(target.target_id).is_loopback:
        return PlacedTarget(key, (target.target_id, target.port), host_header)
    return excluded(UNREACHABLE)


def _zones_by_target_group(desired: DesiredState) -> dict[str, frozenset[str]]:
    """The zones of the load balancer that forwards to each target group in use."""
    zones: dict[str, frozenset[str]] = {}
    for balancer in desired.load_balancers:
        for listener in balancer.listeners:
            for rule in listener.rules:
                if isinstance(rule.action, Forward):
                    for arn, _ in rule.action.target_groups:
                        enabled = frozenset(balancer.availability_zones)
                        zones[arn] = zones.get(arn, frozenset()) | enabled
    return zones
