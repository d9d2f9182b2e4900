"""Why Auto Scaling holds a member for unhealthy, in the words of a scaling activity's cause.

Source: https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-health-checks.html
"""

from __future__ import annotations

from moto.autoscaling.models import FakeAutoScalingGroup

from local_aws.contract.facts import Facts, TargetKey
from local_aws.control_plane.auto_scaling.instances.members import Member
from local_aws.control_plane.ec2.instances.instance_states import lifecycle
from local_aws.control_plane.elbv2 import target_health

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
    group: FakeAutoScalingGroup, member: Member, facts: Facts, now: float
) -> str | None:
    """Return the check that the member fails, or None.

    An instance that is not running is replaced at once; the other checks wait for the group's
    grace period. ELB health counts only where HealthCheckType says so.
    """
    if not is_there(member):
        return EC2_CHECK
    if member.in_service_since is None or is_in_grace_period(group, member, now):
        return None
    age_seconds = now - member.in_service_since
    fact = facts.instances.get(member.instance_id)
    if fact and not fact.alive and fact.boots == lifecycle(member.instance).boots:
        return STATUS_CHECK if age_seconds >= _BOOT_SECONDS else None
    if "ELB" in group.health_check_type and _fails_elb_check(group, member):
        return ELB_CHECK
    return None


def is_there(member: Member) -> bool:
    """Whether its instance runs or is about to."""
    return member.instance.state in ("pending", "running")


def is_in_grace_period(group: FakeAutoScalingGroup, member: Member, now: float) -> bool:
    """Whether the member came into service less than the group's grace period ago."""
    grace_seconds = group.health_check_grace_period or 0
    return member.in_service_since is not None and now < member.in_service_since + grace_seconds


def _fails_elb_check(group: FakeAutoScalingGroup, member: Member) -> bool:
    target_groups = group.autoscaling_backend.elbv2_backend.target_groups
    for arn in member.registered_target_groups & target_groups.keys():
        key = TargetKey(arn, member.instance_id, int(target_groups[arn].port))
        if target_health.health_of(target_groups[arn], key).state == "unhealthy":
            return True
    return False
