"""Launch instances for a group: from its template's exact version, spread over its zones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from moto.autoscaling.models import ASG_NAME_TAG, FakeAutoScalingGroup
from moto.core.exceptions import ServiceException
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models.instances import Instance

from local_aws.control_plane.auto_scaling.group import causes, scaling_activities
from local_aws.control_plane.auto_scaling.group.notes import begin_activity, notes_of
from local_aws.control_plane.auto_scaling.instances import (
    members,
    mixed_instances_policy,
    placement,
)
from local_aws.control_plane.auto_scaling.instances.members import Member
from local_aws.control_plane.ec2.launches import launch_options, launch_placement
from local_aws.control_plane.ec2.launches.launching import INSTANCE_LIMIT
from local_aws.control_plane.ec2.security import instance_profiles

_RETRY_SECONDS = 10.0
"""After a launch that failed, or was abandoned in a lifecycle hook; AWS waits as well, and longer
each time."""

_BALANCING_RETRY_SECONDS = 60.0
"""For a zone that is tried only to even out the zones: nothing is missing meanwhile."""

_OF_ITS_ZONE = frozenset(
    {
        "InsufficientFreeAddressesInSubnet",
        "InsufficientInstanceCapacity",
        "InvalidSubnetID.NotFound",
    }
)
"""EC2's error codes that say nothing of other zones."""


def launch(
    group: FakeAutoScalingGroup, count: int, now: float, leaving: Sequence[Member] = ()
) -> None:
    """Launch up to `count` instances, each into the zone with the fewest that stay.

    `leaving` are members that will go. A launch that fails is a failed scaling activity. When its
    zone is why, the other zones are tried; else it ends the attempt for a while. AWS:
    "balanced-best-effort" in API_AvailabilityZoneDistribution, which is the default.
    """
    count = min(count, INSTANCE_LIMIT)  # the launch that is one too many fails by EC2's limit
    present = members.counted(group)
    occupied = [member.zone for member in present if member not in leaving]
    missing = causes.scaling_out(notes_of(group).capacity_cause, len(present), count)
    for _ in range(count):
        zone = _launch_one(group, occupied, _cause(group, leaving, missing), now)
        if zone is None:
            return
        occupied.append(zone)


def _launch_one(
    group: FakeAutoScalingGroup, occupied: Sequence[str], cause: str, now: float
) -> str | None:
    """The zone that took the launch; None when none did."""
    while now >= notes_of(group).launch_retry_at:
        zones = [zone for zone in members.zones(group) if _is_open(group, zone, now)]
        if not zones:
            return None
        zone = placement.emptiest_zone(zones, occupied)
        if launch_into(group, zone, cause, now):
            return zone
    return None


def _is_open(group: FakeAutoScalingGroup, zone: str, now: float) -> bool:
    failed_at = notes_of(group).zone_failed_at.get(zone)
    return failed_at is None or now >= failed_at + _RETRY_SECONDS


def may_balance(group: FakeAutoScalingGroup, zone: str, now: float) -> bool:
    """Whether an instance may be launched into the zone only to even out the zones."""
    failed_at = notes_of(group).zone_failed_at.get(zone)
    waits = failed_at is not None and now < failed_at + _BALANCING_RETRY_SECONDS
    return now >= notes_of(group).launch_retry_at and not waits


def launch_into(group: FakeAutoScalingGroup, zone: str, cause: str, now: float) -> bool:
    """Launch one instance into a zone; return False when EC2 refuses."""
    notes = notes_of(group)
    subnet_id = _subnet_in(group, zone)
    activity = begin_activity(group, "Launching a new EC2 instance.", cause, zone, subnet_id)
    try:
        instance = _run_instance(group, zone, subnet_id)
    except ServiceException as error:
        if error.code in _OF_ITS_ZONE:
            notes.zone_failed_at[zone] = now
        else:
            delay_next(group, now)
        activity.fail(f"{error}. Launching EC2 instance failed.")
        return False
    notes.zone_failed_at.pop(zone, None)
    activity.description = f"Launching a new EC2 instance: {instance.id}"
    members.members_of(group).append(
        Member(group, instance, "Pending", members.launch_source(group), activity)
    )
    notes.replacements_owed = max(0, notes.replacements_owed - 1)
    return True


