"""Settings in Auto Scaling requests that moto would keep, or drop, without effect."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.autoscaling.exceptions import ValidationError
from moto.autoscaling.models import AutoScalingBackend

from local_aws.control_plane import moto_seams
from local_aws.control_plane.auto_scaling.api.groups import require_group
from local_aws.control_plane.auto_scaling.instances.placement import TERMINATION_POLICIES

_ONLY_VALUES: Mapping[str, tuple[Any, ...]] = {
    "AvailabilityZoneDistribution": ({"CapacityDistributionStrategy": "balanced-best-effort"},),
    "AvailabilityZoneIds": (),
    "AvailabilityZoneImpairmentPolicy": (),
    "CapacityRebalance": ("false",),
    "CapacityReservationSpecification": (),
    "DeletionProtection": ("none",),
    "DesiredCapacityType": ("units",),
    "InstanceLifecyclePolicy": (),
    "TrafficSources": (),
}
"""Settings of a group that change what it does: any other value is refused by name."""


def install() -> None:
    moto_seams.replace(
        AutoScalingBackend,
        put_warm_pool=_put_warm_pool,
        describe_warm_pool=_describe_warm_pool,
        delete_warm_pool=_delete_warm_pool,
    )


def require_emulated(request: Mapping[str, Any]) -> None:
    """Raise ValidationError when a request, or a template, gives a group such a setting."""
    for name, values in _ONLY_VALUES.items():
        given = request.get(name)
        if given and given not in values:
            raise ValidationError(f"{name} of a group is not emulated by the local AWS")
    for policy in request.get("TerminationPolicies") or []:
        if policy not in TERMINATION_POLICIES and not policy.startswith("arn:"):
            raise ValidationError(
                f"Invalid termination policy {policy}: it must be one of "
                f"{', '.join(TERMINATION_POLICIES)}"
            )
        if policy not in TERMINATION_POLICIES:
            raise ValidationError(f"Termination policy {policy} is not emulated by the local AWS")


def _put_warm_pool(self: AutoScalingBackend, group_name: str, **_: Any) -> None:
    require_group(self, group_name)
    raise ValidationError("Warm pools are not emulated by the local AWS")


def _describe_warm_pool(self: AutoScalingBackend, group_name: str) -> None:
    """Return no configuration: no group has a warm pool."""
    require_group(self, group_name)


def _delete_warm_pool(self: AutoScalingBackend, group_name: str) -> None:
    require_group(self, group_name)
    raise ValidationError(f"No warm pool found for Auto Scaling group {group_name}")
