"""AWS::AutoScaling::AutoScalingGroup."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any, ClassVar

from moto.autoscaling.exceptions import ValidationError
from moto.ec2.models.instances import Instance

from local_aws.control_plane.auto_scaling.api import (
    lifecycle_hooks,
    metrics_collection,
    refused,
)
from local_aws.control_plane.auto_scaling.group import settings
from local_aws.control_plane.auto_scaling.instances import members, mixed_instances_policy
from local_aws.control_plane.auto_scaling.reconciler import reconcile_group
from local_aws.control_plane.auto_scaling.rolling_update import presence, refresh, rollout
from local_aws.control_plane.cloudformation.resource_schemas import Recreation
from local_aws.control_plane.cloudformation.resource_types.handlers import backends
from local_aws.control_plane.cloudformation.resource_types.handlers.base import (
    Place,
    Properties,
    ResourceType,
    UpdateInPlace,
    as_bool,
    as_int,
    generated_name,
)
from local_aws.control_plane.cloudformation.resource_types.handlers.list_changes import (
    gained_and_lost,
)
from local_aws.control_plane.cloudformation.resource_types.scaling import emptied_group
from local_aws.control_plane.lock import LOCK

_ROLLING = "AutoScalingRollingUpdate"
_REFRESH = "AutoScalingInstanceRefresh"
_POLICIES = frozenset(
    {_ROLLING, _REFRESH, "AutoScalingReplacingUpdate", "AutoScalingScheduledAction"}
)
_LAUNCH_PROPERTIES = frozenset(
    {
        "AvailabilityZones",
        "LaunchConfigurationName",
        "LaunchTemplate",
        "MixedInstancesPolicy",
        "VPCZoneIdentifier",
    }
)
"""A change of these makes AutoScalingRollingUpdate replace instances.

AWS: "UpdatePolicy attribute" in the CloudFormation Template Reference.
"""


class AutoScalingGroup(ResourceType):
    """Changed in place; moto deletes the group and creates another.

    AWS: "AWS::AutoScaling::AutoScalingGroup": only the name needs a replacement.
    """

    attributes: ClassVar[Mapping[str, str]] = {"AutoScalingGroupARN": "arn"}

    def require_emulated(self, properties: Properties) -> None:
        refused.require_emulated(properties)
        mixed_instances_policy.require_emulated(properties.get("MixedInstancesPolicy") or {})
        for hook in properties.get("LifecycleHookSpecificationList", []):
            lifecycle_hooks.require_emulated(hook)

    def create(self, place: Place, properties: Properties) -> Any:
        refused.require_emulated(properties)
        own = settings.of_template(properties)
        name = properties.get("AutoScalingGroupName") or generated_name(self.name, place)
        hooks = properties.get("LifecycleHookSpecificationList", [])
        lifecycle_hooks.require_valid(name, hooks)
        group = backends.auto_scaling(place).create_auto_scaling_group(
            name=name,
            default_cooldown=as_int(properties, "Cooldown"),
            load_balancers=properties.get("LoadBalancerNames", []),
            target_group_arns=list(properties.get("TargetGroupARNs", [])),
            placement_group=properties.get("PlacementGroup"),
            termination_policies=properties.get("TerminationPolicies", []),
            tags=_tags(place, name, properties),
            capacity_rebalance=as_bool(properties.get("CapacityRebalance", False)),
            instance_id=properties.get("InstanceId"),
            **_settings(properties),
        )
        settings.set_on(group, own)
        for hook in hooks:
            lifecycle_hooks.put_hook(group, hook)
        _collect_metrics(group, properties)
        reconcile_group(group)
        return group

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> Any:
        refused.require_emulated(new)
        own = settings.of_template(new)
        backend = backends.auto_scaling(place)
        backend.update_auto_scaling_group(name=model.name, **_settings(new))
        settings.set_on(model, own)
        _collect_metrics(model, new)
        model.tags = _tags(place, model.name, new)
        model.termination_policies = new.get("TerminationPolicies") or ["Default"]
        model.placement_group = new.get("PlacementGroup")
        if "Cooldown" in new:
            model.default_cooldown = as_int(new, "Cooldown")
        _update_hooks(model, old, new)
        for name, attach, detach in (
            (
                "TargetGroupARNs",
                backend.attach_load_balancer_target_groups,
                backend.detach_load_balancer_target_groups,
            ),
            ("LoadBalancerNames", backend.attach_load_balancers, backend.detach_load_balancers),
        ):
            gained, lost = gained_and_lost(old, new, name)
            if lost:
                detach(model.name, lost)
            if gained:
                attach(model.name, gained)
        return model

    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        """Begin to empty it; `wait_until_deleted` deletes it."""
        emptied_group.begin(model)

    def wait_until_deleted(self, model: Any) -> None:
        """The group goes once its instances have ended."""
        emptied_group.wait(model)
        with LOCK:
            if presence.is_there(model):
                model.autoscaling_backend.delete_auto_scaling_group(model.name)
        emptied_group.wait_until_gone(model)

    def recreation(self, name: str, old: Properties, new: Properties) -> Recreation:
        """What its schema calls conditional depends on the UpdatePolicy: see replaces_by_policy."""
        found = super().recreation(name, old, new)
        return "Never" if found == "Conditionally" else found

    def with_stack_tags(self, properties: Properties, tags: Mapping[str, str]) -> Properties:
        """They reach the instances, too."""
        added = [{"Key": k, "Value": v, "PropagateAtLaunch": True} for k, v in tags.items()]
        return {**properties, "Tags": [*added, *properties.get("Tags", [])]}

    def require_policy(self, update_policy: Any) -> None:
        given = update_policy if isinstance(update_policy, Mapping) else {}
        unknown = sorted(given.keys() - _POLICIES)
        if unknown:
            raise ValidationError(f"Encountered unsupported property {unknown[0]} in UpdatePolicy")
        if _ROLLING in given and _REFRESH in given:
            raise ValidationError(f"UpdatePolicy must not have both {_ROLLING} and {_REFRESH}")
        if _REFRESH in given:
            refresh.require(given[_REFRESH])

    def replaces_by_policy(self, changed: frozenset[str], update_policy: Mapping[str, Any]) -> bool:
        replacing = update_policy.get("AutoScalingReplacingUpdate", {})
        return as_bool(replacing.get("WillReplace", False)) and bool(changed & _LAUNCH_PROPERTIES)

    def less_what_policy_leaves(
        self, update_policy: Mapping[str, Any], model: Any, old: Properties, new: Properties
    ) -> Properties:
        """AutoScalingScheduledAction: sizes that the template did not change stay as they are."""
        policy = update_policy.get("AutoScalingScheduledAction", {})
        if not as_bool(policy.get("IgnoreUnmodifiedGroupSizeProperties", False)):
            return new
        present = {
            "DesiredCapacity": model.desired_capacity,
            "MaxSize": model.max_size,
            "MinSize": model.min_size,
        }
        kept = {name: present[name] for name in present if str(old.get(name)) == str(new.get(name))}
        return {**new, **kept}

    def follow_update_policy(self, update: UpdateInPlace) -> None:
        if not update.changed & _LAUNCH_PROPERTIES:
            return
        name, region = update.physical_id, update.place.region
        if rolling := update.policy.get(_ROLLING):
            wait, cancelled, note = update.wait_for_signals, update.cancelled, update.note
            rollout.run(name, region, rolling, wait, cancelled, note)
        if refreshing := update.policy.get(_REFRESH):
            refresh.run(name, region, refreshing, update.cancelled, update.note)

    def instances(self, model: Any) -> list[Instance]:
        return [member.instance for member in members.counted(model)]

    def percent_of_signals(self, creation_policy: Mapping[str, Any]) -> int:
        policy = creation_policy.get("AutoScalingCreationPolicy", {})
        return int(policy.get("MinSuccessfulInstancesPercent", 100))


def _collect_metrics(group: Any, properties: Properties) -> None:
    """Measure exactly what the group's own property says."""
    metrics_collection.disable(group, [])
    for each in properties.get("MetricsCollection", []):
        metrics_collection.enable(group, each.get("Metrics", []), each["Granularity"])


