"""End a group's instance as AWS does: out of the target groups, drained, and only then terminated.

Source: https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-lifecycle.html
"""

from __future__ import annotations

from moto.autoscaling.models import FakeAutoScalingGroup, InstanceState

from local_aws.control_plane import data_plane
from local_aws.control_plane.auto_scaling import registration, scaling_activities

DRAIN_SECONDS = 2.0
"""AWS ends the wait when the last request in flight is answered, and at the latest after the
deregistration delay. Requests in flight are not reported here; two seconds outlast them."""


def begin(group: FakeAutoScalingGroup, state: InstanceState, cause: str, now: float) -> None:
    """Take a member out of service; `advance` terminates its instance once it has drained."""
    delay = registration.deregister(group, state)
    can_serve = data_plane.is_attached() and state.instance.state == "running"
    state.terminate_at = now + (min(delay, DRAIN_SECONDS) if can_serve else 0.0)
    state.lifecycle_state = "Terminating"
    if state.activity:
        state.activity.fail("The instance was terminated before it was in service.")
    state.activity = scaling_activities.begin(
        group,
        f"Terminating EC2 instance: {state.instance_id}",
        cause,
        state.availability_zone,
        state.instance.subnet_id,
    )


def advance(group: FakeAutoScalingGroup, state: InstanceState, now: float) -> None:
    """Move one terminating member on; it leaves the group when its instance is terminated."""
    if now >= state.terminate_at:
        state.instance.terminate()
    if state.instance.state == "terminated":
        state.activity.succeed()
        group.instance_states.remove(state)
