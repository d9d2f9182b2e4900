"""A group's members in its target groups and Classic Load Balancers: registered in service,
deregistered on leaving."""

from __future__ import annotations

from moto.autoscaling.models import FakeAutoScalingGroup
from moto.elb.models import LoadBalancer
from moto.elbv2.models import FakeTargetGroup

from local_aws.contract.facts import TargetKey
from local_aws.control_plane.auto_scaling.instances.members import Member
from local_aws.control_plane.elb import instances as classic_instances
from local_aws.control_plane.elbv2 import targets


def register(group: FakeAutoScalingGroup, member: Member) -> None:
    """Register the member wherever the group says and it has not been yet.

    One that somebody deregistered by hand stays so, as on AWS.
    """
    for arn in group.target_group_arns:
        if arn in member.registered_target_groups:
            continue
        target_group = _target_group(group, arn)
        if target_group:
            target_group.register([{"Id": member.instance_id}])
            member.registered_target_groups.add(arn)
    for name in group.load_balancer_names:
        if name in member.registered_load_balancers:
            continue
        balancer = _load_balancer(group, name)
        if balancer:
            classic_instances.add(balancer, [member.instance_id])
            member.registered_load_balancers.add(name)


def leave_to_the_user(group: FakeAutoScalingGroup, member: Member) -> None:
    """Register the member nowhere where the group is registered now, as if it had been once."""
    member.registered_target_groups.update(group.target_group_arns)
    member.registered_load_balancers.update(group.load_balancer_names)


def deregister(group: FakeAutoScalingGroup, member: Member) -> dict[TargetKey, float]:
    """Deregister the member everywhere; return until when each target drains, at the latest."""
    for name in list(member.registered_load_balancers):
        leave_load_balancer(group, member, name)
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


def leave_load_balancer(group: FakeAutoScalingGroup, member: Member, name: str) -> None:
    """Deregister the member from one Classic Load Balancer, which has nothing in flight."""
    member.registered_load_balancers.discard(name)
    balancer = _load_balancer(group, name)
    if balancer:
        classic_instances.remove(balancer, [member.instance_id])


def _target_group(group: FakeAutoScalingGroup, arn: str) -> FakeTargetGroup | None:
    """Return the target group, or None: it may be deleted before the Auto Scaling group."""
    return group.autoscaling_backend.elbv2_backend.target_groups.get(arn)


def _load_balancer(group: FakeAutoScalingGroup, name: str) -> LoadBalancer | None:
    """Return the Classic Load Balancer, or None: it may be deleted before the group, too."""
    return group.autoscaling_backend.elb_backend.load_balancers.get(name)
