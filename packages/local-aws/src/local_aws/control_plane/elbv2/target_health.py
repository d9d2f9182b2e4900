"""DescribeTargetHealth: what the load balancer really sees, with ALB's states and reasons.

Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
"""

from __future__ import annotations

from typing import Any

from moto.elbv2.exceptions import TargetGroupNotFoundError
from moto.elbv2.models import ELBv2Backend, FakeHealthStatus, FakeTargetGroup

from local_aws.contract.facts import TargetHealth
from local_aws.control_plane import data_plane, moto_seams
from local_aws.control_plane.elbv2 import target_groups
from local_aws.control_plane.elbv2.targets import TargetKey, draining, registered

_NOT_REGISTERED = TargetHealth(
    "unused", "Target.NotRegistered", "Target is not registered to the target group"
)
_DRAINING = TargetHealth(
    "draining", "Target.DeregistrationInProgress", "Target deregistration is in progress"
)
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
_REGISTERING = TargetHealth(
    "initial", "Elb.RegistrationInProgress", "Target registration is in progress"
)


def install() -> None:
    moto_seams.replace(ELBv2Backend, describe_target_health=_describe_target_health)


def health_of(group: FakeTargetGroup, key: TargetKey) -> TargetHealth:
    """Return one target's health as DescribeTargetHealth shows it now."""
    if key not in registered(group):
        return _DRAINING if key in draining(group) else _NOT_REGISTERED
    if not group.load_balancer_arns:
        return _NOT_IN_USE
    return _unusable_instance(group, key[0]) or data_plane.facts().target_health.get(
        (group.arn, *key), _REGISTERING
    )


def _unusable_instance(group: FakeTargetGroup, target_id: str) -> TargetHealth | None:
    instance = group.ec2_backend.get_instance_by_id(target_id)
    if instance is None:
        return None
    if instance.state != "running":
        return TargetHealth(
            "unused", "Target.InvalidState", f"Target is in the {instance.state} state"
        )
    if instance.availability_zone not in target_groups.enabled_zones(group):
        return _ZONE_NOT_ENABLED
    return None


def _describe_target_health(
    self: ELBv2Backend, target_group_arn: str, targets: list[dict[str, Any]]
) -> list[FakeHealthStatus]:
    group = self.target_groups.get(target_group_arn)
    if group is None:
        raise TargetGroupNotFoundError
    keys = _asked_for(group, targets) if targets else [*registered(group), *draining(group)]
    return [_row(group, key) for key in keys]


def _asked_for(group: FakeTargetGroup, targets: list[dict[str, Any]]) -> list[TargetKey]:
    """Complete each target with its port: the one it is known by, else the group's."""
    known = [*registered(group), *draining(group)]
    keys: list[TargetKey] = []
    for target in targets:
        port = target.get("Port")
        found = [key for key in known if key[0] == target["Id"] and port in (None, key[1])]
        keys += found or [(target["Id"], int(port or group.port))]
    return keys


def _row(group: FakeTargetGroup, key: TargetKey) -> FakeHealthStatus:
    health = health_of(group, key)
    check_port = group.health_check_port
    return FakeHealthStatus(
        instance_id=key[0],
        port=str(key[1]),
        health_port=str(key[1]) if check_port == "traffic-port" else check_port,
        status=health.state,
        reason=health.reason,
        description=health.description,
    )
