"""Take a launched instance into service, once it runs and its lifecycle hooks let it go on.

Source: https://docs.aws.amazon.com/autoscaling/ec2/userguide/lifecycle-hooks-overview.html
"""

from __future__ import annotations

from moto.autoscaling.models import FakeAutoScalingGroup

from local_aws.control_plane.auto_scaling.group import lifecycle_hooks, scaling_activities
from local_aws.control_plane.auto_scaling.group.notes import notes_of
from local_aws.control_plane.auto_scaling.instances import launching, terminating
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
        terminating.begin(group, member, scaling_activities.at(_ABANDONED))
    elif outcome == "CONTINUE":
        member.lifecycle_state = "InService"
        member.in_service_since = now
        if member.activity:
            member.activity.succeed()
            member.activity = None


def _begin_lifecycle_actions(group: FakeAutoScalingGroup, member: Member, now: float) -> None:
    hooks = notes_of(group).lifecycle_hooks.values()
    member.lifecycle_actions = lifecycle_hooks.actions_for(hooks, lifecycle_hooks.LAUNCHING, now)
    if member.lifecycle_actions:
        member.lifecycle_state = "Pending:Wait"
        if member.activity:
            member.activity.wait_for_lifecycle_action()
