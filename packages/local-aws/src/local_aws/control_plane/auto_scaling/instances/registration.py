"""A group's members in its target groups: registered in service, deregistered on leaving."""

from __future__ import annotations

from moto.autoscaling.models import FakeAutoScalingGroup
from moto.elbv2.models import FakeTargetGroup

from local_aws.contract.facts import TargetKey
from local_aws.control_plane.auto_scaling.instances.members import Member
from local_aws.control_plane.elbv2 import targets


def register(group: FakeAutoScalingGroup, member: Member) -> None:
    """Register the member with those of the group's target groups that it has not been in yet.

    One that somebody deregistered by hand stays so, as on AWS.
    """
    for arn in group.target_group_arns:
        if arn in member.registered_target_groups:
            continue
        target_group = _target_group(group, arn)
        if target_group:
            target_group.register([{"Id": member.instance_id}])
            member.registered_target_groups.add(arn)


def deregister(group: FakeAutoScalingGroup, member: Member) -> dict[TargetKey, float]:
    """Deregister the member everywhere; return until when each target drains, at the latest."""
    draining: dict[TargetKey, float] = {}
    for arn in list(member.registered_target_groups):
        draining |= leave(group, member, arn)
    return draining


def leave(group: FakeAutoScalingGroup, member: Member, arn: str) -> dict[TargetKey, float]:
    """Deregister the member from one target group; return as `deregister` does."""
    member.registered_target_groups.discard(arn)
    target_group = _target_group(group, arn)
    if target_group is None:
        return {}
    targets.deregister_instances(target_group, [member.instance_id])
    return {
        key: drained_at
        for key, drained_at in targets.draining(target_group).items()
        if key.target_id == member.instance_id
    }


def _target_group(group: FakeAutoScalingGroup, arn: str) -> FakeTargetGroup | None:
    """Return the target group, or None: it may be deleted before the Auto Scaling group."""
    return group.autoscaling_backend.elbv2_backend.target_groups.get(arn)
