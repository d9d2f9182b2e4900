"""RunInstances: all that a launch template says counts; launch_networks.py settles the network.

moto leaves out the template's profile and metadata options, and shows no security group where none
is named: it is in its VPC's default one.
Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html
"""

from __future__ import annotations

from typing import Any

from moto.autoscaling.models import FakeLaunchConfiguration
from moto.core.types import Base64EncodedString
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.models.instances import Instance, Reservation
from moto.ssm.models import ssm_backends

from local_aws.control_plane import moto_seams
from local_aws.control_plane.ec2.launches import (
    launch_networks,
    launch_options,
    launch_tags,
    launch_values,
)
from local_aws.control_plane.ec2.launches.user_data import check_launch as check_user_data
from local_aws.control_plane.ec2.network_interfaces import launch_conflicts
from local_aws.control_plane.ec2.security import instance_profiles
from local_aws.control_plane.ec2.storage import block_devices, volume_performance

INSTANCE_LIMIT = 1_000
"""In a region: each one is a process with its threads, so a million would be the machine's end."""

_OF_TEMPLATE = {
    "disable_api_stop": "DisableApiStop",
    "ebs_optimized": "EbsOptimized",
    "hibernation_options": "HibernationOptions",
    "instance_initiated_shutdown_behavior": "InstanceInitiatedShutdownBehavior",
}
"""Members of a launch template's data, by moto's arguments of a launch."""

_PARAMETER_IMAGE = "resolve:ssm:"

_MOTOS_DESCRIPTION = "Primary network interface"
"""Of each first one; AWS's has none unless the launch gives it."""

_VIRTUALIZATION = "hvm"
"""Of images that only AWS knows: all but those of the oldest types are. EC2 User Guide,
"Virtualization types"."""

_moto_run_instances = EC2Backend.run_instances


def install() -> None:
    moto_seams.replace(EC2Backend, run_instances=_run_instances)


def _run_instances(
    self: EC2Backend,
    image_id: str | None,
    count: int,
    user_data: Base64EncodedString | None,
    security_group_names: list[str],
    **request: Any,
) -> Reservation:
    check_user_data(user_data)
    _require_room(self, count)
    template = template_data(self, request.get("launch_template"))
    instance_type = _instance_type(request, template)
    launch_networks.settle(self, request, security_group_names, template, instance_type)
    request["metadata_options"] = {
        **template.get("MetadataOptions", {}),
        **(request.get("metadata_options") or {}),
    }
    image_id = _image_id(self, image_id or template.get("ImageId", ""))
    launch_values.check_image(image_id)
    launch_values.check_key_pair(self, request.get("key_name") or template.get("KeyName"))
    launch_values.check_instance_type(instance_type)
    _require_profile(self, request, template)
    devices = block_devices.of_launch(self, image_id, _mappings(request, template))
    volume_performance.require_fitting(devices)
    request["block_device_mappings"] = volume_performance.without_types(devices)
    _take_over(request, template)
    reservation = _moto_run_instances(
        self, image_id, count, user_data, security_group_names, **request
    )
    for instance in reservation.instances:
        _complete(instance, request, template)
        volume_performance.set_performance(instance, devices)
    _associate_profiles(self, reservation, request, template)
    return reservation


def _instance_type(request: dict[str, Any], template: dict[str, Any]) -> str:
    """The template's where the request has moto's default only."""
    is_default = request.get("is_instance_type_default")
    of_template = template.get("InstanceType") if is_default else None
    return str(of_template or request.get("instance_type") or "")


def _complete(instance: Instance, request: dict[str, Any], template: dict[str, Any]) -> None:
    """Give an instance what moto leaves out."""
    interfaces = request["nics"]
    instance.security_groups = instance.security_groups or list(instance.nics[0]._group_set)
    _let_interfaces_go_with(instance, interfaces)
    if instance.image_id not in instance.ec2_backend.amis:
        instance.virtualization_type = _VIRTUALIZATION
    launch_options.note_options(instance, template)
    given = [each["NetworkInterfaceId"] for each in interfaces if "NetworkInterfaceId" in each]
    launch_tags.tag(instance, request.get("tags") or {}, template, given)


def _require_room(backend: EC2Backend, count: int) -> None:
    """EC2: "InstanceLimitExceeded" in its error codes; on AWS the limit is one of vCPUs."""
    wanted = present(backend) + count
    if wanted > INSTANCE_LIMIT:
        raise EC2ClientError(
            "InstanceLimitExceeded",
            f"You have requested more instances ({wanted}) than your current instance limit of "
            f"{INSTANCE_LIMIT} allows for the specified instance type.",
        )


