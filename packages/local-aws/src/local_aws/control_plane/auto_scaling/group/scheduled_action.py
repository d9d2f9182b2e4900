"""One scheduled action, as DescribeScheduledActions shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass
class ScheduledAction:
    """The names are the API's, in moto's spelling; times are in UTC.

    `start_time` is when it is due next: AWS moves a recurring action's on with each occurrence.
    """

    auto_scaling_group_name: str
    scheduled_action_name: str
    scheduled_action_arn: str
    start_time: datetime
    end_time: datetime | None = None
    recurrence: str | None = None
    time_zone: str | None = None
    min_size: int | None = None
    max_size: int | None = None
    desired_capacity: int | None = None

    @property
    def time(self) -> datetime:
        """The former name of StartTime, which AWS still returns."""
        return self.start_time
