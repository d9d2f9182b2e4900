"""Auto Scaling's API for single instances: terminate, attach, detach, protect, set their health.

Sources: https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-detach-attach-instances.html
and "How suspended processes affect other processes" in the Amazon EC2 Auto Scaling User Guide.
"""

from __future__ import annotations

import copy
import time

from moto.autoscaling.exceptions import ValidationError
from moto.autoscaling.models import (
    ASG_NAME_TAG,
    AutoScalingBackend,
    FakeAutoScalingGroup,
    InstanceState,
)
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult, EmptyResult
from moto.ec2.models.instances import Instance

from local_aws.control_plane import moto_seams
from local_aws.control_plane.auto_scaling.api.group_references import answered_as_validation_errors
from local_aws.control_plane.auto_scaling.api.groups import requested_group, require_group
from local_aws.control_plane.auto_scaling.group import causes, processes, scaling_activities
from local_aws.control_plane.auto_scaling.group.notes import begin_activity
from local_aws.control_plane.auto_scaling.group.scaling_activities import ScalingActivity
from local_aws.control_plane.auto_scaling.instances import (
    entering,
    health,
    members,
    registration,
    terminating,
)
from local_aws.control_plane.auto_scaling.instances.members import Member, members_of
from local_aws.control_plane.auto_scaling.reconciler import reconcile_group

_moto_set_protection = AutoScalingBackend.set_instance_protection


def install() -> None:
    moto_seams.replace(
        AutoScalingResponse,
        describe_auto_scaling_instances=_describe,
        set_instance_health=_answer_set_health,
        terminate_instance_in_auto_scaling_group=_answer_terminate,
    )
    moto_seams.replace(
        AutoScalingBackend,
        terminate_instance=_terminate_instance,
        notify_terminate_instances=_notify_terminate_instances,
        attach_instances=_attach_instances,
        detach_instances=_detach_instances,
        set_instance_health=_set_instance_health,
        set_instance_protection=_set_instance_protection,
    )


def require_member(
    backend: AutoScalingBackend, instance_id: str
) -> tuple[FakeAutoScalingGroup, Member]:
    """Return an instance's group and its place in it; raises ValidationError without any."""
    for group in backend.autoscaling_groups.values():
        member = members.find(group, instance_id)
        if member:
            return group, member
    raise ValidationError(f"Instance Id not found - No managed instance found for {instance_id}")


def require_member_of(group: FakeAutoScalingGroup, instance_id: str) -> Member:
    """Return an instance's place in a group; raises ValidationError when it has none there."""
    member = members.find(group, instance_id)
    if member is None:
        raise ValidationError(
            f"The instance {instance_id} is not part of Auto Scaling group {group.name}."
        )
    return member


def require_within_bounds(group: FakeAutoScalingGroup, change: int, purpose: str) -> None:
    """Raise ValidationError unless the desired capacity can change by so many.

    AWS: "the new desired capacity must be between the minimum and maximum group size".
    """
    wanted = (group.desired_capacity or 0) + change
    if change and not (group.min_size or 0) <= wanted <= (group.max_size or 0):
        raise ValidationError(
            f"AutoScalingGroup {group.name} has min-size={group.min_size}, max-size="
            f"{group.max_size}, and desired-size={group.desired_capacity}. {purpose}, please "
            "update the AutoScalingGroup sizes."
        )


def _describe(self: AutoScalingResponse) -> ActionResult:
    found: list[InstanceState] = self.autoscaling_backend.describe_auto_scaling_instances(
        self._get_param("InstanceIds", [])
    )
    return ActionResult({"AutoScalingInstances": [_in_capitals(member) for member in found]})


def _in_capitals(member: InstanceState) -> InstanceState:
    """AWS spells HEALTHY so where it describes instances, and Healthy where it describes groups."""
    shown = copy.copy(member)
    shown.health_status = member.health_status.upper()
    return shown


def _answer_terminate(self: AutoScalingResponse) -> ActionResult:
    """Terminate one instance, or several of one group: all of them or none."""
    backend = self.autoscaling_backend
    one, several = self._get_param("InstanceId"), self._get_param("InstanceIds", [])
    if bool(one) == bool(several):
        raise ValidationError("Either InstanceId or InstanceIds must be specified")
    decrements = self._get_bool_param("ShouldDecrementDesiredCapacity", False)
    if one:
        return ActionResult({"Activity": backend.terminate_instance(one, decrements)})
    group, ids = requested_group(self), list(dict.fromkeys(several))
    for instance_id in ids:
        require_member_of(group, instance_id)
    if decrements:
        _require_shrinkable(group, len(ids))
    return ActionResult(
        {"Activities": [backend.terminate_instance(each, decrements) for each in ids]}
    )


def _terminate_instance(
    self: AutoScalingBackend, instance_id: str, should_decrement: bool
) -> ScalingActivity | None:
    group, member = require_member(self, instance_id)
    before = group.desired_capacity or 0
    if should_decrement:
        _shrink(group, 1)
    cause = causes.changing_capacity(
        f"instance {instance_id} was taken out of service in response to a user request",
        before,
        group.desired_capacity or 0,
    )
    if not member.is_terminating:
        terminating.begin(group, member, scaling_activities.at(f"{cause}."))
    activity = member.activity
    reconcile_group(group)
    return activity


