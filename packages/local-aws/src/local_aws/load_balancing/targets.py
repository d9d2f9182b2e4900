"""Where each target is on this machine."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass

from local_aws.contract.desired_state import DesiredState, Instance, Target, TargetGroup
from local_aws.contract.facts import TargetKey

Address = tuple[str, int]
"""(host, port)"""


@dataclass(frozen=True)
class PlacedTarget:
    """A target and the address where it is checked and served.

    `address` is None for an instance that does not run or serve yet, and for a target that is not
    `on_this_machine`. `host_header` is what a health check names as Host: the address and port
    AWS would use; `aws_address` is where AWS would send a request.
    """

    key: TargetKey
    address: Address | None
    host_header: str
    aws_address: str
    on_this_machine: bool = True


def place(desired: DesiredState, addresses: Mapping[str, Address]) -> tuple[PlacedTarget, ...]:
    """Place every target; `addresses` is where each instance serves, by id.

    Every port of an instance is the one loopback port it serves on. An ip target is an instance's
    private address in the group's region, or a loopback address; any other one is out of reach.
    """
    by_id = {instance.instance_id: instance for instance in desired.instances}
    by_ip = {(instance.region, instance.private_ip): instance for instance in desired.instances}
    placed = []
    for group in desired.target_groups:
        region = group.arn.split(":")[3]
        for target in group.targets:
            if group.target_type == "instance":
                instance = by_id.get(target.target_id)
            else:
                instance = by_ip.get((region, target.target_id))
            placed.append(_place(group, target, instance, addresses))
    return tuple(placed)


def _place(
    group: TargetGroup,
    target: Target,
    instance: Instance | None,
    addresses: Mapping[str, Address],
) -> PlacedTarget:
    key = TargetKey(group.arn, target.target_id, target.port)
    ip = instance.private_ip if instance is not None else target.target_id
    names = (f"{ip}:{group.health_check.port or target.port}", f"{ip}:{target.port}")
    if instance is not None:
        return PlacedTarget(key, addresses.get(instance.instance_id), *names)
    if group.target_type == "instance":
        return PlacedTarget(key, None, *names)
    if ipaddress.ip_address(target.target_id).is_loopback:
        return PlacedTarget(key, (target.target_id, target.port), *names)
    return PlacedTarget(key, None, *names, on_this_machine=False)
