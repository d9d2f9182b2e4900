"""Take a launched instance into service, once it runs and its lifecycle hooks let it go on.

Source: https://docs.aws.amazon.com/autoscaling/ec2/userguide/lifecycle-hooks-overview.html
"""

from __future__ import annotations

from collections.abc import Sequence

from moto.autoscaling.models import FakeAutoScalingGroup

from local_aws.control_plane.auto_scaling.group import (
    lifecycle_hooks,
    processes,
    scaling_activities,
)
from local_aws.control_plane.auto_scaling.group.lifecycle_hooks import LifecycleAction
from local_aws.control_plane.auto_scaling.group.notes import notes_of
from local_aws.control_plane.auto_scaling.instances import launching, registration, terminating
from local_aws.control_plane.auto_scaling.instances.members import Member

_ABANDONED = (
    "an instance was taken out of service in response to a launch lifecycle action that was "
    "abandoned."
)


def advance(group: FakeAutoScalingGroup, member: Member, now: float) -> None:
    """Move one pending member on; its launch is abandoned when one of the hooks says so."""
    if member.instance.state != "running":
        return
    if member.lifecycle_actions is None:
        _begin_lifecycle_actions(group, member, now)
    outcome = lifecycle_hooks.outcome(member.lifecycle_actions or (), now)
    if outcome == "ABANDON":
        launching.delay_next(group, now)
        if member.activity:
            member.activity.cancel(_why_abandoned(member.lifecycle_actions or ()))
            member.activity = None
        terminating.begin(group, member, scaling_activities.at(_ABANDONED))
    elif outcome == "CONTINUE":
        take_into_service(group, member, now)
        if member.activity:
            member.activity.succeed()
            member.activity = None


def take_into_service(group: FakeAutoScalingGroup, member: Member, now: float) -> None:
    """While AddToLoadBalancer is suspended, AWS leaves it to the user to register the instance,
    and does not do so later."""
    member.lifecycle_state = "InService"
    member.in_service_since = now
    if processes.is_suspended(group, "AddToLoadBalancer"):
        registration.leave_to_the_user(group, member)


def _why_abandoned(actions: Sequence[LifecycleAction]) -> str:
    """AWS's words: https://docs.aws.amazon.com/autoscaling/ec2/userguide/CHAP_Troubleshooting.html"""
    abandoned = next((action for action in actions if action.result == "ABANDON"), None)
    action = abandoned or actions[0]
    reason = "Lifecycle Action Completed with ABANDON Result" if abandoned else "Heartbeat Timeout"
    return (
        "Instance failed to complete user's Lifecycle Action: Lifecycle Action with token "
        f"{action.token} was abandoned: {reason}"
    )


def _begin_lifecycle_actions(group: FakeAutoScalingGroup, member: Member, now: float) -> None:
    hooks = notes_of(group).lifecycle_hooks.values()
    member.lifecycle_actions = lifecycle_hooks.actions_for(hooks, lifecycle_hooks.LAUNCHING, now)
    if member.lifecycle_actions:
        member.lifecycle_state = "Pending:Wait"
        if member.activity:
            member.activity.wait_for_lifecycle_action()
