"""Targets of a target group: registered, draining, or let go because their instance went away.

A target is an id and a port, so one instance can be registered at several ports (moto: one port).
Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-register-targets.html
"""

from __future__ import annotations

import re
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from moto.elbv2.exceptions import ELBClientError, ValidationError
from moto.elbv2.models import ELBv2Backend, FakeTargetGroup, elbv2_backends

from local_aws.contract.facts import TargetKey
from local_aws.control_plane import moto_seams
from local_aws.control_plane.elbv2 import addresses, values

_INSTANCE_ID = re.compile("i-([0-9a-f]{8}|[0-9a-f]{17})")
_GONE_STATES = ("shutting-down", "terminated")


@dataclass
class _Terminated:
    keys: set[TargetKey] = field(default_factory=set)


def install() -> None:
    moto_seams.replace(
        FakeTargetGroup,
        register=_register,
        deregister=_deregister,
        deregister_terminated_instances=_deregister_terminated_instances,
    )


def registered(group: FakeTargetGroup) -> dict[TargetKey, dict[str, Any]]:
    """Return moto's registered targets, which the corrections key by TargetKey."""
    return cast("dict[TargetKey, dict[str, Any]]", group.targets)


def draining(group: FakeTargetGroup) -> dict[TargetKey, float]:
    """Return the deregistered targets with the time (since the epoch) when they have drained."""
    return cast("dict[TargetKey, float]", group.deregistered_targets)


def terminated(group: FakeTargetGroup) -> set[TargetKey]:
    """Return the targets whose instance ended while they were registered, as long as EC2 shows it.

    AWS, as recorded: a request that names such a target gets it as draining, long after its delay.
    """
    return moto_seams.notes(group, _Terminated).keys


def deregistration_delay_seconds(group: FakeTargetGroup) -> int:
    """How long a deregistered target drains."""
    return int(str(group.attributes["deregistration_delay.timeout_seconds"]))


def deregister_instances(group: FakeTargetGroup, instance_ids: Collection[str]) -> None:
    """Start draining the instances at every port; those that are no target are left alone."""
    _drain(group, [key for key in registered(group) if key.target_id in instance_ids])


def advance(now: float) -> None:
    """Let go of targets whose instance is being terminated, and of those that have drained.

    `now` is seconds since the epoch. Call it under LOCK.
    """
    for backend in moto_seams.backends_in_use(elbv2_backends):
        if not backend.target_groups:
            continue
        gone = _terminated_instance_ids(backend)
        for group in backend.target_groups.values():
            _let_go(group, gone)
            noted = moto_seams.notes(group, _Terminated)
            noted.keys = {key for key in noted.keys if key.target_id in gone}
            for key, drained_at in list(draining(group).items()):
                if now >= drained_at:
                    del draining(group)[key]


def _let_go(group: FakeTargetGroup, instance_ids: Collection[str]) -> None:
    """Start draining instances that are being terminated."""
    keys = [key for key in registered(group) if key.target_id in instance_ids]
    moto_seams.notes(group, _Terminated).keys.update(keys)
    _drain(group, keys)


def _terminated_instance_ids(backend: ELBv2Backend) -> set[str]:
    return {
        instance.id
        for reservation in backend.ec2_backend.reservations.values()
        for instance in reservation.instances
        if instance.state in _GONE_STATES
    }


def _register(self: FakeTargetGroup, targets: list[dict[str, Any]]) -> None:
    """Register all or none."""
    for target in targets:
        if target.get("Port") is not None:
            values.port("port", target["Port"])
        if self.target_type == "ip":
            addresses.require(self, target["Id"], target.get("AvailabilityZone"))
    if self.target_type == "instance":
        _require_instances(self, list(dict.fromkeys(target["Id"] for target in targets)))
    for target in targets:
        key = TargetKey(self.arn, target["Id"], int(target.get("Port") or self.port))
        registered(self)[key] = {"Id": key.target_id, "Port": key.port}
        draining(self).pop(key, None)


def _require_instances(group: FakeTargetGroup, instance_ids: Sequence[str]) -> None:
    """They exist in the group's VPC and run. Raises ValidationError or InvalidTarget, in ELB's
    words as users reported them."""
    for each in instance_ids:
        if not _INSTANCE_ID.fullmatch(each):
            raise ValidationError(f"Instance ID '{values.shown(each)}' is not valid")
    found = {each: group.ec2_backend.get_instance_by_id(each) for each in instance_ids}
    missing = [each for each, instance in found.items() if instance is None]
    if missing:
        raise _invalid("The following instances do not exist", missing)
    instances = [instance for instance in found.values() if instance is not None]
    elsewhere = [each.id for each in instances if each.vpc_id not in (None, group.vpc_id)]
    if elsewhere:
        where = f"the target group VPC '{group.vpc_id}'"
        raise _invalid(f"The following targets are not in {where}", elsewhere)
    idle = [each.id for each in instances if each.state != "running"]
    if idle:
        state = "in a running state and cannot be registered"
        raise _invalid(f"The following targets are not {state}", idle)


def _invalid(problem: str, instance_ids: Sequence[str]) -> ELBClientError:
    named = ", ".join(f"'{each}'" for each in instance_ids)
    return ELBClientError("InvalidTarget", f"{problem}: {named}")


def _deregister(self: FakeTargetGroup, targets: list[dict[str, Any]]) -> None:
    """Start draining. A target that is not registered is no error, as on AWS."""
    for target in targets:
        port = target.get("Port")
        _drain(
            self,
            [
                key
                for key in registered(self)
                if key.target_id == target["Id"] and (port is None or int(port) == key.port)
            ],
        )


def _deregister_terminated_instances(self: FakeTargetGroup, instance_ids: list[str]) -> None:
    _let_go(self, instance_ids)


def _drain(group: FakeTargetGroup, keys: list[TargetKey]) -> None:
    """A target that no load balancer uses has nothing in flight: it is gone at once.

    AWS: "If a deregistering target has no in-flight requests and no active connections, Elastic
    Load Balancing immediately completes the deregistration process".
    """
    for key in keys:
        del registered(group)[key]
        if group.load_balancer_arns:
            draining(group)[key] = time.time() + deregistration_delay_seconds(group)
