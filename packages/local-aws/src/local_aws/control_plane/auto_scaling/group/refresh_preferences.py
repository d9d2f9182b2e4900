"""The preferences of an instance refresh, as StartInstanceRefresh takes them.

Source: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_RefreshPreferences.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from moto.autoscaling.exceptions import ValidationError

from local_aws.control_plane.auto_scaling.group.healthy_percentages import HealthyPercentages

_MINIMUM = 90
_CHECKPOINT_DELAY_SECONDS = 3600


@dataclass(frozen=True)
class RefreshPreferences:
    """`bounds`, `warmup_seconds`: None where the group's own hold. `checkpoints`: percentages of
    the instances, in ascending order; after each there is a delay."""

    bounds: HealthyPercentages | None = None
    warmup_seconds: int | None = None
    skips_matching: bool = False
    rolls_back: bool = False
    bake_seconds: int = 0
    checkpoints: tuple[int, ...] = ()
    checkpoint_delay_seconds: int = _CHECKPOINT_DELAY_SECONDS
    alarms: tuple[str, ...] = ()
    protected: Literal["Refresh", "Ignore", "Wait"] = "Wait"
    standby: Literal["Terminate", "Ignore", "Wait"] = "Wait"


DEFAULT_BOUNDS = HealthyPercentages(_MINIMUM, None)
"""Of a refresh that says nothing of them, in a group without an instance maintenance policy."""


SHOWN_DEFAULTS: Mapping[str, Any] = {
    "SkipMatching": False,
    "AutoRollback": False,
    "AlarmSpecification": {},
}
"""What DescribeInstanceRefreshes shows where nothing was said, as users quoted it."""


def parsed(given: Mapping[str, Any]) -> RefreshPreferences:
    """Raises ValidationError."""
    checkpoints = tuple(int(each) for each in given.get("CheckpointPercentages") or ())
    if "CheckpointDelay" in given and not checkpoints:
        raise ValidationError("CheckpointDelay needs CheckpointPercentages")
    if list(checkpoints) != sorted(set(checkpoints)):
        raise ValidationError("CheckpointPercentages must be unique and in ascending order")
    warmup = given.get("InstanceWarmup")
    return RefreshPreferences(
        bounds=_bounds(given),
        warmup_seconds=None if warmup is None else int(warmup),
        skips_matching=bool(given.get("SkipMatching")),
        rolls_back=bool(given.get("AutoRollback")),
        bake_seconds=int(given.get("BakeTime") or 0),
        checkpoints=checkpoints,
        checkpoint_delay_seconds=int(given.get("CheckpointDelay", _CHECKPOINT_DELAY_SECONDS)),
        alarms=tuple((given.get("AlarmSpecification") or {}).get("Alarms") or ()),
        protected=given.get("ScaleInProtectedInstances") or "Wait",
        standby=given.get("StandbyInstances") or "Wait",
    )


def _bounds(given: Mapping[str, Any]) -> HealthyPercentages | None:
    minimum, maximum = given.get("MinHealthyPercentage"), given.get("MaxHealthyPercentage")
    if minimum is None:
        if maximum is not None:
            raise ValidationError("MaxHealthyPercentage needs MinHealthyPercentage")
        return None
    return HealthyPercentages(int(minimum), None if maximum is None else int(maximum))
