"""Volumes: in a zone that there is, not smaller than their snapshot, and attached once, to an
instance of their zone that is not on its way up or down.

moto takes any zone, device and size.
Source: API_CreateVolume, API_AttachVolume, API_DetachVolume, API_ModifyVolume, API_CreateSnapshot
and API_CopySnapshot in the EC2 API Reference; "Device names for volumes" in the EC2 User Guide;
answers as they have been recorded, and EC2's words as users reported them.
"""

from __future__ import annotations

import re
from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.models.elastic_block_store import Snapshot, VolumeAttachment
from moto.ec2.responses import EC2Response

from local_aws.control_plane import moto_seams
from local_aws.control_plane.ec2.storage.images import NoVolume

_DEVICE = re.compile(r"(/dev/)?(sda1?|sd[b-z]|xvd[a-d]?[a-z])")
"""Names of HVM instances; those with further digits are for paravirtual ones."""
_LONGEST_DESCRIPTION = 255
_ON_ITS_WAY = ("pending", "shutting-down")

_moto_answer_attach = EC2Response.attach_volume
_moto_answer_create = EC2Response.create_volume
_moto_answer_detach = EC2Response.detach_volume
_moto_answer_snapshot = EC2Response.create_snapshot
_moto_attach = EC2Backend.attach_volume
_moto_detach = EC2Backend.detach_volume
_moto_copy_snapshot = EC2Backend.copy_snapshot


def install() -> None:
    moto_seams.replace(
        EC2Response,
        attach_volume=_answer_attach,
        create_volume=_answer_create,
        create_snapshot=_answer_snapshot,
        detach_volume=_answer_detach,
        reset_snapshot_attribute=_reset_permissions,
    )
    moto_seams.replace(
        EC2Backend, attach_volume=_attach, detach_volume=_detach, copy_snapshot=_copy_snapshot
    )
    moto_seams.add(VolumeAttachment, delete_on_termination=property(_is_deleted))


def _answer_create(self: EC2Response) -> ActionResult:
    zone, snapshot_id = self._get_param("AvailabilityZone"), self._get_param("SnapshotId")
    if zone and zone not in {each.name for each in self.ec2_backend.describe_availability_zones()}:
        raise EC2ClientError("InvalidZone.NotFound", f"The zone '{zone}' does not exist.")
    size = self._get_int_param("Size")
    if snapshot_id and size:
        needed = self.ec2_backend.get_snapshot(snapshot_id).volume_size
        if size < needed:
            raise _invalid(
                f"Volume of size {size}GB is smaller than snapshot '{snapshot_id}', "
                f"expect size >= {needed}GB"
            )
    return _moto_answer_create(self)


def _answer_snapshot(self: EC2Response) -> ActionResult:
    description = self._get_param("Description") or ""
    if len(description) > _LONGEST_DESCRIPTION:
        raise _invalid(
            f"Value ({description}) for parameter description is invalid. "
            f"It exceeds {_LONGEST_DESCRIPTION} characters"
        )
    return _moto_answer_snapshot(self)


def _reset_permissions(self: EC2Response) -> ActionResult:
    """API_ResetSnapshotAttribute: "Currently, only the attribute for permission to create volumes
    can be reset"."""
    if self._get_param("Attribute") != "createVolumePermission":
        raise EC2ClientError("InvalidRequest", "The request received was invalid.")
    snapshot = self.ec2_backend.get_snapshot(self._get_param("SnapshotId"))
    snapshot.create_volume_permission_groups.clear()
    snapshot.create_volume_permission_userids.clear()
    return EmptyResult()


def _answer_attach(self: EC2Response) -> ActionResult:
    instance = self.ec2_backend.get_instance(self._get_param("InstanceId"))
    if instance.state in _ON_ITS_WAY:
        raise EC2ClientError("IncorrectState", f"Instance '{instance.id}' is not 'running'.")
    return _moto_answer_attach(self)


def _answer_detach(self: EC2Response) -> ActionResult:
    attachment = self.ec2_backend.get_volume(self._get_param("VolumeId")).attachment
    if attachment:
        _require_detachable(attachment)
    return _moto_answer_detach(self)


def _require_detachable(attachment: VolumeAttachment) -> None:
    volume_id, instance = attachment.volume.id, attachment.instance
    if attachment.device == instance.root_device_name and instance.state == "running":
        raise EC2ClientError(
            "IncorrectState",
            f"Unable to detach root volume '{volume_id}' from instance '{instance.id}'",
        )
    if instance.state in _ON_ITS_WAY:
        raise EC2ClientError(
            "IncorrectInstanceState",
            f"Unable to detach volume '{volume_id}' from instance '{instance.id}'. The instance "
            "is not in a state in which volumes can be detached.",
        )


def _attach(
    self: EC2Backend, volume_id: str, instance_id: str, device_path: str, *more: Any, **named: Any
) -> VolumeAttachment | None:
    volume, instance = self.get_volume(volume_id), self.get_instance(instance_id)
    if volume.attachment:
        raise EC2ClientError("VolumeInUse", f"{volume_id} is already attached to an instance")
    if volume.zone.name != instance._placement.zone:
        raise EC2ClientError(
            "InvalidVolume.ZoneMismatch",
            f"The volume '{volume_id}' is not in the same availability zone as instance "
            f"'{instance_id}'",
        )
    if not _DEVICE.fullmatch(device_path):
        raise _invalid(
            f"Value ({device_path}) for parameter device is invalid. "
            f"{device_path} is not a valid EBS device name."
        )
    if device_path in instance.block_device_mapping:
        raise _invalid(
            f"Invalid value '{device_path}' for unixDevice. "
            f"Attachment point {device_path} is already in use"
        )
    attached: VolumeAttachment | None = _moto_attach(
        self, volume_id, instance_id, device_path, *more, **named
    )
    return attached


def _detach(
    self: EC2Backend, volume_id: str, instance_id: str | None = None, device_path: str | None = None
) -> VolumeAttachment:
    """API_DetachVolume: the instance needs no naming where a volume is attached once."""
    attachment = self.get_volume(volume_id).attachment
    if not attachment:
        raise EC2ClientError("IncorrectState", f"Volume '{volume_id}' is in the 'available' state.")
    instance_id = instance_id or attachment.instance.id
    detached: VolumeAttachment = _moto_detach(
        self, volume_id, instance_id, device_path or attachment.device
    )
    return detached


def _is_deleted(attachment: VolumeAttachment) -> bool:
    device = attachment.instance.block_device_mapping.get(attachment.device)
    return bool(device and device.delete_on_termination)


def _copy_snapshot(self: EC2Backend, *arguments: Any, **named: Any) -> Snapshot:
    copied: Snapshot = _moto_copy_snapshot(self, *arguments, **named)
    copied.volume = NoVolume(copied.volume_size)
    return copied


def _invalid(message: str) -> EC2ClientError:
    return EC2ClientError("InvalidParameterValue", message)
