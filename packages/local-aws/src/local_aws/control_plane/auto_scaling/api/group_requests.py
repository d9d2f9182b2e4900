"""The requests about groups, of which moto does not read all; groups.py does what they say."""

from __future__ import annotations

import copy

from moto.autoscaling.exceptions import AutoscalingClientError, ValidationError
from moto.autoscaling.models import FakeAutoScalingGroup
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult, EmptyResult

from local_aws.control_plane import moto_seams
from local_aws.control_plane.auto_scaling.api import lifecycle_hooks, refused, tags
from local_aws.control_plane.auto_scaling.api.groups import require_group
from local_aws.control_plane.auto_scaling.group import cooldown, settings
from local_aws.control_plane.auto_scaling.reconciler import reconcile_group

_moto_create = AutoScalingResponse.create_auto_scaling_group
_moto_update = AutoScalingResponse.update_auto_scaling_group


def install() -> None:
    moto_seams.replace(
        AutoScalingResponse,
        create_auto_scaling_group=_create_auto_scaling_group,
        update_auto_scaling_group=_update_auto_scaling_group,
        delete_auto_scaling_group=_delete_auto_scaling_group,
        describe_auto_scaling_groups=_describe_auto_scaling_groups,
        set_desired_capacity=_set_desired_capacity,
    )


def _create_auto_scaling_group(self: AutoScalingResponse) -> ActionResult:
    """Launch the first instances only when the group's lifecycle hooks are known."""
    refused.require_emulated(self._get_params())
    own = settings.of_request(self._get_params())
    tags.require_valid(self._get_param("Tags", []))
    name = self._get_param("AutoScalingGroupName")
    specifications = self._get_param("LifecycleHookSpecificationList", [])
    lifecycle_hooks.require_valid(name, specifications)  # all of the request, or nothing
    result = _moto_create(self)
    group = require_group(self.autoscaling_backend, name)
    settings.set_on(group, own)
    for specification in specifications:
        lifecycle_hooks.put_hook(group, specification)
    reconcile_group(group)
    return result


def _update_auto_scaling_group(self: AutoScalingResponse) -> ActionResult:
    refused.require_emulated(self._get_params())
    own = settings.of_request(self._get_params())
    result = _moto_update(self)
    group = require_group(self.autoscaling_backend, self._get_param("AutoScalingGroupName"))
    settings.set_on(group, own)
    _update_what_moto_leaves(self, group)
    return result


def _update_what_moto_leaves(self: AutoScalingResponse, group: FakeAutoScalingGroup) -> None:
    policies = self._get_param("TerminationPolicies", [])
    if policies:
        group.termination_policies = policies
    cooldown_seconds = self._get_param("DefaultCooldown")
    if cooldown_seconds is not None:
        group.default_cooldown = int(cooldown_seconds)
    placement_group = self._get_param("PlacementGroup")
    if placement_group is not None:  # AWS: an empty one removes it
        group.placement_group = placement_group or None


def _delete_auto_scaling_group(self: AutoScalingResponse) -> ActionResult:
    """Without ForceDelete a group that still has instances stays."""
    name = self._get_param("AutoScalingGroupName")
    group = require_group(self.autoscaling_backend, name)
    if group.instance_states and not self._get_bool_param("ForceDelete", False):
        raise AutoscalingClientError(
            "ResourceInUse",
            "You cannot delete an AutoScalingGroup while there are instances or pending Spot "
            "instance request(s) still in the group.",
        )
    self.autoscaling_backend.delete_auto_scaling_group(name)
    return EmptyResult()


def _describe_auto_scaling_groups(self: AutoScalingResponse) -> ActionResult:
    filters = self._get_param("Filters", [])
    tags.require_filters_of_groups(filters)
    found = self.autoscaling_backend.describe_auto_scaling_groups(
        self._get_param("AutoScalingGroupNames", []), filters=filters
    )
    if not self._get_bool_param("IncludeInstances", True):
        found = [_without_instances(group) for group in found]
    return ActionResult({"AutoScalingGroups": found})


def _without_instances(group: FakeAutoScalingGroup) -> FakeAutoScalingGroup:
    shown = copy.copy(group)
    shown.instance_states = []
    return shown


def _set_desired_capacity(self: AutoScalingResponse) -> ActionResult:
    """Refuse a capacity outside the group's bounds."""
    name = self._get_param("AutoScalingGroupName")
    group = require_group(self.autoscaling_backend, name)
    wanted = self._get_int_param("DesiredCapacity")
    minimum, maximum = group.min_size or 0, group.max_size or 0
    if not minimum <= wanted <= maximum:
        bound = f"above max value {maximum}" if wanted > maximum else f"below min value {minimum}"
        raise ValidationError(
            f"New SetDesiredCapacity value {wanted} is {bound} for the AutoScalingGroup."
        )
    if self._get_bool_param("HonorCooldown", False):
        cooldown.require_none(group)
    self.autoscaling_backend.set_desired_capacity(name, wanted)
    return EmptyResult()
