"""The instance refresh requests, which moto does not answer.

Source: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_StartInstanceRefresh.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.autoscaling.exceptions import AutoscalingClientError, ValidationError
from moto.autoscaling.models import FakeAutoScalingGroup
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult

from local_aws.control_plane import moto_seams
from local_aws.control_plane.auto_scaling.api import group_references
from local_aws.control_plane.auto_scaling.api.groups import requested_group
from local_aws.control_plane.auto_scaling.group import refresh_preferences
from local_aws.control_plane.auto_scaling.group.instance_refreshes import (
    InstanceRefresh,
    active_refresh,
    refreshes_of,
)
from local_aws.control_plane.auto_scaling.group.refresh_preferences import RefreshPreferences
from local_aws.control_plane.auto_scaling.instances import instance_refresh
from local_aws.control_plane.auto_scaling.reconciler import reconcile_group

_CANCELLED = "Cancelled due to user request."
_IRREVERSIBLE = (
    "it needs a desired configuration, and before it a launch template in one version, neither "
    "$Latest nor $Default."
)


def install() -> None:
    moto_seams.add(
        AutoScalingResponse,
        start_instance_refresh=_start_instance_refresh,
        cancel_instance_refresh=_cancel_instance_refresh,
        rollback_instance_refresh=_rollback_instance_refresh,
        describe_instance_refreshes=_describe_instance_refreshes,
    )


def _require_active(group: FakeAutoScalingGroup) -> InstanceRefresh:
    refresh = active_refresh(group)
    if refresh is None or refresh.status == "Cancelling":
        raise AutoscalingClientError(
            "ActiveInstanceRefreshNotFound",
            "No in progress, baking, or pending Instance Refresh found for Auto Scaling group "
            f"{group.name}",
        )
    return refresh


def _start_instance_refresh(self: AutoScalingResponse) -> ActionResult:
    group = requested_group(self)
    if active_refresh(group):
        raise AutoscalingClientError(
            "InstanceRefreshInProgress",
            "An Instance Refresh is already in progress and blocks the execution of this Instance "
            "Refresh.",
        )
    desired = self._get_param("DesiredConfiguration")
    if desired and desired.get("MixedInstancesPolicy"):
        raise ValidationError(
            "MixedInstancesPolicy in DesiredConfiguration is not emulated by the local AWS; update "
            "the group, then start the instance refresh without a desired configuration"
        )
    if desired:
        group_references.require_launch_template(
            self.autoscaling_backend, desired.get("LaunchTemplate")
        )
    if self._get_param("Strategy") not in (None, "Rolling"):
        raise ValidationError(
            f"The strategy {self._get_param('Strategy')} is not emulated by the local AWS"
        )
    preferences = self._get_param("Preferences", {})
    _require_possible(group, refresh_preferences.parsed(preferences), desired)
    refresh = instance_refresh.begin(group, preferences, desired)
    reconcile_group(group)
    return ActionResult({"InstanceRefreshId": refresh.instance_refresh_id})


def _require_possible(
    group: FakeAutoScalingGroup, wanted: RefreshPreferences, desired: Mapping[str, Any] | None
) -> None:
    if wanted.rolls_back and not instance_refresh.can_be_rolled_back(group, desired):
        raise ValidationError(f"AutoRollback is not possible: {_IRREVERSIBLE}")
    instance_refresh.require_alarms(group, wanted)


def _cancel_instance_refresh(self: AutoScalingResponse) -> ActionResult:
    """By default what was begun is ended first."""
    group = requested_group(self)
    refresh = _require_active(group)
    if self._get_bool_param("WaitForTransitioningInstances", True):
        refresh.status, refresh.status_reason = "Cancelling", _CANCELLED
        reconcile_group(group)
    else:
        refresh.finish("Cancelled", _CANCELLED)
    return ActionResult({"InstanceRefreshId": refresh.instance_refresh_id})


def _rollback_instance_refresh(self: AutoScalingResponse) -> ActionResult:
    """Launch from the former template again, and replace what the refresh had launched."""
    group = requested_group(self)
    refresh = _require_active(group)
    if not instance_refresh.can_be_rolled_back(group, refresh.desired_configuration):
        raise AutoscalingClientError(
            "IrreversibleInstanceRefresh", f"The refresh cannot be rolled back: {_IRREVERSIBLE}"
        )
    instance_refresh.roll_back(group, refresh, "A user request.")
    reconcile_group(group)
    return ActionResult({"InstanceRefreshId": refresh.instance_refresh_id})


def _describe_instance_refreshes(self: AutoScalingResponse) -> ActionResult:
    wanted = self._get_param("InstanceRefreshIds", [])
    found = [
        refresh
        for refresh in refreshes_of(requested_group(self))
        if not wanted or refresh.instance_refresh_id in wanted
    ]
    return ActionResult({"InstanceRefreshes": found})
