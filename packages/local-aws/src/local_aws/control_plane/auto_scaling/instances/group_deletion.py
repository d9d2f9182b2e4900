"""Delete a group together with its instances, as DeleteAutoScalingGroup does with ForceDelete.

They are terminated at once, past lifecycle hooks and requests in flight; the group goes with the
last of them. Sources:
https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DeleteAutoScalingGroup.html
and "Delete your Auto Scaling infrastructure" in the Amazon EC2 Auto Scaling User Guide: the group's
sizes are set to 0.
"""

from __future__ import annotations

from moto.autoscaling.models import FakeAutoScalingGroup

from local_aws.contract.facts import Facts
from local_aws.control_plane.auto_scaling.group import (
    causes,
    deleted_groups,
    pending_deletion,
    sizes,
)
from local_aws.control_plane.auto_scaling.group.notes import notes_of
from local_aws.control_plane.auto_scaling.group.sizes import Sizes
from local_aws.control_plane.auto_scaling.instances import terminating
from local_aws.control_plane.auto_scaling.instances.members import members_of


def begin(group: FakeAutoScalingGroup) -> None:
    """Take all members out of service; `advance` deletes the group once they have ended."""
    if pending_deletion.is_pending(group):
        return
    pending_deletion.note(group)
    notes = notes_of(group)
    notes.scheduled_actions.clear()
    notes.lifecycle_hooks.clear()
    sizes.set_on(group, Sizes(0, 0, 0), "a user request")
    leaving = [member for member in members_of(group) if not member.is_terminating]
    cause = causes.scaling_in(
        notes.capacity_cause, len(leaving), [member.instance_id for member in leaving]
    )
    for member in leaving:
        terminating.begin(group, member, cause)
    for member in members_of(group):
        member.draining = {}
        member.lifecycle_actions = []


def advance(group: FakeAutoScalingGroup, facts: Facts, now: float) -> None:
    """Terminate its members; delete the group when none is left."""
    for member in list(members_of(group)):
        terminating.advance(group, member, facts, now)
    groups = group.autoscaling_backend.autoscaling_groups
    if not members_of(group) and groups.get(group.name) is group:
        deleted_groups.remember(group)
        del groups[group.name]
