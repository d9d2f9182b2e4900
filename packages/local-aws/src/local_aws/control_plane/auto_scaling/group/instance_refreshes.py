"""The instance refreshes of a group: what is known of each, as DescribeInstanceRefreshes shows it.

Source: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_InstanceRefresh.html
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from moto.autoscaling.models import FakeAutoScalingGroup
from moto.ec2.models.launch_templates import LaunchTemplate

from local_aws.control_plane import moto_seams
from local_aws.control_plane.auto_scaling.group import refresh_preferences
from local_aws.control_plane.auto_scaling.group.refresh_preferences import RefreshPreferences


@dataclass
class InstanceRefresh:
    """One row of DescribeInstanceRefreshes; the names are the API's, in moto's spelling.

    `desired_template` is the launch template of its desired configuration, where it has one.
    """

    auto_scaling_group_name: str
    preferences: Mapping[str, Any]
    desired_configuration: Mapping[str, Any] | None
    strategy: str = "Rolling"
    desired_template: LaunchTemplate | None = None
    instance_ids: list[str] = field(default_factory=list)  # to be replaced
    instances_to_update: int = 0
    status: str = "InProgress"
    percentage_complete: int = 0
    status_reason: str | None = None
    rollback_details: dict[str, Any] | None = None
    start_time: datetime.datetime = field(default_factory=lambda: _now())
    end_time: datetime.datetime | None = None
    instance_refresh_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    checkpoints_passed: int = 0
    waits_since: float | None = None  # seconds since the epoch; for what the status says

    @property
    def is_active(self) -> bool:
        return self.status in ("InProgress", "Baking", "Cancelling", "RollbackInProgress")

    @property
    def wanted(self) -> RefreshPreferences:
        """What its preferences say."""
        return refresh_preferences.parsed(self.preferences)

    @property
    def launch_template(self) -> Mapping[str, Any]:
        """The specification in its desired configuration; empty without one."""
        return (self.desired_configuration or {}).get("LaunchTemplate") or {}

    def choose(self, instance_ids: list[str]) -> None:
        """These are to be replaced."""
        self.instance_ids, self.instances_to_update = instance_ids, len(instance_ids)

    def begin_rollback(self, reason: str) -> None:
        self.status, self.waits_since = "RollbackInProgress", None
        self.rollback_details = {
            "RollbackReason": reason,
            "RollbackStartTime": _now(),
            "PercentageCompleteOnRollback": self.percentage_complete,
            "InstancesToUpdateOnRollback": self.instances_to_update,
        }

    def finish(self, status: str, reason: str | None = None) -> None:
        self.status = status
        self.status_reason = reason
        self.end_time = _now()

    def note_remaining(self, count: int, unready: int) -> None:
        """So many are still to be replaced, and so many of the others do not serve yet.

        One counts as complete once another serves and is warm. In a rollback what was complete goes
        back to 0, and what had not been updated does not change.
        """
        total = len(self.instance_ids)
        if self.rollback_details is not None:
            complete = self.rollback_details["PercentageCompleteOnRollback"]
            self.percentage_complete = complete * count // total if total else 0
            return
        self.instances_to_update = count
        complete = max(0, total - count - unready)
        self.percentage_complete = 100 * complete // total if total else 100


@dataclass
class _History:
    refreshes: list[InstanceRefresh] = field(default_factory=list)


def refreshes_of(group: FakeAutoScalingGroup) -> list[InstanceRefresh]:
    """Return the group's own list of refreshes, newest first."""
    return moto_seams.notes(group, _History).refreshes


def active_refresh(group: FakeAutoScalingGroup) -> InstanceRefresh | None:
    return next((refresh for refresh in refreshes_of(group) if refresh.is_active), None)


def launch_template(group: FakeAutoScalingGroup) -> tuple[LaunchTemplate | None, str]:
    """What the group launches from now, and the version that it names.

    AWS: that of the desired configuration while a refresh brings the group to it, and does not roll
    it back; the group itself shows it only after the refresh has succeeded.
    """
    refresh = active_refresh(group)
    if refresh and refresh.desired_template is not None and refresh.rollback_details is None:
        return refresh.desired_template, refresh.launch_template.get("Version") or "$Default"
    return group.ec2_launch_template, getattr(group, "launch_template_version", "$Default")


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
