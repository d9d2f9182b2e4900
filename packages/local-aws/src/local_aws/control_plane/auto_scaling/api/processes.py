"""SuspendProcesses and ResumeProcesses.

Source: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_SuspendProcesses.html
"""

from __future__ import annotations

from collections.abc import Sequence

from moto.autoscaling.exceptions import ValidationError
from moto.autoscaling.models import AutoScalingBackend, FakeAutoScalingGroup

from local_aws.control_plane import moto_seams
from local_aws.control_plane.auto_scaling.api.groups import require_group
from local_aws.control_plane.auto_scaling.group import processes
from local_aws.control_plane.auto_scaling.reconciler import reconcile_group


def install() -> None:
    moto_seams.replace(
        FakeAutoScalingGroup, suspended_processes=property(processes.shown, _set_none)
    )
    moto_seams.replace(AutoScalingBackend, suspend_processes=_suspend, resume_processes=_resume)


def _set_none(group: FakeAutoScalingGroup, names: list[str]) -> None:
    """moto sets an empty list when it makes a group."""


def _suspend(self: AutoScalingBackend, group_name: str, scaling_processes: list[str]) -> None:
    processes.suspend(require_group(self, group_name), _named(scaling_processes))


def _resume(self: AutoScalingBackend, group_name: str, scaling_processes: list[str]) -> None:
    group = require_group(self, group_name)
    processes.resume(group, _named(scaling_processes))
    reconcile_group(group)


def _named(given: Sequence[str] | None) -> Sequence[str]:
    """AWS: all of them when none are named."""
    for name in given or ():
        if name not in processes.PROCESSES:
            raise ValidationError(
                f"Invalid scaling process {name}: it must be one of "
                f"{', '.join(processes.PROCESSES)}"
            )
    return given or processes.PROCESSES
