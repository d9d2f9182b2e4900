"""Execute a scaling policy: for a client's request, or because an alarm invokes it.

Sources: "Step and simple scaling policies", "Target tracking scaling policies" and "Suspend and
resume processes" (AlarmNotification) in the Amazon EC2 Auto Scaling User Guide.
"""

from __future__ import annotations

import time

from moto.autoscaling.exceptions import ValidationError
from moto.autoscaling.models import AutoScalingBackend, FakeAutoScalingGroup, autoscaling_backends
from moto.cloudwatch.models import Alarm, CloudWatchBackend

from local_aws.control_plane.auto_scaling.group import cooldown, processes, scaling_activities
from local_aws.control_plane.auto_scaling.group.notes import notes_of
from local_aws.control_plane.auto_scaling.instances import members
from local_aws.control_plane.auto_scaling.reconciler import reconcile_group
from local_aws.control_plane.auto_scaling.scaling import adjustments, policies
from local_aws.control_plane.auto_scaling.scaling.adjustments import Step
from local_aws.control_plane.auto_scaling.scaling.policies import Policy
from local_aws.control_plane.cloudwatch.alarm_actions import ActionFailedError
from local_aws.control_plane.cloudwatch.alarm_notes import notes_of as alarm_notes_of


def execute(
    group: FakeAutoScalingGroup,
    policy: Policy,
    value: float | None = None,
    threshold: float | None = None,
) -> None:
    """Carry out a simple or a step policy for a client. Raises ValidationError.

    `value` and `threshold` are the metric's and the alarm's, which steps are relative to.
    """
    if policy.policy_type == "TargetTrackingScaling":
        raise ValidationError("Policy type TargetTrackingScaling cannot be executed.")
    if policy.policy_type == "StepScaling" and (value is None or threshold is None):
        raise ValidationError(
            "MetricValue and BreachThreshold are required for policies of type StepScaling"
        )
    cause = f"a user request executed policy {policy.name}"
    _carry_out(group, policy, value, threshold, cause)


def on_alarm(backend: CloudWatchBackend, alarm: Alarm, before: str, arn: str) -> None:  # noqa: ARG001 - an alarm's action
    """Carry out the policy that an alarm names. Raises ActionFailedError."""
    region = arn.split(":")[3]
    auto_scaling: AutoScalingBackend = autoscaling_backends[backend.account_id][region]
    policy = policies.find(auto_scaling, arn)
    if policy is None:
        raise ActionFailedError("The scaling policy does not exist.")
    group = auto_scaling.autoscaling_groups[policy.auto_scaling_group_name]
    if not policy.enabled or processes.is_suspended(group, "AlarmNotification"):
        raise ActionFailedError(f"Alarms do not scale group {group.name} now.")
    value = alarm_notes_of(alarm).value
    cause = (
        f"a monitor alarm {alarm.name} in state {alarm.state_value} triggered policy {policy.name}"
    )
    if policy.policy_type == "TargetTrackingScaling":
        _track(group, policy, value, alarm, cause)
    elif policy.policy_type != "SimpleScaling" or not cooldown.is_active(group):
        _carry_out(group, policy, value, float(alarm.threshold), cause)


def _carry_out(
    group: FakeAutoScalingGroup,
    policy: Policy,
    value: float | None,
    threshold: float | None,
    cause: str,
) -> None:
    present = group.desired_capacity or 0
    magnitude = int(policy.min_adjustment_magnitude or 0)
    if policy.policy_type == "SimpleScaling":
        adjustment = int(policy.scaling_adjustment)
        wanted = adjustments.adjusted(present, policy.adjustment_type, adjustment, magnitude)
        if _set_capacity(group, wanted, cause):
            cooldown.begin(group, policy)
        return
    if value is None or threshold is None:  # set by hand, or missing data: nothing to measure by
        return
    step = adjustments.step_for(
        [Step.of(each) for each in policy.step_adjustments], value - threshold
    )
    if step is None:
        return
    base = _counted_on(group)
    wanted = adjustments.adjusted(base, policy.adjustment_type, step.adjustment, magnitude)
    if wanted > base:
        _scale_out(group, policy, wanted, cause)
    elif wanted < present and not _is_warming_up(group):
        _set_capacity(group, wanted, cause)


def _track(
    group: FakeAutoScalingGroup, policy: Policy, value: float | None, alarm: Alarm, cause: str
) -> None:
    if alarm.state_value != "ALARM" or value is None:
        return
    configuration = policy.target_tracking_configuration
    base = _counted_on(group) if _is_warming_up(group) else len(members.in_service(group))
    wanted = adjustments.tracked(base, value, float(configuration.TargetValue))
    if alarm.comparison_operator.startswith("Greater"):
        _scale_out(group, policy, wanted, cause)
    elif not configuration.DisableScaleIn and not _is_warming_up(group):
        _set_capacity(group, min(wanted, group.desired_capacity or 0), cause)


def _scale_out(group: FakeAutoScalingGroup, policy: Policy, wanted: int, cause: str) -> None:
    """Never to less than what is on its way; the new instances warm up from now on."""
    base = _counted_on(group)
    if _set_capacity(group, max(wanted, group.desired_capacity or 0), cause):
        notes = notes_of(group)
        notes.warmed_up_capacity = base
        notes.warmed_up_at = time.time() + cooldown.warm_up_seconds(group, policy)


def _is_warming_up(group: FakeAutoScalingGroup) -> bool:
    return time.time() < notes_of(group).warmed_up_at


def _counted_on(group: FakeAutoScalingGroup) -> int:
    """The capacity without the instances that a policy has launched and that still warm up."""
    present = group.desired_capacity or 0
    return min(notes_of(group).warmed_up_capacity, present) if _is_warming_up(group) else present


def _set_capacity(group: FakeAutoScalingGroup, wanted: int, cause: str) -> bool:
    """Set it within the group's bounds; returns whether that changed it."""
    before = group.desired_capacity or 0
    wanted = min(max(wanted, group.min_size or 0), group.max_size or 0)
    if wanted == before:
        return False
    group.desired_capacity = wanted
    notes_of(group).capacity_cause = scaling_activities.at(
        f"{cause} changing the desired capacity from {before} to {wanted}."
    )
    reconcile_group(group)
    return True
