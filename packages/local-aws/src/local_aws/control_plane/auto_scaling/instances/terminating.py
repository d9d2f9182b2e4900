"""End a group's instance as AWS does: out of the target groups, drained, and only then terminated.

With a lifecycle hook it waits between the two, still running, while its replacement is launched.
Sources: https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-lifecycle.html
and https://docs.aws.amazon.com/autoscaling/ec2/userguide/lifecycle-hooks-overview.html
"""

from __future__ import annotations

from moto.autoscaling.models import FakeAutoScalingGroup

from local_aws.control_plane import data_plane
from local_aws.control_plane.auto_scaling.group import lifecycle_hooks
from local_aws.control_plane.auto_scaling.group.notes import begin_activity, notes_of
from local_aws.control_plane.auto_scaling.instances import registration
from local_aws.control_plane.auto_scaling.instances.members import Member, members_of
from local_aws.control_plane.ec2.instance_states import lifecycle

DRAIN_SECONDS = 1.0
"""AWS ends the wait when the last request in flight is answered, and at the latest after the
deregistration delay. Requests in flight are not reported here: this second, and the one in which
a terminated instance still serves (ec2.instance_states), outlast them."""


def begin(group: FakeAutoScalingGroup, member: Member, cause: str, now: float) -> None:
    """Take a member out of service; `advance` terminates its instance once it has drained."""
    delay = registration.deregister(group, member)
    can_serve = data_plane.is_attached() and member.instance.state == "running"
    member.terminate_at = now + (min(delay, DRAIN_SECONDS) if can_serve else 0.0)
    member.lifecycle_state = "Terminating"
    member.lifecycle_actions = None
    if member.activity:
        member.activity.fail(_why_not_in_service(member))
    member.activity = begin_activity(
        group,
        f"Terminating EC2 instance: {member.instance_id}",
        cause,
        member.zone,
        member.instance.subnet_id,
    )


def _why_not_in_service(member: Member) -> str:
    if lifecycle(member.instance).failure:
        return (
            "Instance became unhealthy while waiting for instance to be in InService state. "
            f"Termination Reason: {member.instance.state_reason.message}"
        )
    return "The instance was terminated before it was in service."


def advance(group: FakeAutoScalingGroup, member: Member, now: float) -> None:
    """Move one terminating member on; it leaves the group when its instance is terminated."""
    if now < member.terminate_at:
        return
    if member.lifecycle_actions is None:
        _begin_lifecycle_actions(group, member, now)
    # Abandoned or not, it is terminated: an abandoned hook only ends the wait for the others.
    if lifecycle_hooks.outcome(member.lifecycle_actions or (), now) is None:
        return
    if member.lifecycle_actions:
        member.lifecycle_state = "Terminating:Proceed"
    member.instance.terminate()
    if member.instance.state == "terminated":
        if member.activity:
            member.activity.succeed()
        members_of(group).remove(member)


def _begin_lifecycle_actions(group: FakeAutoScalingGroup, member: Member, now: float) -> None:
    hooks = notes_of(group).lifecycle_hooks.values()
    member.lifecycle_actions = lifecycle_hooks.actions_for(hooks, lifecycle_hooks.TERMINATING, now)
    if member.lifecycle_actions:
        member.lifecycle_state = "Terminating:Wait"
        if member.activity:
            member.activity.wait_for_lifecycle_action()
