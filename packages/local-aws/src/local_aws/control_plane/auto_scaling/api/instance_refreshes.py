"""The instance refresh requests, which moto does not answer.

Source: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_StartInstanceRefresh.html
"""

from __future__ import annotations

from moto.autoscaling.exceptions import AutoscalingClientError, ValidationError
from moto.autoscaling.models import FakeAutoScalingGroup
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult

from local_aws.control_plane import moto_seams
from local_aws.control_plane.auto_scaling.api.groups import require_group
from local_aws.control_plane.auto_scaling.api.paging import page
from local_aws.control_plane.auto_scaling.instances import instance_refresh, members
from local_aws.control_plane.auto_scaling.instances.instance_refresh import (
    InstanceRefresh,
    active_refresh,
    refreshes_of,
)
from local_aws.control_plane.auto_scaling.reconciler import reconcile_group


def install() -> None:
    moto_seams.add(
        AutoScalingResponse,
        start_instance_refresh=_start_instance_refresh,
        cancel_instance_refresh=_cancel_instance_refresh,
        rollback_instance_refresh=_rollback_instance_refresh,
        describe_instance_refreshes=_describe_instance_refreshes,
    )


def _group(response: AutoScalingResponse) -> FakeAutoScalingGroup:
    return require_group(response.autoscaling_backend, response._get_param("AutoScalingGroupName"))


def _require_active(group: FakeAutoScalingGroup) -> InstanceRefresh:
    refresh = active_refresh(group)
    if refresh is None:
        raise AutoscalingClientError(
            "ActiveInstanceRefreshNotFound",
            "No in progress, baking, or pending Instance Refresh found for Auto Scaling group "
            f"{group.name}",
        )
    return refresh


def _start_instance_refresh(self: AutoScalingResponse) -> ActionResult:
    group = _group(self)
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
    refresh = instance_refresh.begin(group, self._get_param("Preferences", {}), desired)
    refreshes_of(group).insert(0, refresh)
    reconcile_group(group)
    return ActionResult({"InstanceRefreshId": refresh.instance_refresh_id})


def _cancel_instance_refresh(self: AutoScalingResponse) -> ActionResult:
    refresh = _require_active(_group(self))
    refresh.status_reason = "Cancelled due to user request."
    refresh.finish("Cancelled")
    return ActionResult({"InstanceRefreshId": refresh.instance_refresh_id})


def _rollback_instance_refresh(self: AutoScalingResponse) -> ActionResult:
    """Launch from the former template again, and replace what the refresh had launched."""
    group = _group(self)
    refresh = _require_active(group)
    if refresh.desired_configuration is None or refresh.previous_launch_template is None:
        raise AutoscalingClientError(
            "IrreversibleInstanceRefresh",
            "The instance refresh has no desired configuration, so it cannot be rolled back.",
        )
    instance_refresh.use_launch_template(group, refresh.previous_launch_template)
    refresh.status = "RollbackInProgress"
    refresh.instance_ids = [
        member.instance_id
        for member in members.counted(group)
        if not members.is_current(group, member)
    ]
    reconcile_group(group)
    return ActionResult({"InstanceRefreshId": refresh.instance_refresh_id})


def _describe_instance_refreshes(self: AutoScalingResponse) -> ActionResult:
    wanted = self._get_param("InstanceRefreshIds", [])
    found = [
        refresh
        for refresh in refreshes_of(_group(self))
        if not wanted or refresh.instance_refresh_id in wanted
    ]
    return page(self, "InstanceRefreshes", found)
