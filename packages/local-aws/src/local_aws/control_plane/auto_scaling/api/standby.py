"""EnterStandby and ExitStandby: an instance that stays in its group, out of service.

Source: https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-enter-exit-standby.html
"""

from __future__ import annotations

import copy
from collections.abc import Sequence

from moto.autoscaling.exceptions import ValidationError
from moto.autoscaling.models import AutoScalingBackend, FakeAutoScalingGroup

from local_aws.control_plane import moto_seams
from local_aws.control_plane.auto_scaling.api.group_instances import (
    require_member_of,
    require_within_bounds,
)
from local_aws.control_plane.auto_scaling.api.groups import require_group
from local_aws.control_plane.auto_scaling.group import causes, processes, scaling_activities
from local_aws.control_plane.auto_scaling.group.notes import begin_activity
from local_aws.control_plane.auto_scaling.group.scaling_activities import ScalingActivity
from local_aws.control_plane.auto_scaling.instances.members import Member
from local_aws.control_plane.auto_scaling.reconciler import reconcile_group


def install() -> None:
    moto_seams.replace(
        AutoScalingBackend, enter_standby_instances=_enter, exit_standby_instances=_exit
    )


def _enter(
    self: AutoScalingBackend, group_name: str, instance_ids: list[str], should_decrement: bool
) -> list[ScalingActivity]:
    """Returns the activities as they begin."""
    group = require_group(self, group_name)
    chosen = _require_in_state(group, instance_ids, "InService")
    change = -1 if should_decrement else 0
    require_within_bounds(
        group, change * len(chosen), f"To place into standby {len(chosen)} instance(s)"
    )
    begun = []
    for member in chosen:
        cause = f"instance {member.instance_id} was moved to standby in response to a user request"
        activity = _begin(group, member, "Moving EC2 instance to Standby", cause, change)
        begun.append(copy.copy(activity))
        member.lifecycle_state = "Standby"
    reconcile_group(group)
    return begun


def _exit(
    self: AutoScalingBackend, group_name: str, instance_ids: list[str]
) -> list[ScalingActivity]:
    """Its health is checked again from now on: one that does not run is replaced. Returns the
    activities as they begin."""
    group = require_group(self, group_name)
    chosen = _require_in_state(group, instance_ids, "Standby")
    processes.require_active(group, "Launch", "ExitStandby")
    require_within_bounds(group, len(chosen), f"To move out of standby {len(chosen)} instance(s)")
    begun = []
    for member in chosen:
        cause = (
            f"instance {member.instance_id} was moved out of standby in response to a user request"
        )
        activity = _begin(group, member, "Moving EC2 instance out of Standby", cause, 1)
        activity.status_code, activity.progress = "PreInService", 30
        begun.append(copy.copy(activity))
        member.lifecycle_state = "Pending"
        member.lifecycle_actions = member.lifecycle_actions or []  # the launch's are over
    reconcile_group(group)
    return begun


def _begin(
    group: FakeAutoScalingGroup, member: Member, what: str, cause: str, change: int
) -> ScalingActivity:
    """Begin an instance's activity, and change the group's capacity by so many."""
    before = group.desired_capacity or 0
    group.desired_capacity = before + change
    cause = causes.changing_capacity(cause, before, group.desired_capacity)
    member.activity = begin_activity(
        group,
        f"{what}: {member.instance_id}",
        scaling_activities.at(f"{cause}."),
        member.zone,
        member.instance.subnet_id,
    )
    return member.activity


def _require_in_state(
    group: FakeAutoScalingGroup, instance_ids: Sequence[str], state: str
) -> list[Member]:
    found = [require_member_of(group, instance_id) for instance_id in dict.fromkeys(instance_ids)]
    for member in found:
        if member.lifecycle_state != state:
            raise ValidationError(f"The instance {member.instance_id} is not in {state}.")
    return found
