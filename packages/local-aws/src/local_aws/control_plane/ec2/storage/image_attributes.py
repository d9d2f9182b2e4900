"""Attributes of an image that are changed later: its description, metadata version, deprecation,
and who may launch it.

Source: API_ModifyImageAttribute, API_ResetImageAttribute, API_EnableImageDeprecation and
API_DisableImageDeprecation in the EC2 API Reference; "Deprecate an AMI" in the EC2 User Guide: the
time is rounded to the minute.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.ec2.exceptions import EC2ClientError, InvalidAMIIdError
from moto.ec2.models.amis import Ami
from moto.ec2.responses import EC2Response

from local_aws.control_plane import moto_seams
from local_aws.control_plane.ec2.storage import images

_moto_modify = EC2Response.modify_image_attribute


def install() -> None:
    moto_seams.replace(
        EC2Response, modify_image_attribute=_modify, reset_image_attribute=_reset_launch_permission
    )
    moto_seams.add(
        EC2Response, enable_image_deprecation=_deprecate, disable_image_deprecation=_undeprecate
    )


def _image(response: EC2Response) -> Ami:
    """The one that a request names; raises EC2's error for none."""
    image_id = response._get_param("ImageId")
    image: Ami | None = response.ec2_backend.amis.get(image_id)
    if image is None:
        raise InvalidAMIIdError(image_id)
    return image


def _modify(self: EC2Response) -> ActionResult:
    answer: ActionResult = _moto_modify(self)
    description = _value(self, "Description")
    metadata_version = _value(self, "ImdsSupport")
    if description is not None:
        _image(self).description = description
    if metadata_version is not None:
        images.members(_image(self))["ImdsSupport"] = metadata_version
    return answer


def _value(response: EC2Response, name: str) -> Any:
    """A request has it under its own name, or as Value beside the Attribute's name."""
    given = response._get_param(name)
    if given is not None:
        return given.get("Value")
    is_named = str(response._get_param("Attribute")).lower() == name.lower()
    return response._get_param("Value") if is_named else None


def _reset_launch_permission(self: EC2Response) -> ActionResult:
    """API_ResetImageAttribute: "currently you can only reset the launch permission attribute"."""
    if self._get_param("Attribute") != "launchPermission":
        raise EC2ClientError("InvalidRequest", "The request received was invalid.")
    _image(self).launch_permissions.clear()
    return EmptyResult()


def _deprecate(self: EC2Response) -> ActionResult:
    at: datetime = self._get_param("DeprecateAt")
    at = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    if at <= datetime.now(UTC):
        raise EC2ClientError("InvalidParameterValue", "The deprecation time must be in the future.")
    minute = (at + timedelta(seconds=30)).replace(second=0, microsecond=0)
    images.members(_image(self))["DeprecationTime"] = f"{minute:%Y-%m-%dT%H:%M:%S}.000Z"
    return ActionResult({"Return": True})


def _undeprecate(self: EC2Response) -> ActionResult:
    images.members(_image(self)).pop("DeprecationTime", None)
    return ActionResult({"Return": True})
