"""Scaling activities: what a group did and why, in AWS's words.

Source: https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-verify-scaling-activity.html
"""

from __future__ import annotations

import datetime
import json
import uuid
from dataclasses import dataclass, field
from typing import Literal

from moto.autoscaling.models import FakeAutoScalingGroup

StatusCode = Literal[
    "PreInService",
    "InProgress",
    "WaitingForELBConnectionDraining",
    "MidLifecycleAction",
    "Successful",
    "Failed",
    "Cancelled",
]

_LONGEST_CAUSE = 1023
_DRAINING = " - Waiting For ELB Connection Draining."


@dataclass
class ScalingActivity:
    """One row of DescribeScalingActivities; the names are the API's, in moto's spelling."""

    auto_scaling_group_name: str
    auto_scaling_group_arn: str
    description: str
    cause: str
    details: str
    start_time: datetime.datetime
    end_time: datetime.datetime | None = None
    status_code: StatusCode = "InProgress"
    status_message: str | None = None
    progress: int = 50
    auto_scaling_group_state: Literal["Deleted"] | None = None
    activity_id: str = field(default_factory=lambda: str(uuid.uuid4()))

    @classmethod
    def begin(
        cls,
        group: FakeAutoScalingGroup,
        description: str,
        cause: str,
        zone: str,
        subnet_id: str | None,
    ) -> ScalingActivity:
        """Return a new activity in progress; `cause` is a sentence that `at` began."""
        details = {"Subnet ID": subnet_id, "Availability Zone": zone}
        return cls(
            auto_scaling_group_name=group.name,
            auto_scaling_group_arn=group.arn,
            description=description,
            cause=cause[:_LONGEST_CAUSE],
            details=json.dumps({name: value for name, value in details.items() if value}),
            start_time=_now(),
        )

    def wait_for_connection_draining(self) -> None:
        """Of what is terminated. AWS says so in the description, too, as users quoted it."""
        self.status_code = "WaitingForELBConnectionDraining"
        self.description = f"{self.description.removesuffix(_DRAINING)}{_DRAINING}"

    def wait_for_lifecycle_action(self) -> None:
        self.go_on()
        self.status_code = "MidLifecycleAction"

    def go_on(self) -> None:
        """What it waited for is over."""
        self.status_code = "InProgress"
        self.description = self.description.removesuffix(_DRAINING)

    def succeed(self) -> None:
        self._finish("Successful")

    def fail(self, message: str) -> None:
        self._end_early("Failed", message)

    def cancel(self, message: str | None = None) -> None:
        self._end_early("Cancelled", message)

    def _end_early(self, status_code: StatusCode, message: str | None) -> None:
        if message:
            self.description = f"{self.description.removesuffix('.')}.  Status Reason: {message}"
            self.status_message = message
        self._finish(status_code)

    def _finish(self, status_code: StatusCode) -> None:
        self.status_code = status_code
        self.end_time = _now()
        self.progress = 100


def at(sentence: str) -> str:
    """Begin a cause's sentence as AWS does: with the time."""
    return f"At {_now().strftime('%Y-%m-%dT%H:%M:%SZ')} {sentence}"


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
