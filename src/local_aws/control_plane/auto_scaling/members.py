"""The members of an Auto Scaling group: who counts, and who is out of date."""

from __future__ import annotations

from typing import Any

from moto.autoscaling.models import FakeAutoScalingGroup, InstanceState

_COUNTED = ("Pending", "InService")


def counted(group: FakeAutoScalingGroup) -> list[InstanceState]:
    """Return the members that make up the group's actual capacity: coming or in service."""
    return [state for state in group.instance_states if state.lifecycle_state in _COUNTED]


def in_service(group: FakeAutoScalingGroup) -> list[InstanceState]:
    return [state for state in group.instance_states if state.lifecycle_state == "InService"]


def find(group: FakeAutoScalingGroup, instance_id: str) -> InstanceState | None:
    return next((state for state in group.instance_states if state.instance_id == instance_id), None)


def zones(group: FakeAutoScalingGroup) -> list[str]:
    """Return the group's Availability Zones in their order, each once."""
    return list(dict.fromkeys(group.availability_zones))


def subnet_ids(group: FakeAutoScalingGroup) -> list[str]:
    """Return the group's subnets; none when it was created by zones."""
    return group.vpc_zone_identifier.split(",") if group.vpc_zone_identifier else []


def launch_source(group: FakeAutoScalingGroup) -> dict[str, Any]:
    """Return what the group would launch from now: the template's exact version, or the
    configuration's name, as DescribeAutoScalingInstances shows it of an instance."""
    template = group.ec2_launch_template
    if template is None:
        return {"LaunchConfigurationName": group.launch_configuration_name}
    return {
        "LaunchTemplateId": template.id,
        "LaunchTemplateName": template.name,
        "Version": str(template.get_version(group.launch_template_version).number),
    }


def is_current(group: FakeAutoScalingGroup, state: InstanceState) -> bool:
    """Tell whether the group would launch this member again as it is: same source, same subnets."""
    if state.launched_from != launch_source(group):
        return False
    subnets = subnet_ids(group)
    return not subnets or state.instance.subnet_id in subnets


def is_suspended(group: FakeAutoScalingGroup, process: str) -> bool:
    """Tell whether one of the group's processes, such as ReplaceUnhealthy, is suspended."""
    return process in group._suspended_processes
