"""EC2 Auto Scaling as AWS has it, where moto differs.

api/             the API's calls: they only state what is wanted
scaling/         policies and the alarms that invoke them; metrics of groups
reconciler.py    converges each group to its desired state, a step at a time
group/           what is known of a group, and decided from it
instances/       its instances, from launch to end
rolling_update/  CloudFormation's replacement of all of them, batch by batch
"""

from __future__ import annotations

from local_aws.control_plane.auto_scaling.api import (
    activities,
    batch_sizes,
    catalogues,
    changes,
    group_instances,
    group_requests,
    groups,
    instance_refreshes,
    launch_configurations,
    lifecycle_hooks,
    metrics_collection,
    pages,
    processes,
    refused,
    scaling_policies,
    scheduled_actions,
    standby,
    tags,
    traffic_sources,
)


def install() -> None:
    """Install the corrections of EC2 Auto Scaling into moto."""
    for corrections in (
        groups,
        group_instances,
        standby,
        processes,
        tags,
        traffic_sources,
        catalogues,
        instance_refreshes,
        launch_configurations,
        lifecycle_hooks,
        scheduled_actions,
        metrics_collection,
        group_requests,
        activities,
        scaling_policies,
        refused,
        batch_sizes,
        changes,
        pages,
    ):
        corrections.install()
