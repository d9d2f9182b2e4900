"""The processes of a group, such as Launch or ReplaceUnhealthy, which a user may suspend.

Source: https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-suspend-resume-processes.html
"""

from __future__ import annotations

from moto.autoscaling.models import FakeAutoScalingGroup


def is_suspended(group: FakeAutoScalingGroup, process: str) -> bool:
    """Whether the process is suspended."""
    return process in group._suspended_processes
