"""The members of an Auto Scaling group: the state of each, who counts, who is out of date."""

from __future__ import annotations

from typing import Any, cast

from moto.autoscaling.models import FakeAutoScalingGroup, InstanceState
from moto.ec2.exceptions import InvalidLaunchTemplateVersionNotFound
from moto.ec2.models.instances import Instance

from local_aws.contract.facts import TargetKey
from local_aws.control_plane.auto_scaling.group import instance_refreshes
from local_aws.control_plane.auto_scaling.group.lifecycle_hooks import LifecycleAction
from local_aws.control_plane.auto_scaling.group.scaling_activities import ScalingActivity
from local_aws.control_plane.auto_scaling.instances import mixed_instances_policy
from local_aws.control_plane.auto_scaling.instances.placement import Source


class Member(InstanceState):
    """An instance in a group, in place of moto's own class for it.

    `launched_from` is the launch template's exact version (or the launch configuration's name) as
    DescribeAutoScalingInstances shows it; empty for an attached instance. `activity` is the scaling
    activity that is under way for it. `lifecycle_actions` are its waits for lifecycle
    hooks in this transition; None until they begin.
    """

    def __init__(
        self,
        group: FakeAutoScalingGroup,
        instance: Instance,
        lifecycle_state: str,
        launched_from: dict[str, Any],
        activity: ScalingActivity | None = None,
    ) -> None:
        instance.autoscaling_group = group  # type: ignore[attr-defined] # moto's own habit
        super().__init__(
            instance,
            lifecycle_state=lifecycle_state,
            protected_from_scale_in=group.new_instances_protected_from_scale_in,
        )
        self.zone = instance.availability_zone or ""
        self.launched_from = launched_from
        self.activity = activity
        self.failed_check = ""
        self.in_service_since: float | None = None  # seconds since the epoch
        self.draining: dict[TargetKey, float] = {}  # until when at most, on leaving
        self.registered_target_groups: set[str] = set()
        self.registered_load_balancers: set[str] = set()  # Classic ones, by name
        self.lifecycle_actions: list[LifecycleAction] | None = None

    @property
    def is_pending(self) -> bool:
        """Whether it is on its way into service: Pending, or Pending:Wait for a lifecycle hook."""
        return self.lifecycle_state.startswith("Pending")

    @property
    def is_terminating(self) -> bool:
        """Whether it leaves: Terminating, Terminating:Wait or Terminating:Proceed."""
        return self.lifecycle_state.startswith("Terminating")

    @property
    def launch_template(self) -> dict[str, Any] | None:
        return self.launched_from if "LaunchTemplateId" in self.launched_from else None

    @property
    def launch_configuration_name(self) -> str | None:
        return self.launched_from.get("LaunchConfigurationName")


def members_of(group: FakeAutoScalingGroup) -> list[Member]:
    """Return the group's own list of members, leaving ones included."""
    return cast("list[Member]", group.instance_states)


def counted(group: FakeAutoScalingGroup) -> list[Member]:
    """Return the members that make up the group's actual capacity: coming or in service."""
    return [
        member
        for member in members_of(group)
        if member.is_pending or member.lifecycle_state == "InService"
    ]


def in_service(group: FakeAutoScalingGroup) -> list[Member]:
    """Return the members that are InService."""
    return [member for member in members_of(group) if member.lifecycle_state == "InService"]


def in_standby(group: FakeAutoScalingGroup) -> list[Member]:
    """Return the members that are Standby."""
    return [member for member in members_of(group) if member.lifecycle_state == "Standby"]


def find(group: FakeAutoScalingGroup, instance_id: str) -> Member | None:
    """Return the member with this instance id; None when the group has none."""
    return next((item for item in members_of(group) if item.instance_id == instance_id), None)


def zones(group: FakeAutoScalingGroup) -> list[str]:
    """Return the group's Availability Zones in their order, each once."""
    return list(dict.fromkeys(group.availability_zones))


def subnet_ids(group: FakeAutoScalingGroup) -> list[str]:
    """Return the group's subnets; none when it was created by zones."""
    return group.vpc_zone_identifier.split(",") if group.vpc_zone_identifier else []


def launch_source(group: FakeAutoScalingGroup) -> dict[str, Any]:
    """Return what the group launches from now, in the form of `Member.launched_from`.

    A version may have been deleted: the group keeps its number, and launches fail.
    """
    template, named = instance_refreshes.launch_template(group)
    if template is None:
        return {"LaunchConfigurationName": group.launch_configuration_name}
    try:
        version = str(template.get_version(named).number)
    except InvalidLaunchTemplateVersionNotFound:
        version = str(named)
    return {
        "LaunchTemplateId": template.id,
        "LaunchTemplateName": template.name,
        "Version": version,
    }


def is_current(group: FakeAutoScalingGroup, member: Member) -> bool:
    """Whether the group would launch the member as it is: source, type and subnet."""
    if member.launched_from != launch_source(group):
        return False
    if not has_first_type(group, member):
        return False
    subnets = subnet_ids(group)
    return not subnets or member.instance.subnet_id in subnets


def source_age(group: FakeAutoScalingGroup, member: Member) -> Source:
    """Return what the member was launched from, for the termination policies."""
    name = member.launch_configuration_name
    if name:
        names = list(group.autoscaling_backend.launch_configurations)
        return 0, names.index(name) + 1 if name in names else 0
    template = member.launch_template or {}
    current, _ = instance_refreshes.launch_template(group)
    if current is None or template.get("LaunchTemplateId") != current.id:
        return 1, 0
    return 2, int(template["Version"])


def has_first_type(group: FakeAutoScalingGroup, member: Member) -> bool:
    """Whether its type is the one that the group launches, where a policy of its names one."""
    wanted = mixed_instances_policy.instance_type(group)
    return wanted in (None, member.instance.instance_type)
