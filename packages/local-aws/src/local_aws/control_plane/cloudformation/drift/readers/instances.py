"""Launch templates, key pairs and groups of instances."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local_aws.control_plane.cloudformation.drift.readers import tags

_AS_SHOWN = (
    "AutoScalingGroupName",
    "AvailabilityZones",
    "CapacityRebalance",
    "DefaultInstanceWarmup",
    "DesiredCapacity",
    "HealthCheckGracePeriod",
    "HealthCheckType",
    "LaunchConfigurationName",
    "LaunchTemplate",
    "LoadBalancerNames",
    "MaxInstanceLifetime",
    "MaxSize",
    "MinSize",
    "MixedInstancesPolicy",
    "NewInstancesProtectedFromScaleIn",
    "PlacementGroup",
    "TargetGroupARNs",
    "TerminationPolicies",
)


def group(api: Any, name: str, _: frozenset[str]) -> Mapping[str, Any]:
    found = api("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[name])
    shown = found["AutoScalingGroups"][0]
    return {
        **{name: shown.get(name) for name in _AS_SHOWN},
        "Cooldown": shown["DefaultCooldown"],
        "VPCZoneIdentifier": [
            each for each in shown.get("VPCZoneIdentifier", "").split(",") if each
        ],
        "Tags": tags.given(shown["Tags"], "PropagateAtLaunch"),
    }


def launch_template(api: Any, template_id: str, _: frozenset[str]) -> Mapping[str, Any]:
    """Its data and tags are write-only in its schema."""
    found = api("ec2").describe_launch_templates(LaunchTemplateIds=[template_id])
    return {"LaunchTemplateName": found["LaunchTemplates"][0]["LaunchTemplateName"]}


def key_pair(api: Any, name: str, _: frozenset[str]) -> Mapping[str, Any]:
    shown = api("ec2").describe_key_pairs(KeyNames=[name])["KeyPairs"][0]
    return {
        "KeyName": shown["KeyName"],
        "KeyType": shown.get("KeyType"),
        "Tags": tags.given(shown.get("Tags", [])),
    }
