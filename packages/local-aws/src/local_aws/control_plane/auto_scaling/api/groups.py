"""Auto Scaling's API: calls set the desired state, the reconciler converges to it.

moto launches and ends instances inside its API calls, all in one zone and past target groups.
Source: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_Operations.html
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any

from moto.autoscaling.exceptions import ValidationError
from moto.autoscaling.models import AutoScalingBackend, FakeAutoScalingGroup
from moto.autoscaling.responses import AutoScalingResponse

from local_aws.control_plane import moto_seams
from local_aws.control_plane.auto_scaling.api import group_quotas
from local_aws.control_plane.auto_scaling.api import group_references as references
from local_aws.control_plane.auto_scaling.group import pending_deletion, scaling_activities, sizes
from local_aws.control_plane.auto_scaling.group.notes import notes_of
from local_aws.control_plane.auto_scaling.group.sizes import Sizes
from local_aws.control_plane.auto_scaling.instances import (
    group_deletion,
    instance_refresh,
    mixed_instances_policy,
    registration,
)
from local_aws.control_plane.auto_scaling.instances.members import members_of
from local_aws.control_plane.auto_scaling.reconciler import reconcile_group
from local_aws.control_plane.auto_scaling.scaling import policies, target_tracking

_LAUNCH_SOURCES = {
    "launch_config_name": "launch_configuration_name",
    "launch_template": "launch_template",
    "mixed_instances_policy": "mixed_instances_policy",
}
"""What a group launches from, by moto's names: in a call, and of a group."""

_moto_init = AutoScalingBackend.__init__
_moto_create = AutoScalingBackend.create_auto_scaling_group
_moto_update = FakeAutoScalingGroup.update


def install() -> None:
    moto_seams.replace(
        FakeAutoScalingGroup, set_desired_capacity=_set_group_capacity, update=_update_group
    )
    moto_seams.replace(
        AutoScalingBackend,
        __init__=_init,
        create_auto_scaling_group=_create_auto_scaling_group,
        delete_auto_scaling_group=_delete_auto_scaling_group,
        set_desired_capacity=_set_desired_capacity,
        update_attached_elbs=_leave_to_the_reconciler,
        update_attached_target_groups=_leave_to_the_reconciler,
        attach_load_balancers=_attach_load_balancers,
        detach_load_balancers=_detach_load_balancers,
        attach_load_balancer_target_groups=_attach_target_groups,
        detach_load_balancer_target_groups=_detach_target_groups,
    )


class Groups(OrderedDict[str, FakeAutoScalingGroup]):
    """A region's groups by name, in place of moto's own dictionary.

    Looking up a group that does not exist, as many of moto's calls do, raises ValidationError.
    """

    def __missing__(self, name: str) -> FakeAutoScalingGroup:
        raise ValidationError(f"AutoScalingGroup name not found - no such group: {name}")


def require_group(backend: AutoScalingBackend, name: str) -> FakeAutoScalingGroup:
    """Return the group; raises ValidationError as AWS does when there is none."""
    group: FakeAutoScalingGroup = backend.autoscaling_groups[name]
    return group


def requested_group(request: AutoScalingResponse) -> FakeAutoScalingGroup:
    """Return the group in the request's AutoScalingGroupName; raises ValidationError without it."""
    return require_group(request.autoscaling_backend, request._get_param("AutoScalingGroupName"))


def _init(self: AutoScalingBackend, region_name: str, account_id: str) -> None:
    _moto_init(self, region_name, account_id)
    self.autoscaling_groups = Groups()


def _create_auto_scaling_group(
    self: AutoScalingBackend, name: str, *args: Any, **settings: Any
) -> FakeAutoScalingGroup:
    """Create the group. Its first instances are launched by `reconcile_group`, once the caller has
    given it all that they depend on."""
    if name in self.autoscaling_groups:
        raise pending_deletion.name_is_taken(self.autoscaling_groups[name])
    _require_name(name)
    _require_load_balancers(self, settings.get("load_balancers") or [])
    _require_target_groups(self, settings.get("target_group_arns") or [])
    references.require_zones(self, settings.get("availability_zones") or [])
    _require_valid(self, settings)
    minimum, maximum = int(settings["min_size"]), int(settings["max_size"])
    desired = settings.get("desired_capacity")
    desired = minimum if desired in (None, "") else int(desired)
    settings["desired_capacity"] = Sizes(desired, minimum, maximum).desired
    # AWS's default is no grace period; moto's is 300 seconds.
    grace_seconds = int(settings.get("health_check_period") or 0)
    with references.answered_as_validation_errors():
        group = _moto_create(self, name, *args, **settings)
    group.health_check_grace_period = grace_seconds
    notes_of(group).capacity_cause = scaling_activities.at(
        "a user request created an AutoScalingGroup changing the desired capacity from 0 to "
        f"{group.desired_capacity}."
    )
    return group