def _notify_terminate_instances(self: AutoScalingBackend, instance_ids: list[str]) -> None:
    """A request to EC2 has terminated these instances."""
    for group in self.autoscaling_groups.values():
        if any(member.instance_id in instance_ids for member in members_of(group)):
            reconcile_group(group)


def _attach_instances(self: AutoScalingBackend, group_name: str, instance_ids: list[str]) -> None:
    group = require_group(self, group_name)
    require_within_bounds(
        group, len(instance_ids), f"To attach {len(instance_ids)} more instance(s)"
    )
    processes.require_active(group, "Launch", "AttachInstances")
    with answered_as_validation_errors():
        instances = [self.ec2_backend.get_instance(instance_id) for instance_id in instance_ids]
    for instance in instances:
        _require_attachable(self, group, instance)
    for instance in instances:
        instance.add_tags({ASG_NAME_TAG: group_name})
        member = Member(group, instance, "InService", launched_from={})
        entering.take_into_service(group, member, time.time())
        members_of(group).append(member)
        group.desired_capacity = (group.desired_capacity or 0) + 1
        begin_activity(
            group,
            f"Attaching an existing EC2 instance: {instance.id}",
            scaling_activities.at(
                "an instance was added in response to user request. Keeping the capacity at the "
                f"new {group.desired_capacity}."
            ),
            member.zone,
            instance.subnet_id,
        ).succeed()
    reconcile_group(group)


def _require_attachable(
    backend: AutoScalingBackend, group: FakeAutoScalingGroup, instance: Instance
) -> None:
    """AWS: it runs, is in no group, in one of this group's zones and in its targets' network."""
    if instance.state != "running":
        raise ValidationError(f"Invalid Instance ID(s): [{instance.id}] must be running.")
    if backend.describe_auto_scaling_instances([instance.id]):
        raise ValidationError(f"Instance {instance.id} is already part of an AutoScalingGroup.")
    if instance.availability_zone not in group.availability_zones:
        raise ValidationError(
            f"Instance {instance.id} is in {instance.availability_zone}, which is none of the "
            f"Availability Zones of AutoScalingGroup {group.name}."
        )
    target_groups = backend.elbv2_backend.target_groups
    for arn in target_groups.keys() & set(group.target_group_arns):
        if target_groups[arn].vpc_id not in (None, instance.vpc_id):
            raise ValidationError(f"Instance {instance.id} is not in the VPC of {arn}.")


def _detach_instances(
    self: AutoScalingBackend, group_name: str, instance_ids: list[str], should_decrement: bool
) -> list[ScalingActivity]:
    group = require_group(self, group_name)
    leaving = [require_member_of(group, instance_id) for instance_id in instance_ids]
    before = group.desired_capacity or 0
    if should_decrement:
        _shrink(group, len(leaving))
    activities = []
    for member in leaving:
        registration.deregister(group, member)
        self.ec2_backend.delete_tags([member.instance_id], {ASG_NAME_TAG: group_name})
        members_of(group).remove(member)
        cause = causes.changing_capacity(
            f"instance {member.instance_id} was detached in response to a user request",
            before,
            group.desired_capacity or 0,
        )
        activity = begin_activity(
            group,
            f"Detaching EC2 instance: {member.instance_id}",
            scaling_activities.at(f"{cause}."),
            member.zone,
            member.instance.subnet_id,
        )
        activity.succeed()
        activities.append(activity)
    reconcile_group(group)
    return activities


def _set_instance_protection(
    self: AutoScalingBackend,
    group_name: str,
    instance_ids: list[str],
    protected_from_scale_in: bool | None,
) -> None:
    group = require_group(self, group_name)
    for instance_id in instance_ids:
        require_member_of(group, instance_id)
    _moto_set_protection(self, group_name, instance_ids, protected_from_scale_in)
    reconcile_group(group)  # it may wait for the protection to end


def _answer_set_health(self: AutoScalingResponse) -> ActionResult:
    """Within the group's grace period the call has no effect, unless it says so, and none on an
    instance in standby, whose health stays what it was before (as-enter-exit-standby)."""
    instance_id, status = self._get_param("InstanceId"), self._get_param("HealthStatus")
    if status not in ("Healthy", "Unhealthy"):
        raise ValidationError("Valid instance health states are: [Healthy, Unhealthy]")
    group, member = require_member(self.autoscaling_backend, instance_id)
    if member.lifecycle_state == "Standby":
        return EmptyResult()
    respects_grace = self._get_bool_param("ShouldRespectGracePeriod", True)
    if not (respects_grace and health.is_in_grace_period(group, member, time.time())):
        self.autoscaling_backend.set_instance_health(instance_id, status)
    return EmptyResult()


def _set_instance_health(self: AutoScalingBackend, instance_id: str, health_status: str) -> None:
    group, member = require_member(self, instance_id)
    member.health_status = health_status
    member.failed_check = health.USER_CHECK
    reconcile_group(group)


def _shrink(group: FakeAutoScalingGroup, count: int) -> None:
    _require_shrinkable(group, count)
    group.desired_capacity = (group.desired_capacity or 0) - count


def _require_shrinkable(group: FakeAutoScalingGroup, count: int) -> None:
    if (group.desired_capacity or 0) - count < (group.min_size or 0):
        raise ValidationError(
            f"Currently, desiredSize equals minSize ({group.min_size}). Terminating instance "
            "without replacement will violate group's min size constraint. Either set "
            "shouldDecrementDesiredCapacity flag to false or lower group's min size."
        )
