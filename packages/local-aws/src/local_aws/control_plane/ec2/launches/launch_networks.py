"""The network of a launch: its interfaces, its subnet and its security groups.

moto leaves out the template's network interfaces, and puts an instance that names only a zone (or
nothing) at an address outside its subnet.
Source: API_RunInstances and API_InstanceNetworkInterfaceSpecification in the EC2 API Reference.
"""

from __future__ import annotations

from typing import Any

from moto.ec2.exceptions import EC2ClientError, InvalidSecurityGroupNotFoundError
from moto.ec2.models import EC2Backend
from moto.ec2.models.security_groups import SecurityGroup

from local_aws.control_plane.ec2.api import zone_names
from local_aws.control_plane.ec2.network_interfaces import (
    interface_attachments,
    interfaces_in_use,
    launch_conflicts,
)


def settle(
    backend: EC2Backend,
    request: dict[str, Any],
    group_names: list[str],
    template: dict[str, Any],
    instance_type: str,
) -> None:
    """Put `nics` and `subnet_id` into the request: what it says, its template, or else the default.

    Raises EC2ClientError for what the instances cannot be given.
    """
    _require_groups(backend, group_names)
    interfaces = request.get("nics") or _interfaces(template)
    groups = _groups(request, group_names, template)
    _require_device_indexes(interfaces)
    launch_conflicts.require_once(
        {
            "NetworkInterfaces": interfaces,
            "SecurityGroupIds": groups,
            "PrivateIpAddress": request.get("private_ip"),
        }
    )
    interfaces_in_use.require_free(backend, interfaces)
    interface_attachments.require_room(instance_type, len(interfaces))
    launch_conflicts.require_no_names(
        request.get("subnet_id"), _group_names(request, group_names, template)
    )
    zone = request.get("placement") or template.get("Placement", {}).get("AvailabilityZone")
    zone_names.require_zone(backend, zone)
    request["nics"] = interfaces
    if not any("SubnetId" in interface for interface in interfaces):
        request["subnet_id"] = request.get("subnet_id") or default_subnet_id(backend, zone)
    launch_conflicts.require_one_network(backend, request.get("subnet_id"), groups)
    for interface in interfaces:
        launch_conflicts.require_one_network(
            backend, interface.get("SubnetId"), interface.get("Groups") or ()
        )


def default_subnet_id(backend: EC2Backend, zone: str | None) -> str | None:
    """Choose the default VPC's subnet of the zone, or of its first zone; None without any."""
    subnets = backend.get_default_subnets()
    zone = zone or min(subnets, default=None)
    return subnets[zone].id if zone in subnets else None


def _require_groups(backend: EC2Backend, names: list[str]) -> None:
    """EC2: "InvalidGroup.NotFound" in its error codes."""
    for name in names:
        if backend.get_security_group_by_name_or_id(name) is None:
            raise InvalidSecurityGroupNotFoundError(name)


def _require_device_indexes(interfaces: list[dict[str, Any]]) -> None:
    """API_InstanceNetworkInterfaceSpecification; EC2's words as users reported them."""
    if not all("DeviceIndex" in interface for interface in interfaces):
        raise EC2ClientError(
            "InvalidParameterValue", "Each network interface requires a device index."
        )


def _interfaces(template: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"DeviceIndex": 0, **interface} for interface in template.get("NetworkInterfaces", [])]


def _groups(
    request: dict[str, Any], names: list[str], template: dict[str, Any]
) -> list[str | SecurityGroup]:
    """What the launch names of its instances' groups, or else its template."""
    return [
        *(names or template.get("SecurityGroups", [])),
        *(request.get("security_group_ids") or template.get("SecurityGroupIds", [])),
    ]


def _group_names(request: dict[str, Any], names: list[str], template: dict[str, Any]) -> list[str]:
    """What the launch gives by name; a launch configuration gives ids in the same place."""
    by_name: list[str] = names or template.get("SecurityGroups", [])
    return [] if request.get("launch_config") else by_name
