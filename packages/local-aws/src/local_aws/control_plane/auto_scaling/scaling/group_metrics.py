"""AWS/AutoScaling: a group's sizes and instances, where metrics collection is enabled.

Source: "Amazon CloudWatch metrics for Amazon EC2 Auto Scaling" in its User Guide.
"""

from __future__ import annotations

from collections.abc import Iterator

from moto.autoscaling.models import FakeAutoScalingGroup, autoscaling_backends

from local_aws.control_plane import moto_seams
from local_aws.control_plane.auto_scaling.instances.members import members_of
from local_aws.control_plane.cloudwatch.measuring import Measurement
from local_aws.control_plane.cloudwatch.metric_store import Metric
from local_aws.control_plane.cloudwatch.statistics import Datum

METRICS = (
    "GroupMinSize",
    "GroupMaxSize",
    "GroupDesiredCapacity",
    "GroupInServiceInstances",
    "GroupPendingInstances",
    "GroupStandbyInstances",
    "GroupTerminatingInstances",
    "GroupTotalInstances",
    "GroupInServiceCapacity",
    "GroupPendingCapacity",
    "GroupStandbyCapacity",
    "GroupTerminatingCapacity",
    "GroupTotalCapacity",
)
"""No instance has a weight here: capacity counts instances."""


def measure() -> Iterator[Measurement]:
    """The enabled metrics of all groups."""
    for backend in moto_seams.backends_in_use(autoscaling_backends):
        for group in backend.autoscaling_groups.values():
            values = _values(group) if group.metrics else {}
            for name in group.metrics:
                if name in values:
                    yield Measurement(
                        backend.account_id,
                        backend.region_name,
                        Metric.of("AWS/AutoScaling", name, {"AutoScalingGroupName": group.name}),
                        "None",
                        Datum.of({float(values[name]): 1.0}),
                    )


def _values(group: FakeAutoScalingGroup) -> dict[str, int]:
    states = [member.lifecycle_state for member in members_of(group)]
    counts = {
        state: sum(each.startswith(state) for each in states)
        for state in ("InService", "Pending", "Standby", "Terminating")
    }
    counts["Total"] = sum(counts.values())
    return {
        "GroupMinSize": group.min_size or 0,
        "GroupMaxSize": group.max_size or 0,
        "GroupDesiredCapacity": group.desired_capacity or 0,
        **{f"Group{state}Instances": count for state, count in counts.items()},
        **{f"Group{state}Capacity": count for state, count in counts.items()},
    }
