"""How many of a group's instances serve at least, and are there at most, while some are replaced.

Source: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_RefreshPreferences.html
"""

from __future__ import annotations

from dataclasses import dataclass

from moto.autoscaling.exceptions import ValidationError

_WIDEST = 100


@dataclass(frozen=True)
class HealthyPercentages:
    """Of the desired capacity. Without a maximum an instance is taken out first, even when the
    minimum says that none may. Raises ValidationError when made of percentages that AWS refuses."""

    minimum: int
    maximum: int | None

    def __post_init__(self) -> None:
        if not 0 <= self.minimum <= 100:
            raise ValidationError("MinHealthyPercentage must be between 0 and 100")
        if self.maximum is None:
            return
        if not 100 <= self.maximum <= 200:
            raise ValidationError("MaxHealthyPercentage must be between 100 and 200")
        if self.maximum - self.minimum > _WIDEST:
            raise ValidationError(
                "The difference between MinHealthyPercentage and MaxHealthyPercentage must not be "
                f"greater than {_WIDEST}"
            )

    def fewest(self, desired: int) -> int:
        """How many stay in service at least."""
        fewest = -(-desired * self.minimum // 100)
        return min(fewest, desired - 1) if self.maximum is None else fewest

    def most(self, desired: int) -> int:
        """How many there are at most. Where no instance could be replaced between the bounds, one
        is launched before another one goes."""
        if self.maximum is None:
            return desired
        return max(desired * self.maximum // 100, self.fewest(desired) + 1)
