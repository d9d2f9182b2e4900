"""Which registered targets a load balancer uses. DescribeTargetHealth and the data plane ask here.

Source: "Target health status" in
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
"""

from __future__ import annotations

import time
from collections.abc import Iterator

from moto.ec2.models.instances import Instance
from moto.elbv2.models import FakeTargetGroup

from local_aws.contract.facts import TargetHealth, TargetKey
from local_aws.control_plane.ec2.instances import instance_states
from local_aws.control_plane.elbv2 import target_groups
from local_aws.control_plane.elbv2.targets import registered

_NOT_IN_USE = TargetHealth(
    "unused",
    "Target.NotInUse",
    "Target group is not configured to receive traffic from the load balancer",
)
_ZONE_NOT_ENABLED = TargetHealth(
    "unused",
    "Target.NotInUse",
    "Target is in an Availability Zone that is not enabled for the load balancer",
)


class TargetUse:
    """The targets of one group, as their instances and the load balancers are now."""

    def __init__(self, group: FakeTargetGroup) -> None:
        self._group = group
        self._in_use = bool(group.load_balancer_arns)
        self._zones = target_groups.enabled_zones(group) if self._in_use else set()
        self._instances = {}
        if self._in_use and registered(group):
            find = _by_id if group.target_type == "instance" else _by_address
            self._instances = dict(find(group))

    def why_unused(self, key: TargetKey) -> TargetHealth | None:
        """The health of a registered target that gets no traffic; None for one that may."""
        if not self._in_use:
            return _NOT_IN_USE
        instance = self._instances.get(key.target_id)
        if instance is None:
            return _in_state("terminated") if self._group.target_type == "instance" else None
        if self._group.target_type == "instance" and instance.state != "running":
            return _in_state(instance.state)
        return None if instance.availability_zone in self._zones else _ZONE_NOT_ENABLED

    def used(self) -> Iterator[TargetKey]:
        """Yield the registered targets that may get traffic."""
        return (key for key in registered(self._group) if self.why_unused(key) is None)


def _in_state(state: str) -> TargetHealth:
    return TargetHealth("unused", "Target.InvalidState", f"Target is in the {state} state")


def _by_id(group: FakeTargetGroup) -> Iterator[tuple[str, Instance]]:
    return ((instance.id, instance) for instance in _instances(group))


def _by_address(group: FakeTargetGroup) -> Iterator[tuple[str, Instance]]:
    """Yield the instances behind addresses: those that have processes."""
    now = time.time()
    for instance in _instances(group):
        if instance.private_ip and instance_states.is_wanted(instance, now):
            yield instance.private_ip, instance


def _instances(group: FakeTargetGroup) -> Iterator[Instance]:
    for reservation in group.ec2_backend.reservations.values():
        yield from reservation.instances
