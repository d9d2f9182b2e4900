"""Launch configurations: made once, of what can be launched, and kept while a group has them.

moto overwrites one of the same name, takes types and key pairs that are not there, drops the
tenancy, and passes over the instance that one is made from.
Sources: API_CreateLaunchConfiguration and API_LaunchConfiguration in the Auto Scaling API
Reference; errors in AWS's words, as users reported them.
"""

from __future__ import annotations

import copy
from typing import Any

from moto.autoscaling.exceptions import (
    AutoscalingClientError,
    InvalidInstanceError,
    ValidationError,
)
from moto.autoscaling.models import AutoScalingBackend, FakeLaunchConfiguration
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend

from local_aws.control_plane import moto_seams
from local_aws.control_plane.auto_scaling.instances import members
from local_aws.control_plane.ec2.launches import launch_values

_TEXTS = ("key_name", "kernel_id", "ramdisk_id", "user_data")
_LISTS = ("classic_link_vpc_security_groups", "security_groups")

_moto_answer_create = AutoScalingResponse.create_launch_configuration
_moto_create = AutoScalingBackend.create_launch_configuration
_moto_delete = AutoScalingBackend.delete_launch_configuration


def install() -> None:
    moto_seams.replace(
        AutoScalingResponse,
        create_launch_configuration=_answer_create,
        describe_launch_configurations=_describe,
    )
    moto_seams.replace(
        AutoScalingBackend,
        create_launch_configuration=_create,
        delete_launch_configuration=_delete,
    )


def _answer_create(self: AutoScalingResponse) -> ActionResult:
    answer: ActionResult = _moto_answer_create(self)
    asked = self._get_params()
    configuration: Any = self.autoscaling_backend.launch_configurations[
        asked["LaunchConfigurationName"]
    ]
    configuration.placement_tenancy = asked.get("PlacementTenancy")
    configuration.instance_monitoring_enabled = asked.get("InstanceMonitoring", {}).get(
        "Enabled", True
    )
    return answer


def _create(self: AutoScalingBackend, name: str, **given: Any) -> FakeLaunchConfiguration:
    if name in self.launch_configurations:
        raise AutoscalingClientError(
            "AlreadyExists",
            "Launch Configuration by this name already exists - A launch configuration already "
            f"exists with the name {name}",
        )
    if given.get("instance_id"):
        taken = _of_instance(self.ec2_backend, given["instance_id"])
        given.update({each: value for each, value in taken.items() if not given.get(each)})
    _require_launchable(self.ec2_backend, given)
    return _moto_create(self, name=name, **given)


def _of_instance(ec2: EC2Backend, instance_id: str) -> dict[str, Any]:
    """What is taken from an instance: all that it was launched with but its block devices."""
    try:
        instance = ec2.get_instance(instance_id)
    except EC2ClientError:
        raise InvalidInstanceError(instance_id) from None
    association = ec2.iam_instance_profile_associations.get(instance_id)
    return {
        "image_id": instance.image_id,
        "instance_type": instance.instance_type,
        "key_name": instance.key_name,
        "security_groups": [group.id for group in instance.security_groups],
        "user_data": instance.user_data,
        "ebs_optimized": instance.ebs_optimized,
        "instance_profile_name": association and association.iam_instance_profile.name,
    }


def _require_launchable(ec2: EC2Backend, given: dict[str, Any]) -> None:
    """Raise ValidationError for an image, a type or a key pair that no instance can have."""
    image, instance_type = given.get("image_id"), given.get("instance_type")
    try:
        if image:
            launch_values.check_image(image)
    except EC2ClientError as error:
        raise ValidationError(f"AMI {image} is invalid: {error.message}") from error
    try:
        launch_values.check_instance_type(instance_type)
    except EC2ClientError as error:
        message = f"The specified instance type {instance_type} is not valid"
        raise ValidationError(message) from error
    try:
        launch_values.check_key_pair(ec2, given.get("key_name"))
    except EC2ClientError as error:
        raise ValidationError(str(error.message)) from error


def _delete(self: AutoScalingBackend, launch_configuration_name: str) -> None:
    name = launch_configuration_name
    if name not in self.launch_configurations:
        raise ValidationError(
            f"Launch configuration name not found - Launch configuration {name} not found"
        )
    for group in self.autoscaling_groups.values():
        if members.launch_source(group).get("LaunchConfigurationName") == name:
            raise AutoscalingClientError(
                "ResourceInUse",
                f"Cannot delete launch configuration {name} because it is attached to "
                f"AutoScalingGroup {group.name}",
            )
    _moto_delete(self, name)


def _describe(self: AutoScalingResponse) -> ActionResult:
    names = self._get_param("LaunchConfigurationNames", [])
    found = self.autoscaling_backend.describe_launch_configurations(names)
    return ActionResult({"LaunchConfigurations": [_complete(each) for each in found]})


def _complete(launch_configuration: Any) -> Any:
    """What it does not have is empty, not left out: community.aws's modules fail without."""
    shown = copy.copy(launch_configuration)
    for names, empty in ((_TEXTS, ""), (_LISTS, [])):
        for name in names:
            setattr(shown, name, getattr(shown, name) or empty)
    return shown
