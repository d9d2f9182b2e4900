"""Settings of a group that moto does not have, where DescribeAutoScalingGroups shows them.

Sources: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateAutoScalingGroup.html
and API_InstanceMaintenancePolicy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from moto.autoscaling.exceptions import ValidationError
from moto.autoscaling.models import FakeAutoScalingGroup

from local_aws.control_plane.auto_scaling.group.healthy_percentages import HealthyPercentages

_SHORTEST_LIFETIME_SECONDS = 86_400
_LONGEST_LIFETIME_SECONDS = 31_536_000
_NONE = -1
"""What a request gives instead of a value, to have none any more."""


@dataclass(frozen=True)
class Settings:
    """What a request says of them; None where it says nothing.

    `max_instance_lifetime`: in seconds, 0 for ever. `default_instance_warmup`: in seconds, -1 for
    none. `instance_maintenance_policy`: both percentages, -1 each for none.
    """

    max_instance_lifetime: int | None
    default_instance_warmup: int | None
    instance_maintenance_policy: Mapping[str, int] | None


_NOTHING = Settings(0, _NONE, {"MinHealthyPercentage": _NONE, "MaxHealthyPercentage": _NONE})


def of_request(request: Mapping[str, Any]) -> Settings:
    """Raises ValidationError."""
    policy = request.get("InstanceMaintenancePolicy")
    return Settings(
        _lifetime(_integer(request, "MaxInstanceLifetime")),
        _integer(request, "DefaultInstanceWarmup"),
        _maintenance_policy(policy) if policy else None,
    )


def of_template(properties: Mapping[str, Any]) -> Settings:
    """The same, of a template: what it leaves out is as if it had never been. Raises
    ValidationError."""
    given = of_request(properties)
    left_out = [name for name, value in vars(given).items() if value is None]
    return replace(given, **{name: getattr(_NOTHING, name) for name in left_out})


def set_on(group: FakeAutoScalingGroup, settings: Settings) -> None:
    """Change what something is said of."""
    shown: Any = group
    if settings.max_instance_lifetime is not None:
        shown.max_instance_lifetime = settings.max_instance_lifetime or None
    if settings.default_instance_warmup is not None:
        warmup_seconds = settings.default_instance_warmup
        shown.default_instance_warmup = None if warmup_seconds == _NONE else warmup_seconds
    if settings.instance_maintenance_policy is not None:
        policy = settings.instance_maintenance_policy
        shown.instance_maintenance_policy = None if _NONE in policy.values() else policy


def max_instance_lifetime(group: FakeAutoScalingGroup) -> int | None:
    """In seconds; None for ever."""
    return getattr(group, "max_instance_lifetime", None)


def default_instance_warmup(group: FakeAutoScalingGroup) -> int | None:
    """How many seconds a new instance in service is not counted on; None when nothing is set."""
    return getattr(group, "default_instance_warmup", None)


def healthy_percentages(group: FakeAutoScalingGroup) -> HealthyPercentages | None:
    """The bounds of its instance maintenance policy; None when it has none."""
    policy = getattr(group, "instance_maintenance_policy", None)
    if policy is None:
        return None
    return HealthyPercentages(policy["MinHealthyPercentage"], policy["MaxHealthyPercentage"])


def _integer(request: Mapping[str, Any], name: str) -> int | None:
    given = request.get(name)
    return None if given in (None, "") else int(given)


def _lifetime(seconds: int | None) -> int | None:
    if seconds and not _SHORTEST_LIFETIME_SECONDS <= seconds <= _LONGEST_LIFETIME_SECONDS:
        raise ValidationError(
            f"MaxInstanceLifetime must be 0 or between {_SHORTEST_LIFETIME_SECONDS} and "
            f"{_LONGEST_LIFETIME_SECONDS} seconds"
        )
    return seconds


def _maintenance_policy(given: Mapping[str, Any]) -> Mapping[str, int]:
    minimum, maximum = (
        _integer(given, "MinHealthyPercentage"),
        _integer(given, "MaxHealthyPercentage"),
    )
    if minimum is None or maximum is None or (minimum == _NONE) != (maximum == _NONE):
        raise ValidationError(
            "MinHealthyPercentage and MaxHealthyPercentage of an InstanceMaintenancePolicy must "
            "both be given, or both be -1"
        )
    if minimum != _NONE:
        HealthyPercentages(minimum, maximum)
    return {"MinHealthyPercentage": minimum, "MaxHealthyPercentage": maximum}