def delay_next(group: FakeAutoScalingGroup, now: float) -> None:
    """Let the next launch wait a while: what went wrong now would go wrong again at once."""
    notes_of(group).launch_retry_at = now + _RETRY_SECONDS


def _cause(group: FakeAutoScalingGroup, leaving: Sequence[Member], missing: str) -> str:
    """Of the next launch: `missing`, unless it is for one that is unhealthy."""
    waiting = any(member.health_status == "Unhealthy" for member in leaving)
    if notes_of(group).replacements_owed or waiting:
        return scaling_activities.at(causes.UNHEALTHY)
    return missing


def _subnet_in(group: FakeAutoScalingGroup, zone: str) -> str | None:
    """Choose, of the group's subnets in the zone, the one with the fewest members.

    When there is none any more it is one that was deleted, for EC2 to refuse.
    """
    there = {
        subnet.id: subnet.availability_zone
        for of_zone in group.ec2_backend.subnets.values()
        for subnet in of_zone.values()
    }
    subnet_ids = members.subnet_ids(group)
    candidates = [subnet_id for subnet_id in subnet_ids if there.get(subnet_id) == zone]
    deleted = [subnet_id for subnet_id in subnet_ids if subnet_id not in there]
    occupied = [member.instance.subnet_id for member in members.counted(group)]
    return min(candidates or deleted, key=occupied.count, default=None)


def _run_instance(group: FakeAutoScalingGroup, zone: str, subnet_id: str | None) -> Instance:
    tags = {**group.get_propagated_tags(), ASG_NAME_TAG: group.name}
    placement = {"AvailabilityZone": zone, "GroupName": group.placement_group}
    asked: dict[str, Any] = {"Placement": placement, "SubnetId": subnet_id}
    where = {"placement": zone, "subnet_id": subnet_id, "region_name": group.region}
    source = members.launch_source(group)
    if "LaunchTemplateId" in source:
        launch_template = {
            "LaunchTemplateId": source["LaunchTemplateId"],
            "Version": source["Version"],
        }
        instance_type = mixed_instances_policy.instance_type(group)
        asked |= {"InstanceType": instance_type, "LaunchTemplate": launch_template}
        launch_placement.require_fitting(group.ec2_backend, asked, 1)
        reservation = group.ec2_backend.run_instances(
            "",
            1,
            None,
            [],
            launch_template=launch_template,
            is_instance_type_default=instance_type is None,
            instance_type=instance_type or "m1.small",  # EC2's default, when nothing names one
            tags={"instance": tags},
            **where,
        )
        instance = reservation.instances[0]
        launch_options.note_options(instance, asked)
        return instance
    configuration = group.launch_config
    profile = _profile(group, configuration.iam_instance_profile)
    placement["Tenancy"] = getattr(configuration, "placement_tenancy", None)
    asked["InstanceType"] = configuration.instance_type
    launch_placement.require_fitting(group.ec2_backend, asked, 1)
    reservation = group.ec2_backend.run_instances(
        configuration.image_id,
        1,
        configuration.user_data,
        configuration.security_groups or [],
        launch_config=configuration,
        is_instance_type_default=False,
        instance_type=configuration.instance_type,
        key_name=configuration.key_name,
        metadata_options=configuration.metadata_options,
        associate_public_ip=configuration.associate_public_ip_address,
        ebs_optimized=configuration.ebs_optimized,
        monitoring_state="enabled" if configuration.instance_monitoring_enabled else "disabled",
        lifecycle="spot" if configuration.spot_price else None,
        tags={"instance": tags},
        **where,
    )
    instance = reservation.instances[0]
    launch_options.note_options(instance, asked)
    if profile:
        group.ec2_backend.associate_iam_instance_profile(instance.id, **profile)
    return instance


def _profile(group: FakeAutoScalingGroup, named: str | None) -> dict[str, str]:
    """A launch configuration names its profile, or gives its ARN.

    Raises EC2ClientError before anything is launched, in the words that users reported of AWS.
    """
    if not named:
        return {}
    is_arn = named.startswith("arn:")
    name, arn = (None, named) if is_arn else (named, None)
    if not instance_profiles.is_known(group.ec2_backend, name, arn):
        raise EC2ClientError("InvalidParameterValue", f"Invalid IamInstanceProfile: {named}")
    return {"iam_instance_profile_arn" if is_arn else "iam_instance_profile_name": named}
