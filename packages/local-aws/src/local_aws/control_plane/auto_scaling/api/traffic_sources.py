"""Traffic sources: target groups and Classic Load Balancers under one name.

Source: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_AttachTrafficSources.html,
API_DetachTrafficSources, API_DescribeTrafficSources and API_TrafficSourceIdentifier.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from moto.autoscaling.exceptions import ValidationError
from moto.autoscaling.models import AutoScalingBackend, FakeAutoScalingGroup
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult, EmptyResult

from local_aws.control_plane import moto_seams
from local_aws.control_plane.auto_scaling.api.groups import requested_group

_CLASSIC, _TARGET_GROUP, _LATTICE = "elb", "elbv2", "vpc-lattice"


def install() -> None:
    moto_seams.add(
        AutoScalingResponse,
        attach_traffic_sources=_attach,
        describe_traffic_sources=_describe,
        detach_traffic_sources=_detach,
    )
    moto_seams.add(FakeAutoScalingGroup, traffic_sources=property(shown))


def shown(group: FakeAutoScalingGroup) -> list[dict[str, str]]:
    """The group's, as its description has them."""
    return [
        *({"Identifier": arn, "Type": _TARGET_GROUP} for arn in group.target_group_arns),
        *({"Identifier": name, "Type": _CLASSIC} for name in group.load_balancer_names),
    ]


def _attach(self: AutoScalingResponse) -> ActionResult:
    backend: AutoScalingBackend = self.autoscaling_backend
    return _change(self, backend.attach_load_balancer_target_groups, backend.attach_load_balancers)


def _detach(self: AutoScalingResponse) -> ActionResult:
    backend: AutoScalingBackend = self.autoscaling_backend
    return _change(self, backend.detach_load_balancer_target_groups, backend.detach_load_balancers)


def _describe(self: AutoScalingResponse) -> ActionResult:
    kind = self._get_param("TrafficSourceType")
    found = [
        {"Identifier": each["Identifier"], "Type": each["Type"], "State": "Added"}
        for each in shown(requested_group(self))
        if kind in (None, each["Type"])
    ]
    return ActionResult({"TrafficSources": found})


def _change(
    call: AutoScalingResponse,
    change_target_groups: Callable[[str, list[str]], None],
    change_balancers: Callable[[str, list[str]], None],
) -> ActionResult:
    group = requested_group(call)
    by_type = _by_type(call._get_param("TrafficSources", []))
    if by_type[_TARGET_GROUP]:
        change_target_groups(group.name, by_type[_TARGET_GROUP])
    if by_type[_CLASSIC]:
        change_balancers(group.name, by_type[_CLASSIC])
    return EmptyResult()


def _by_type(given: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """The identifiers of each type; an ARN says its own. Raises ValidationError."""
    found: dict[str, list[str]] = {_TARGET_GROUP: [], _CLASSIC: []}
    for each in given:
        identifier = str(each["Identifier"])
        is_target_group = identifier.startswith("arn:") and ":targetgroup/" in identifier
        kind = each.get("Type") or (_TARGET_GROUP if is_target_group else _CLASSIC)
        if kind == _LATTICE or ":vpc-lattice:" in identifier:
            raise ValidationError(
                "Traffic sources of VPC Lattice are not emulated by the local AWS"
            )
        if kind not in found:
            raise ValidationError(
                f"Invalid traffic source type {kind}: it must be one of "
                f"{', '.join((*found, _LATTICE))}"
            )
        found[kind].append(identifier)
    return found