def _update_hooks(group: Any, old: Properties, new: Properties) -> None:
    """Put the hooks that the group's own property lists, and delete those it lists no more."""
    listed = new.get("LifecycleHookSpecificationList", [])
    names = {hook["LifecycleHookName"] for hook in listed}
    for hook in old.get("LifecycleHookSpecificationList", []):
        if hook["LifecycleHookName"] not in names:
            lifecycle_hooks.delete_hook(group, hook["LifecycleHookName"])
    for hook in listed:
        lifecycle_hooks.put_hook(group, hook)


def _settings(properties: Properties) -> dict[str, Any]:
    """What creating and updating have in common, as moto takes it."""
    return {
        "availability_zones": list(properties.get("AvailabilityZones", [])),
        "desired_capacity": as_int(properties, "DesiredCapacity"),
        "max_size": as_int(properties, "MaxSize"),
        "min_size": as_int(properties, "MinSize"),
        "launch_config_name": properties.get("LaunchConfigurationName"),
        "launch_template": dict(properties.get("LaunchTemplate", {})),
        "vpc_zone_identifier": ",".join(properties.get("VPCZoneIdentifier", [])) or None,
        "health_check_period": as_int(properties, "HealthCheckGracePeriod"),
        "health_check_type": properties.get("HealthCheckType"),
        "new_instances_protected_from_scale_in": as_bool(
            properties.get("NewInstancesProtectedFromScaleIn", False)
        ),
        "mixed_instances_policy": copy.deepcopy(properties.get("MixedInstancesPolicy")),
    }


def _tags(place: Place, group_name: str, properties: Properties) -> list[dict[str, Any]]:
    """The group's tags; the stack's own reach the instances too."""
    tags = {key: (value, True) for key, value in place.all_tags.items()}
    for tag in properties.get("Tags", []):
        tags[tag["Key"]] = (str(tag["Value"]), as_bool(tag.get("PropagateAtLaunch", False)))
    return [
        {
            "Key": key,
            "Value": value,
            "PropagateAtLaunch": propagate,
            "ResourceId": group_name,
            "ResourceType": "auto-scaling-group",
        }
        for key, (value, propagate) in tags.items()
    ]
