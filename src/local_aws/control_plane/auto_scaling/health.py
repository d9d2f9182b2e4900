"""Why Auto Scaling holds a member for unhealthy, in the words of a scaling activity's cause.

Source: https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-health-checks.html
"""

from __future__ import annotations

from moto.autoscaling.models import FakeAutoScalingGroup, InstanceState

from local_aws.control_plane.elbv2 import target_health
from local_aws.facts import Facts

EC2_CHECK = (
    "an instance was taken out of service in response to an EC2 health check indicating it has "
    "been terminated or stopped."
)
STATUS_CHECK = (
    "an instance was taken out of service in response to an EC2 instance status checks failure."
)
ELB_CHECK = (
    "an instance was taken out of service in response to an ELB system health check failure."
)
USER_CHECK = "an instance was taken out of service in response to a user health-check."

_BOOT_SECONDS = 5.0  # an instance whose server dies while it boots is not replaced in a fast loop


def failed_check(
    group: FakeAutoScalingGroup, state: InstanceState, facts: Facts, now: float
) -> str | None:
    """Return the check that the member fails, or None.

    An instance that is not running is replaced at once; the other checks wait for the group's
    grace period. ELB health counts only where HealthCheckType says so.
    """
    if state.instance.state not in ("pending", "running"):
        return EC2_CHECK
    if state.in_service_since is None:
        return None
    age_seconds = now - state.in_service_since
    if age_seconds < (group.health_check_grace_period or 0):
        return None
    fact = facts.instances.get(state.instance_id)
    if fact and not fact.alive and fact.boots == state.instance.boots:
        return STATUS_CHECK if age_seconds >= _BOOT_SECONDS else None
    if "ELB" in group.health_check_type and _fails_elb_check(group, state):
        return ELB_CHECK
    return None


def _fails_elb_check(group: FakeAutoScalingGroup, state: InstanceState) -> bool:
    target_groups = group.autoscaling_backend.elbv2_backend.target_groups
    return any(
        target_health.health_of(target_groups[key], (state.instance_id, port)).state == "unhealthy"
        for key in state.registered_target_groups & target_groups.keys()
        for port in [int(target_groups[key].port)]
    )
