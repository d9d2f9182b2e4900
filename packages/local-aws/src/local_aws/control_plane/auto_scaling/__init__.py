"""EC2 Auto Scaling as AWS has it, where moto differs.

api/             the API's calls: they only state what is wanted
reconciler.py    makes each group what was asked for, a step at a time
group/           what is known of a group, and decided from it
instances/       its instances, from launch to end
rolling_update/  CloudFormation's replacement of all of them, batch by batch
"""

from __future__ import annotations

from local_aws.control_plane.auto_scaling.api import (
    group_instances,
    groups,
    instance_refreshes,
    lifecycle_hooks,
    refused,
    responses,
    scheduled_actions,
)


def install() -> None:
    """Install the corrections of EC2 Auto Scaling into moto."""
    for corrections in (
        groups,
        group_instances,
        instance_refreshes,
        lifecycle_hooks,
        scheduled_actions,
        responses,
        refused,
    ):
        corrections.install()
