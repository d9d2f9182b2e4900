"""Register targets and read their health through the API, and what the data plane is to do."""

from __future__ import annotations

from typing import Any

from local_aws.contract.desired_state import TargetGroup
from local_aws.control_plane import desired
from local_aws.control_plane.lock import LOCK


def register(elbv2: Any, target_group: str, *targets: str, **more: Any) -> None:
    """Register targets by their ids; `more` are further members of each, its Port for example."""
    elbv2.register_targets(
        TargetGroupArn=target_group, Targets=[{"Id": target, **more} for target in targets]
    )


def health(elbv2: Any, target_group: str, **request: Any) -> dict[tuple[str, int], Any]:
    """(state, reason or None) by (target's id, port), as DescribeTargetHealth reports it."""
    rows = elbv2.describe_target_health(TargetGroupArn=target_group, **request)
    return {
        (row["Target"]["Id"], row["Target"]["Port"]): (
            row["TargetHealth"]["State"],
            row["TargetHealth"].get("Reason"),
        )
        for row in rows["TargetHealthDescriptions"]
    }


def set_attribute(elbv2: Any, target_group: str, name: str, value: str) -> None:
    elbv2.modify_target_group_attributes(
        TargetGroupArn=target_group, Attributes=[{"Key": name, "Value": value}]
    )


def wanted(arn: str) -> TargetGroup | None:
    """What the load balancers' Envoys are to know of the group; None while none uses it."""
    with LOCK:
        groups = desired.desired_state().target_groups
    return next((group for group in groups if group.arn == arn), None)
