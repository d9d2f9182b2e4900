"""Auto Scaling's launch configurations."""

from __future__ import annotations

import base64
from typing import Any

from local_aws.control_plane.cloudformation.resource_types.handlers import backends
from local_aws.control_plane.cloudformation.resource_types.handlers.base import (
    Place,
    Properties,
    ResourceFailedError,
    as_bool,
    generated_name,
)
from local_aws.control_plane.cloudformation.resource_types.handlers.by_api import Api, ResourceByApi

_AS_GIVEN = (
    "AssociatePublicIpAddress",
    "BlockDeviceMappings",
    "ClassicLinkVPCId",
    "ClassicLinkVPCSecurityGroups",
    "EbsOptimized",
    "IamInstanceProfile",
    "ImageId",
    "InstanceId",
    "InstanceType",
    "KernelId",
    "KeyName",
    "MetadataOptions",
    "PlacementTenancy",
    "SecurityGroups",
    "SpotPrice",
)
"""The properties that are members of CreateLaunchConfiguration too."""


class LaunchConfiguration(ResourceByApi):
    """Every change creates a new one; moto drops its block devices and metadata options.

    AWS: "AWS::AutoScaling::LaunchConfiguration" in the CloudFormation Template Reference.
    """

    changing_properties = frozenset()

    def create(self, place: Place, properties: Properties) -> str:
        name = properties.get("LaunchConfigurationName") or generated_name(self.name, place)
        request = {each: properties[each] for each in _AS_GIVEN if each in properties}
        if "RamDiskId" in properties:
            request["RamdiskId"] = properties["RamDiskId"]
        if "InstanceMonitoring" in properties:
            request["InstanceMonitoring"] = {"Enabled": as_bool(properties["InstanceMonitoring"])}
        if "UserData" in properties:
            request["UserData"] = _decoded(properties["UserData"])
        Api(place, "autoscaling").create_launch_configuration(
            LaunchConfigurationName=name, **request
        )
        return str(name)

    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        # That it is gone already is a ValidationError, as that a group has it.
        if model in backends.auto_scaling(place).launch_configurations:
            Api(place, "autoscaling").delete_launch_configuration(LaunchConfigurationName=model)


def _decoded(user_data: str) -> bytes:
    """Decoded from base64, because boto3 encodes it again."""
    try:
        return base64.b64decode("".join(user_data.split()), validate=True)
    except ValueError:
        raise ResourceFailedError("Invalid BASE64 encoding of user data.") from None