def _update_group(
    self: FakeAutoScalingGroup,
    availability_zones: list[str],
    desired_capacity: int | None,
    max_size: int | None,
    min_size: int | None,
    **settings: Any,
) -> None:
    """Change what is given, all of it or nothing."""
    wanted = sizes.changed(self, desired_capacity, min_size, max_size)
    references.require_zones(self.autoscaling_backend, availability_zones or [])
    _require_valid(self.autoscaling_backend, settings)
    if any(_differs(self, source, settings.get(source)) for source in _LAUNCH_SOURCES):
        instance_refresh.require_no_desired_configuration(self)
    present_policy = self.mixed_instances_policy
    with references.answered_as_validation_errors():
        _moto_update(self, availability_zones, None, None, None, **settings)
    if not any(settings.get(source) for source in _LAUNCH_SOURCES):
        self.mixed_instances_policy = present_policy  # moto forgets it
    if settings.get("launch_config_name"):
        self.ec2_launch_template = None
    sizes.set_on(self, wanted, "a user request")
    reconcile_group(self)


def _differs(group: FakeAutoScalingGroup, source: str, given: Any) -> bool:
    """Whether a request changes what the group launches from; a template may be named by part."""
    present = getattr(group, _LAUNCH_SOURCES[source], None)
    if isinstance(given, Mapping) and isinstance(present, Mapping):
        return any(present.get(name) != value for name, value in given.items())
    return bool(given) and given != present


def _require_name(name: str) -> None:
    """AWS: "You cannot use a colon (:) in the name"."""
    if ":" in name:
        raise ValidationError(f"Invalid AutoScalingGroupName {name}: it cannot have a colon")


def _require_valid(backend: AutoScalingBackend, settings: Mapping[str, Any]) -> None:
    references.require_health_check_types(settings.get("health_check_type"))
    references.require_launch_configuration(backend, settings.get("launch_config_name"))
    references.require_launch_template(backend, settings.get("launch_template"))
    policy = settings.get("mixed_instances_policy") or {}
    mixed_instances_policy.require_emulated(policy)
    named = (policy.get("LaunchTemplate") or {}).get("LaunchTemplateSpecification")
    references.require_launch_template(backend, named)


def _require_load_balancers(
    backend: AutoScalingBackend, names: Sequence[str], present: Sequence[str] = ()
) -> None:
    """Raise ValidationError when they are not there, or too many with the group's present ones."""
    references.require_load_balancers(backend, names)
    group_quotas.require_few_sources(group_quotas.LOAD_BALANCERS, [*present, *names])


def _require_target_groups(
    backend: AutoScalingBackend, arns: Sequence[str], present: Sequence[str] = ()
) -> None:
    """Raise ValidationError when they are not there, or too many with the group's present ones."""
    references.require_target_groups(backend, arns)
    group_quotas.require_few_sources(group_quotas.TARGET_GROUPS, [*present, *arns])


def _set_group_capacity(self: FakeAutoScalingGroup, new_capacity: int | None) -> None:
    """Only note what is wanted; the reconciler launches and terminates."""
    self.desired_capacity = self.min_size if new_capacity is None else int(new_capacity)


def _set_desired_capacity(
    self: AutoScalingBackend, group_name: str, desired_capacity: int | None
) -> None:
    """Set it within the group's bounds: a scaling policy may ask for more than they allow."""
    group = require_group(self, group_name)
    before = group.desired_capacity
    wanted = min(max(int(desired_capacity or 0), group.min_size or 0), group.max_size or 0)
    if wanted != before:
        group.desired_capacity = wanted
        notes_of(group).capacity_cause = scaling_activities.at(
            "a user request explicitly set group desired capacity changing the desired capacity "
            f"from {before} to {wanted}."
        )
    reconcile_group(group)


def _delete_auto_scaling_group(self: AutoScalingBackend, group_name: str) -> None:
    """Delete the group and end its instances, as a request with ForceDelete does: an empty one goes
    at once."""
    group = require_group(self, group_name)
    for policy in policies.of_group(self, group):
        target_tracking.delete_policy(self, policy)
    group_deletion.begin(group)
    reconcile_group(group)


def _leave_to_the_reconciler(self: AutoScalingBackend, group_name: str) -> None:
    """It registers members once they are in service."""


def _attach_load_balancers(self: AutoScalingBackend, group_name: str, names: list[str]) -> None:
    group = require_group(self, group_name)
    _require_load_balancers(self, names, group.load_balancer_names)
    group.load_balancer_names = list(dict.fromkeys([*group.load_balancer_names, *names]))
    reconcile_group(group)


def _detach_load_balancers(self: AutoScalingBackend, group_name: str, names: list[str]) -> None:
    group = require_group(self, group_name)
    group.load_balancer_names = [each for each in group.load_balancer_names if each not in names]
    for member in members_of(group):
        for name in member.registered_load_balancers & set(names):
            registration.leave_load_balancer(group, member, name)


def _attach_target_groups(
    self: AutoScalingBackend, group_name: str, target_group_arns: list[str]
) -> None:
    group = require_group(self, group_name)
    _require_target_groups(self, target_group_arns, group.target_group_arns)
    group.append_target_groups(target_group_arns)
    reconcile_group(group)


def _detach_target_groups(
    self: AutoScalingBackend, group_name: str, target_group_arns: list[str]
) -> None:
    group = require_group(self, group_name)
    group.target_group_arns = [
        arn for arn in group.target_group_arns if arn not in target_group_arns
    ]
    for member in members_of(group):
        for arn in member.registered_target_groups & set(target_group_arns):
            registration.leave(group, member, arn)