def present(backend: EC2Backend) -> int:
    """How many instances there are that are not terminated."""
    return sum(
        instance.state != "terminated"
        for reservation in backend.reservations.values()
        for instance in reservation.instances
    )


def _take_over(request: dict[str, Any], template: dict[str, Any]) -> None:
    """What a launch template says, and the request does not, of what moto reads no template for."""
    for name, member in _OF_TEMPLATE.items():
        if member in template and not request.get(name):
            request[name] = template[member]
    if template.get("Monitoring", {}).get("Enabled"):
        request["monitoring_state"] = "enabled"


def _require_profile(
    backend: EC2Backend, request: dict[str, Any], template: dict[str, Any]
) -> None:
    """Before anything is launched; moto has looked up the one that a request names itself.

    EC2's words as users reported them.
    """
    if request.get("iam_instance_profile_name") or request.get("iam_instance_profile_arn"):
        return
    profile = template.get("IamInstanceProfile", {})
    launch_conflicts.require_one_profile_name(profile)
    name, arn = profile.get("Name"), profile.get("Arn")
    if name or arn:
        instance_profiles.require_known(backend, name, arn)


def template_data(backend: EC2Backend, specification: dict[str, Any] | None) -> dict[str, Any]:
    if not specification:
        return {}
    data: dict[str, Any] = backend._get_template_from_args(specification).data
    return data


def _mappings(request: dict[str, Any], template: dict[str, Any]) -> list[dict[str, Any]]:
    """The block devices that the request maps, or else its template or launch configuration."""
    found: list[dict[str, Any]] = (
        request.get("block_device_mappings")
        or template.get("BlockDeviceMappings")
        or _mappings_of(request.get("launch_config"))
    )
    return found


def _mappings_of(launch_configuration: FakeLaunchConfiguration | None) -> list[dict[str, Any]]:
    """Its volumes are deleted with their instance unless it says otherwise.

    Source: API_Ebs in the Auto Scaling API Reference.
    """
    given = launch_configuration.block_device_mapping_dict if launch_configuration else []
    return [
        {**each, "Ebs": {"DeleteOnTermination": True, **each["Ebs"]}} if each.get("Ebs") else each
        for each in given or []
    ]


def _image_id(backend: EC2Backend, image_id: str) -> str:
    """Look up an image that is given as `resolve:ssm:<parameter name>`."""
    if not image_id.startswith(_PARAMETER_IMAGE):
        return image_id
    name = image_id.removeprefix(_PARAMETER_IMAGE)
    parameter = ssm_backends[backend.account_id][backend.region_name].get_parameter(name)
    if parameter is None:
        raise EC2ClientError(
            "InvalidParameterValue", f"The parameter {name} of image id '{image_id}' does not exist"
        )
    return str(parameter.value)


def _let_interfaces_go_with(instance: Instance, requested: list[dict[str, Any]]) -> None:
    """Those that the launch has made are deleted on termination, unless the request says no.

    Source: API_InstanceNetworkInterfaceSpecification, and "Delete a network interface" in the
    Amazon EC2 User Guide.
    """
    kept = {
        int(interface.get("DeviceIndex", 0))
        for interface in requested
        if "NetworkInterfaceId" in interface or interface.get("DeleteOnTermination") is False
    }
    described = {
        int(interface.get("DeviceIndex", 0)): interface.get("Description") or ""
        for interface in requested
    }
    for index, interface in instance.nics.items():
        interface.delete_on_termination = index not in kept
        if interface.description == _MOTOS_DESCRIPTION:
            interface.description = described.get(index, "")


def _associate_profiles(
    backend: EC2Backend,
    reservation: Reservation,
    request: dict[str, Any],
    template: dict[str, Any],
) -> None:
    name = request.get("iam_instance_profile_name")
    arn = request.get("iam_instance_profile_arn")
    instances = reservation.instances
    if name or arn:
        instances = instances[1:]  # moto's request handler sees to the first one, and only that
    else:
        profile = template.get("IamInstanceProfile", {})
        name, arn = profile.get("Name"), profile.get("Arn")
    if name or arn:
        for instance in instances:
            backend.associate_iam_instance_profile(instance.id, name, arn)
