"""What Auto Scaling requests ask for that moto would keep, or drop, without effect."""

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
    "InstanceMaintenancePolicy": (),
    "MaxInstanceLifetime": ("0",),
    "TrafficSources": (),
}
"""Settings of a group that change what it does: any other value is refused by name."""

_moto_put_scaling_policy = AutoScalingBackend.put_scaling_policy
_moto_execute_policy = AutoScalingBackend.execute_policy
_moto_enable_metrics_collection = AutoScalingBackend.enable_metrics_collection


def install() -> None:
    moto_seams.replace(
        AutoScalingBackend,
        put_warm_pool=_put_warm_pool,
        describe_warm_pool=_describe_warm_pool,
        delete_warm_pool=_delete_warm_pool,
        put_scaling_policy=_put_scaling_policy,
        execute_policy=_execute_policy,
        enable_metrics_collection=_enable_metrics_collection,
    )


def require_emulated(request: Mapping[str, Any]) -> None:
    """Raise ValidationError when a request, or a template, gives a group such a setting."""
    for name, values in _ONLY_VALUES.items():
        given = request.get(name)
        if given and given not in values:
            raise ValidationError(f"{name} of a group is not emulated by the local AWS")
    for policy in request.get("TerminationPolicies") or []:
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


def _put_scaling_policy(self: AutoScalingBackend, as_name: str, **settings: Any) -> Any:
    """Refuse a policy of a group that does not exist."""
    require_group(self, as_name)
    return _moto_put_scaling_policy(self, as_name=as_name, **settings)


def _execute_policy(self: AutoScalingBackend, policy_name: str) -> None:
    """Refuse a policy that needs a metric: nothing is measured here."""
    policy = self.policies.get(policy_name)
    if policy is None:
        raise ValidationError(f"No policy found with name {policy_name}")
    if policy.policy_type != "SimpleScaling":
        raise ValidationError(
            f"Policy type {policy.policy_type} is not emulated by the local AWS, which measures "
            "nothing; only SimpleScaling can be executed"
        )
    _moto_execute_policy(self, policy_name)


def _enable_metrics_collection(
    self: AutoScalingBackend, group_name: str, metrics: list[str]
) -> None:
    require_group(self, group_name)
    _moto_enable_metrics_collection(self, group_name, metrics)
