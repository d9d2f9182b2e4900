"""Mixed instances policies: the launch template that one names, and the type of its first override.

Nothing here is scarce, so AWS's "prioritized" strategy for On-Demand Instances always gets the
first type. What would need prices, Spot capacity or weights is refused by name. Source:
https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-mixed-instances-groups.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from moto.autoscaling.exceptions import ValidationError
from moto.autoscaling.models import FakeAutoScalingGroup


def require_emulated(policy: Mapping[str, Any]) -> None:
    """Raise ValidationError when the MixedInstancesPolicy of a request, or of a template before its
    stack is there, has a part without effect."""
    refused = next(_refused(policy), None)
    if refused:
        raise ValidationError(
            f"{refused} of a mixed instances policy is not emulated by the local AWS: it launches "
            "On-Demand Instances of the first override's type"
        )


def instance_type(group: FakeAutoScalingGroup) -> str | None:
    """Return the instance type that the group's policy names; None leaves it to the template."""
    overrides = _overrides(group.mixed_instances_policy or {})
    return overrides[0].get("InstanceType") if overrides else None


def _refused(policy: Mapping[str, Any]) -> Iterator[str]:
    for override in _overrides(policy):
        if str(override.get("WeightedCapacity") or 1) != "1":
            yield "WeightedCapacity"
        for name in ("InstanceRequirements", "LaunchTemplateSpecification", "ImageId"):
            if override.get(name):
                yield f"{name} in Overrides"
    distribution = policy.get("InstancesDistribution") or {}
    percentage = distribution.get("OnDemandPercentageAboveBaseCapacity")
    if str(percentage).isdigit() and int(str(percentage)) != 100:
        yield "OnDemandPercentageAboveBaseCapacity below 100 (a share of Spot Instances)"
    if distribution.get("OnDemandAllocationStrategy") not in (None, "prioritized"):
        yield "OnDemandAllocationStrategy other than prioritized"


def _overrides(policy: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return list((policy.get("LaunchTemplate") or {}).get("Overrides") or [])
