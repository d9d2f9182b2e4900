"""The time after a policy's scaling activity in which the group does not scale again by itself.

Sources: "Scaling cooldowns" and "Set the default instance warmup" in the Amazon EC2 Auto Scaling
User Guide.
"""

from __future__ import annotations

import time
from typing import Any

from moto.autoscaling.exceptions import AutoscalingClientError
from moto.autoscaling.models import FakeAutoScalingGroup

from local_aws.control_plane.auto_scaling.group import settings
from local_aws.control_plane.auto_scaling.group.notes import notes_of

_DEFAULT_SECONDS = 300.0


def begin(group: FakeAutoScalingGroup, policy: Any) -> None:
    """For as long as the policy says, or else the group."""
    seconds = policy.cooldown if policy.cooldown is not None else group.default_cooldown
    notes_of(group).cooldown_ends_at = time.time() + float(seconds or 0)


def is_active(group: FakeAutoScalingGroup) -> bool:
    """Whether the group is in its cooldown."""
    return time.time() < notes_of(group).cooldown_ends_at


def require_none(group: FakeAutoScalingGroup) -> None:
    """Raise what a request with HonorCooldown is answered meanwhile."""
    if is_active(group):
        raise AutoscalingClientError(
            "ScalingActivityInProgress",
            f"The Auto Scaling group {group.name} is in its cooldown period, which the request "
            "honors (HonorCooldown).",
        )


def warm_up_seconds(group: FakeAutoScalingGroup, policy: Any) -> float:
    """How long new instances are not counted on: as the policy says, or else the group."""
    for seconds in (policy.estimated_instance_warmup, settings.default_instance_warmup(group)):
        if seconds is not None:
            return float(seconds)
    return float(group.default_cooldown if group.default_cooldown is not None else _DEFAULT_SECONDS)
