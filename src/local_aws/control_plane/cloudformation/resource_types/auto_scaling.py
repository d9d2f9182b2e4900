"""AWS::AutoScaling::AutoScalingGroup."""

from __future__ import annotations

import copy
from typing import Any

from local_aws.control_plane.cloudformation.resource_types import backends
from local_aws.control_plane.cloudformation.resource_types.base import (
    Place,
    Properties,
    ResourceType,
    as_bool,
    as_int,
    generated_name,
)

LAUNCH_PROPERTIES = frozenset(
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
    """Changed in place; moto deletes the group and makes another.

    AWS: "AWS::AutoScaling::AutoScalingGroup": only the name needs a replacement.
    """

    replacing_properties = frozenset({"AutoScalingGroupName", "InstanceId"})

    def create(self, place: Place, properties: Properties) -> Any:
        name = properties.get("AutoScalingGroupName") or generated_name(self.name, place)
        return backends.auto_scaling(place).create_auto_scaling_group(
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

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> Any:
        backend = backends.auto_scaling(place)
        backend.update_auto_scaling_group(name=model.name, **_settings(new))
        model.tags = _tags(place, model.name, new)
        model.termination_policies = new.get("TerminationPolicies") or ["Default"]
        if "Cooldown" in new:
            model.default_cooldown = as_int(new, "Cooldown")
        before, after = old.get("TargetGroupARNs", []), new.get("TargetGroupARNs", [])
        removed = [arn for arn in before if arn not in after]
        added = [arn for arn in after if arn not in before]
        if removed:
            backend.detach_load_balancer_target_groups(model.name, removed)
        if added:
            backend.attach_load_balancer_target_groups(model.name, added)
        return model

    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        backend = backends.auto_scaling(place)
        # CloudFormation empties the group first; scale-in protection does not hold it up.
        protected = [state.instance.id for state in model.instance_states]
        backend.set_instance_protection(model.name, protected, False)
        backend.delete_auto_scaling_group(model.name)

    def attribute(self, model: Any, name: str) -> Any:
        return model.arn if name == "AutoScalingGroupARN" else super().attribute(model, name)


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
