"""End a group's instance as AWS does: out of the target groups, drained, and only then terminated.

Auto Scaling "waits for in-flight requests to complete or the maximum timeout to expire, whichever
comes first, before terminating instances"; the timeout is each target group's deregistration delay.
With a lifecycle hook the instance then waits, still running, while its replacement is launched.
Sources: https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-add-elb-healthcheck.html,
https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-lifecycle.html
and https://docs.aws.amazon.com/autoscaling/ec2/userguide/lifecycle-hooks-overview.html
"""

from __future__ import annotations

from moto.autoscaling.models import FakeAutoScalingGroup

from local_aws.contract.facts import Facts
from local_aws.control_plane.auto_scaling.group import lifecycle_hooks
from local_aws.control_plane.auto_scaling.group.notes import begin_activity, notes_of
from local_aws.control_plane.auto_scaling.instances import registration
from local_aws.control_plane.auto_scaling.instances.members import Member, members_of
from local_aws.control_plane.ec2.instances.instance_states import lifecycle


def begin(group: FakeAutoScalingGroup, member: Member, cause: str) -> None:
    """Take a member out of service; `advance` terminates its instance once it has drained."""
    member.draining = registration.deregister(group, member)
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
    if member.draining:
        member.activity.wait_for_connection_draining()


def _why_not_in_service(member: Member) -> str:
    if lifecycle(member.instance).failure:
        return (
            "Instance became unhealthy while waiting for instance to be in InService state. "
            f"Termination Reason: {member.instance.state_reason.message}"
        )
    return "The instance was terminated before it was in service."


def advance(group: FakeAutoScalingGroup, member: Member, facts: Facts, now: float) -> None:
    """Move one terminating member on; it leaves the group when its instance is terminated."""
    if _has_requests_in_flight(member, facts, now):
        return
    if member.lifecycle_actions is None:
        _begin_lifecycle_actions(group, member, now)
    # Abandoned or not, it is terminated: an abandoned hook only ends the wait for the others.
    if lifecycle_hooks.outcome(member.lifecycle_actions or (), now) is None:
        return
    if member.lifecycle_actions:
        member.lifecycle_state = "Terminating:Proceed"
    if member.activity:
        member.activity.go_on()
    member.instance.terminate()
    if member.instance.state == "terminated":
        if member.activity:
            member.activity.succeed()
        members_of(group).remove(member)


def _has_requests_in_flight(member: Member, facts: Facts, now: float) -> bool:
    """Only a running instance answers them; the delay is over for all at some time."""
    return member.instance.state == "running" and any(
        now < drained_at and key in facts.targets_in_use
        for key, drained_at in member.draining.items()
    )


def _begin_lifecycle_actions(group: FakeAutoScalingGroup, member: Member, now: float) -> None:
    hooks = notes_of(group).lifecycle_hooks.values()
    member.lifecycle_actions = lifecycle_hooks.actions_for(hooks, lifecycle_hooks.TERMINATING, now)
    if member.lifecycle_actions:
        member.lifecycle_state = "Terminating:Wait"
        if member.activity:
            member.activity.wait_for_lifecycle_action()
