"""The state that each group's instances are on their way to, which their metadata shows.

Source: https://docs.aws.amazon.com/autoscaling/ec2/userguide/retrieving-target-lifecycle-state-through-imds.html
"""

from __future__ import annotations

from moto.autoscaling.models import autoscaling_backends

from local_aws.control_plane import moto_seams
from local_aws.control_plane.auto_scaling.instances.members import Member, members_of


def target_lifecycle_states() -> dict[str, str]:
    """Return "InService", "Standby" or "Terminated" by instance id, over all groups."""
    return {
        member.instance_id: _target_of(member)
        for backend in moto_seams.backends_in_use(autoscaling_backends)
        for group in backend.autoscaling_groups.values()
        for member in members_of(group)
    }


def _target_of(member: Member) -> str:
    if member.is_terminating:
        return "Terminated"
    return "InService" if member.is_pending else member.lifecycle_state
