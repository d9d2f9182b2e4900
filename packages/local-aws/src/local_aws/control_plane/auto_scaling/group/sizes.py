"""A group's sizes: minimum, maximum and desired capacity, and who changed them last."""

from __future__ import annotations

from dataclasses import dataclass

from moto.autoscaling.exceptions import ValidationError
from moto.autoscaling.models import FakeAutoScalingGroup

from local_aws.control_plane.auto_scaling.group import scaling_activities
from local_aws.control_plane.auto_scaling.group.notes import notes_of

_CROSSED_BOUNDS = "Max bound must be greater than or equal to min bound"


@dataclass(frozen=True)
class Sizes:
    """Sizes that fit together. Raises ValidationError when made of others."""

    desired: int
    minimum: int
    maximum: int

    def __post_init__(self) -> None:
        if self.minimum < 0:
            raise ValidationError(
                f"1 validation error detected: Value '{self.minimum}' at 'minSize' failed to "
                "satisfy constraint: Member must have value greater than or equal to 0"
            )
        if self.minimum > self.maximum:
            raise ValidationError(_CROSSED_BOUNDS)
        if not self.minimum <= self.desired <= self.maximum:
            raise ValidationError(
                f"Desired capacity:{self.desired} must be between the specified min "
                f"size:{self.minimum} and max size:{self.maximum}"
            )


def changed(
    group: FakeAutoScalingGroup, desired: int | None, minimum: int | None, maximum: int | None
) -> Sizes:
    """Return the group's sizes, with the given ones in place of its own.

    A desired capacity that is not given is moved within the bounds. Raises ValidationError.
    """
    minimum = int((group.min_size or 0) if minimum is None else minimum)
    maximum = int((group.max_size or 0) if maximum is None else maximum)
    if desired is None:
        desired = min(max(group.desired_capacity or 0, minimum), maximum)
    return Sizes(int(desired), minimum, maximum)


def require_fitting(desired: int | None, minimum: int | None, maximum: int | None) -> None:
    """Raise ValidationError when those that are given never fit together, whatever the others are.

    AWS requires no more of a scheduled action: the group may have other sizes when it runs. The
    words are AWS's as users reported them.
    """
    if any(size is not None and size < 0 for size in (desired, minimum, maximum)):
        raise ValidationError("Min, max and desired capacity must not be negative")
    for lower, upper, words in (
        (minimum, desired, "Desired capacity must be greater than or equal to min size"),
        (desired, maximum, "Desired capacity must be less than or equal to max size"),
        (minimum, maximum, _CROSSED_BOUNDS),
    ):
        if lower is not None and upper is not None and lower > upper:
            raise ValidationError(words)


def set_on(group: FakeAutoScalingGroup, sizes: Sizes, who: str) -> None:
    """Set them; `who` ("a user request") begins the cause of the scaling activities to come."""
    before = group.desired_capacity
    group.min_size, group.max_size = sizes.minimum, sizes.maximum
    group.desired_capacity = sizes.desired
    if sizes.desired != before:
        notes_of(group).capacity_cause = scaling_activities.at(
            f"{who} update of AutoScalingGroup constraints to min: {sizes.minimum}, max: "
            f"{sizes.maximum}, desired: {sizes.desired} changing the desired capacity from "
            f"{before} to {sizes.desired}."
        )
