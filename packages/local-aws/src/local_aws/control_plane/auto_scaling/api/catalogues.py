"""What Auto Scaling has: the Describe calls for its types of adjustments, processes and metrics.

Source: the page of each call in the EC2 Auto Scaling API Reference; "Quotas for Auto Scaling
resources and groups" in the User Guide for the limits of an account, which nothing here enforces;
group_quotas.py has those of a group.
"""

from __future__ import annotations

from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult

from local_aws.control_plane import moto_seams
from local_aws.control_plane.auto_scaling.api import metrics_collection
from local_aws.control_plane.auto_scaling.group.processes import PROCESSES
from local_aws.control_plane.auto_scaling.instances.placement import TERMINATION_POLICIES
from local_aws.control_plane.auto_scaling.scaling.adjustments import ADJUSTMENT_TYPES

_MOST_GROUPS = 500
_MOST_LAUNCH_CONFIGURATIONS = 200


def install() -> None:
    moto_seams.add(
        AutoScalingResponse,
        describe_account_limits=_account_limits,
        describe_adjustment_types=_adjustment_types,
        describe_metric_collection_types=_metric_collection_types,
        describe_scaling_process_types=_scaling_process_types,
        describe_termination_policy_types=_termination_policy_types,
    )


def _account_limits(self: AutoScalingResponse) -> ActionResult:
    backend = self.autoscaling_backend
    return ActionResult(
        {
            "MaxNumberOfAutoScalingGroups": _MOST_GROUPS,
            "MaxNumberOfLaunchConfigurations": _MOST_LAUNCH_CONFIGURATIONS,
            "NumberOfAutoScalingGroups": len(backend.autoscaling_groups),
            "NumberOfLaunchConfigurations": len(backend.launch_configurations),
        }
    )


def _adjustment_types(self: AutoScalingResponse) -> ActionResult:  # noqa: ARG001
    return ActionResult(
        {"AdjustmentTypes": [{"AdjustmentType": each} for each in ADJUSTMENT_TYPES]}
    )


def _metric_collection_types(self: AutoScalingResponse) -> ActionResult:  # noqa: ARG001
    return ActionResult(
        {
            "Metrics": [{"Metric": each} for each in metrics_collection.ALL],
            "Granularities": [{"Granularity": metrics_collection.GRANULARITY}],
        }
    )


def _scaling_process_types(self: AutoScalingResponse) -> ActionResult:  # noqa: ARG001
    return ActionResult({"Processes": [{"ProcessName": each} for each in sorted(PROCESSES)]})


def _termination_policy_types(self: AutoScalingResponse) -> ActionResult:  # noqa: ARG001
    return ActionResult({"TerminationPolicyTypes": sorted(TERMINATION_POLICIES)})
