"""Empty an Auto Scaling group before it is deleted: by scaling in, which spares the protected.

CloudFormation sets the group's sizes to 0 and waits until its instances have ended, past lifecycle
hooks and requests in flight; it does not delete with ForceDelete. While an instance is protected
from scale in, the deletion is in progress: until the protection is removed, or after an hour it
fails. Sources, as users reported it of AWS: aws/aws-cdk issues 14732 and 18179,
aws-samples/aws-fault-injection-simulator-workshop issue 114, and buildkite/elastic-ci-stack-for-aws
issues 927 and 977. The words for a suspended process are AWS's; for the time that is over they are
those of a rolling update.
"""

from __future__ import annotations

import time

from moto.autoscaling.models import FakeAutoScalingGroup

from local_aws.control_plane import wiring
from local_aws.control_plane.auto_scaling.group import processes, sizes
from local_aws.control_plane.auto_scaling.group.sizes import Sizes
from local_aws.control_plane.auto_scaling.instances.members import members_of
from local_aws.control_plane.auto_scaling.reconciler import reconcile_group
from local_aws.control_plane.auto_scaling.rolling_update import presence
from local_aws.control_plane.cloudformation.resource_types.handlers.base import ResourceFailedError
from local_aws.control_plane.lock import LOCK

_LONGEST_SECONDS = 3600.0
_LOOK_EACH_SECONDS = 0.1


def begin(group: FakeAutoScalingGroup) -> None:
    """Set the group's sizes to 0. Raises ResourceFailedError when nothing can be terminated."""
    if not presence.is_there(group):
        return
    if processes.is_suspended(group, "Terminate"):
        raise ResourceFailedError(
            "AutoscalingGroup deletion cannot be performed because the Terminate process has been "
            "suspended; please resume this process and then retry stack deletion."
        )
    sizes.set_on(group, Sizes(0, 0, 0), "a user request")
    reconcile_group(group)


def wait(group: FakeAutoScalingGroup) -> None:
    """Wait, without the lock, until scaling in has ended all that it can.

    Raises ResourceFailedError when the time is over.
    """
    deadline = time.monotonic() + _LONGEST_SECONDS
    while True:
        with LOCK:
            if not _is_scaling_in(group):
                return
            if time.monotonic() > deadline:
                raise ResourceFailedError(presence.not_stable(group))
        time.sleep(_LOOK_EACH_SECONDS)


def wait_until_gone(group: FakeAutoScalingGroup) -> None:
    """Wait, without the lock, until a group that was deleted has gone with its last instance.

    Without a data plane nobody shuts them down.
    """
    while True:
        with LOCK:
            if presence.is_listed(group):
                reconcile_group(group)
            if not (wiring.current().has_data_plane and presence.is_listed(group)):
                return
        time.sleep(_LOOK_EACH_SECONDS)


def _is_scaling_in(group: FakeAutoScalingGroup) -> bool:
    """Whether there are instances that it is to end: it leaves those on standby where they are.

    Without a data plane nobody shuts down those that it has chosen.
    """
    return presence.is_there(group) and any(
        wiring.current().has_data_plane
        if member.is_terminating
        else member.lifecycle_state != "Standby"
        for member in members_of(group)
    )
