"""What EC2 refuses of a launch into a placement group.

Source: "Placement groups" and "Placement group rules and limitations" in the EC2 User Guide; EC2's
words as users reported them. Of a spread group that is full the guide says only that the launch
fails: the code is the one for a lack of capacity.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.models.instance_types import INSTANCE_TYPES

from local_aws.control_plane.ec2.launches import launch_networks, launching, placement_groups
from local_aws.control_plane.ec2.launches.placement_groups import (
    CLUSTER,
    PARTITION,
    SPREAD,
    PlacementGroup,
)

_SPREAD_LIMIT = 7
"""Running instances of a rack spread group in a zone."""
_DEFAULT_TYPE = "m1.small"


def require_fitting(backend: EC2Backend, asked: Mapping[str, Any], count: int) -> None:
    """Raise EC2ClientError for a launch that its placement group does not take.

    `asked` has members of RunInstances; a launch template gives those that are left out.
    """
    template = launching.template_data(backend, asked.get("LaunchTemplate"))
    placement = {**template.get("Placement", {}), **_given(asked.get("Placement"))}
    group = placement_groups.named(backend, placement)
    if group is None:
        return
    instance_type = asked.get("InstanceType") or template.get("InstanceType") or _DEFAULT_TYPE
    _require_type(group, instance_type)
    _require_partition(group, placement.get("PartitionNumber"))
    interfaces = asked.get("NetworkInterfaces") or template.get("NetworkInterfaces") or []
    zone = _zone(backend, asked.get("SubnetId"), interfaces, placement.get("AvailabilityZone"))
    _require_room(group, zone, count)


def _given(placement: Mapping[str, Any] | None) -> dict[str, Any]:
    return {name: value for name, value in (placement or {}).items() if value}


def _zone(
    backend: EC2Backend,
    subnet_id: str | None,
    interfaces: list[Mapping[str, Any]],
    zone: str | None,
) -> str | None:
    """Where the launch will be: of its subnet, of its interface's, or the zone it names."""
    for interface in interfaces:
        subnet_id = subnet_id or interface.get("SubnetId")
        if interface_id := interface.get("NetworkInterfaceId"):
            return str(backend.get_network_interface(interface_id).subnet.availability_zone)
    subnet_id = subnet_id or launch_networks.default_subnet_id(backend, zone)
    return str(backend.get_subnet(subnet_id).availability_zone) if subnet_id else zone


def _require_type(group: PlacementGroup, instance_type: str) -> None:
    supported = (
        INSTANCE_TYPES.get(instance_type, {})
        .get("PlacementGroupInfo", {})
        .get("SupportedStrategies")
    )
    if supported is not None and group.strategy not in supported:
        raise EC2ClientError(
            "InvalidParameterCombination",
            f"{group.strategy.capitalize()} placement groups are not supported by the "
            f"'{instance_type}' instance type. Specify a supported instance type or change the "
            "placement group strategy, and try again.",
        )


def _require_partition(group: PlacementGroup, number: Any) -> None:
    if not number:
        return
    if group.strategy != PARTITION:
        raise EC2ClientError(
            "InvalidParameterCombination",
            f"PartitionNumber is valid for the strategy '{PARTITION}' only, not for "
            f"'{group.strategy}'.",
        )
    if not 1 <= int(number) <= (group.partition_count or 0):
        raise EC2ClientError(
            "InvalidParameterValue",
            f"Value ({number}) for parameter PartitionNumber is invalid. The placement group "
            f"'{group.group_name}' has {group.partition_count} partitions.",
        )


def _require_room(group: PlacementGroup, zone: str | None, count: int) -> None:
    zones = Counter(instance.placement.zone for instance in group.instances())
    elsewhere = sorted(str(each) for each in zones.keys() - {zone})
    if group.strategy == CLUSTER and elsewhere:
        raise EC2ClientError(
            "InvalidPlacementGroup.InUse",
            f"The placement group '{group.group_name}' is in use in another availability zone: "
            f"{elsewhere[0]}",
        )
    if (
        group.strategy == SPREAD
        and group.spread_level == "rack"
        and zones[zone] + count > _SPREAD_LIMIT
    ):
        raise EC2ClientError(
            "InsufficientInstanceCapacity",
            f"The placement group '{group.group_name}' takes {_SPREAD_LIMIT} instances in the "
            f"availability zone {zone}; {zones[zone]} are there.",
        )
