"""DescribeTargetHealth: what the load balancer sees, with ALB's states and reasons.

Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
"""

from __future__ import annotations

from typing import Any

from moto.elbv2.exceptions import TargetGroupNotFoundError
from moto.elbv2.models import ELBv2Backend, FakeHealthStatus, FakeTargetGroup

from local_aws.contract.facts import TargetHealth, TargetKey
from local_aws.control_plane import delayed, moto_seams, wiring
from local_aws.control_plane.elbv2.target_use import TargetUse
from local_aws.control_plane.elbv2.targets import draining, registered, terminated

_NOT_REGISTERED = TargetHealth(
    "unused", "Target.NotRegistered", "Target is not registered to the target group"
)
_DRAINING = TargetHealth(
    "draining", "Target.DeregistrationInProgress", "Target deregistration is in progress"
)
_REGISTERING = TargetHealth(
    "initial", "Elb.RegistrationInProgress", "Target registration is in progress"
)


def install() -> None:
    moto_seams.replace(ELBv2Backend, describe_target_health=_describe_target_health)


def health_of(group: FakeTargetGroup, key: TargetKey) -> TargetHealth:
    """One target's health as DescribeTargetHealth shows it now."""
    return _health(group, TargetUse(group), key)


def of_registered(group: FakeTargetGroup) -> dict[TargetKey, TargetHealth]:
    """The health of every registered target."""
    use = TargetUse(group)
    return {key: _health(group, use, key) for key in registered(group)}


def _health(group: FakeTargetGroup, use: TargetUse, key: TargetKey) -> TargetHealth:
    if key not in registered(group):
        leaves = key in draining(group) or key in terminated(group)
        return _DRAINING if leaves else _NOT_REGISTERED
    checked = wiring.current().facts.target_health.get(key, _REGISTERING)
    return use.why_unused(key) or checked


def _describe_target_health(
    self: ELBv2Backend, target_group_arn: str, targets: list[dict[str, Any]]
) -> list[FakeHealthStatus]:
    group = self.target_groups.get(target_group_arn)
    if group is None:
        raise TargetGroupNotFoundError
    keys = _asked_for(group, targets) if targets else [*registered(group), *draining(group)]
    use = TargetUse(group)
    return [_row(group, key, shown(key, _health(group, use, key))) for key in keys]


def shown(key: TargetKey, health: TargetHealth) -> TargetHealth:
    """What DescribeTargetHealth shows by now; the load balancer acts on health at once."""
    return delayed.TARGET_HEALTH.shown(key, health)


def _asked_for(group: FakeTargetGroup, targets: list[dict[str, Any]]) -> list[TargetKey]:
    """Complete each target with its port: the one it is known by, else the group's."""
    known = list(dict.fromkeys([*registered(group), *draining(group), *terminated(group)]))
    keys: list[TargetKey] = []
    for target in targets:
        port = target.get("Port")
        found = [k for k in known if k.target_id == target["Id"] and port in (None, k.port)]
        keys += found or [TargetKey(group.arn, target["Id"], int(port or group.port))]
    return keys


def _row(group: FakeTargetGroup, key: TargetKey, health: TargetHealth) -> FakeHealthStatus:
    check_port = group.health_check_port
    return FakeHealthStatus(
        instance_id=key.target_id,
        port=str(key.port),
        health_port=str(key.port) if check_port == "traffic-port" else check_port,
        status=health.state,
        reason=health.reason,
        description=health.description,
    )
