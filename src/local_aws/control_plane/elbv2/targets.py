"""Targets of a target group: registered, draining, or let go because their instance went away.

A target is an id and a port, so one instance can be registered at several ports (moto: one port).
Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-register-targets.html
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any

from moto.ec2.models.instances import Instance
from moto.elbv2.exceptions import InvalidTargetError, TargetNotRunning
from moto.elbv2.models import ELBv2Backend, FakeTargetGroup, elbv2_backends

from local_aws.control_plane import moto_seams

TargetKey = tuple[str, int]  # target id, port

_GONE_STATES = ("shutting-down", "terminated")


def install() -> None:
    moto_seams.replace(
        FakeTargetGroup,
        register=_register,
        deregister=_deregister,
        deregister_terminated_instances=_deregister_terminated_instances,
    )


def registered(group: FakeTargetGroup) -> Iterator[tuple[TargetKey, dict[str, Any]]]:
    """Yield each registered target: its key, and moto's {"Id", "Port"}."""
    yield from group.targets.items()


def is_draining(group: FakeTargetGroup, key: TargetKey) -> bool:
    """Tell whether the target was deregistered less than the deregistration delay ago."""
    return key in group.deregistered_targets and key not in group.targets


def deregistration_delay_seconds(group: FakeTargetGroup) -> float:
    return float(group.attributes["deregistration_delay.timeout_seconds"])


def deregister_instances(group: FakeTargetGroup, instance_ids: Sequence[str]) -> None:
    """Deregister the instances at every port; those that are no target are left alone."""
    drained_at = time.time() + deregistration_delay_seconds(group)
    for key in [key for key in group.targets if key[0] in instance_ids]:
        group.deregistered_targets[key] = {**group.targets.pop(key), "DrainedAt": drained_at}


def advance(now: float) -> None:
    """Let go of targets whose instance is being terminated, and of those that have drained.

    `now` is seconds since the epoch. Call it under LOCK.
    """
    for _, _, backend in elbv2_backends.iter_backends():
        if not backend.target_groups:
            continue
        gone = _terminated_instance_ids(backend)
        for group in backend.target_groups.values():
            deregister_instances(group, gone)
            for key, target in list(group.deregistered_targets.items()):
                if now >= target["DrainedAt"]:
                    del group.deregistered_targets[key]


def _terminated_instance_ids(backend: ELBv2Backend) -> list[str]:
    return [
        instance.id
        for reservation in backend.ec2_backend.reservations.values()
        for instance in reservation.instances
        if instance.state in _GONE_STATES
    ]


def _register(self: FakeTargetGroup, targets: list[dict[str, Any]]) -> None:
    """Register all or none. Raises InvalidTarget for an instance that is not there or not running."""
    for target in targets:
        if self.target_type == "instance":
            _require_running(self.ec2_backend.get_instance_by_id(target["Id"]), target["Id"])
    for target in targets:
        key = (target["Id"], int(target.get("Port") or self.port))
        self.targets[key] = {"Id": key[0], "Port": key[1]}
        self.deregistered_targets.pop(key, None)


def _require_running(instance: Instance | None, instance_id: str) -> None:
    if instance is None:
        raise InvalidTargetError
    if instance.state != "running":
        raise TargetNotRunning(instance_id)


def _deregister(self: FakeTargetGroup, targets: list[dict[str, Any]]) -> None:
    """Start draining. A target that is not registered is no error, as on AWS."""
    drained_at = time.time() + deregistration_delay_seconds(self)
    for target in targets:
        port = target.get("Port")
        for key in list(self.targets):
            if key[0] == target["Id"] and port in (None, key[1]):
                self.deregistered_targets[key] = {**self.targets.pop(key), "DrainedAt": drained_at}


def _deregister_terminated_instances(self: FakeTargetGroup, instance_ids: list[str]) -> None:
    deregister_instances(self, instance_ids)
