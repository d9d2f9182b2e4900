"""The volumes of a new instance: its image's devices, and what the request maps.

A device takes what the request leaves out from the image; the root device is there whether it
is mapped or not. Instance store devices have no volume.
Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_BlockDeviceMapping.html and
API_EbsBlockDevice.html
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from typing import Any

from moto.ec2.exceptions import MissingParameterError
from moto.ec2.models import EC2Backend
from moto.ec2.responses.instances import InstanceResponse

from local_aws.control_plane import moto_seams

_ROOT_NAME = "/dev/sda1"
_ROOT: Mapping[str, Any] = {"VolumeSize": 8, "DeleteOnTermination": True}
"""What an image has whose devices only AWS knows."""


def install() -> None:
    moto_seams.replace(InstanceResponse, _parse_block_device_mapping=_requested)


def _requested(self: InstanceResponse) -> list[dict[str, Any]]:
    """What a request maps, as it came: moto would demand a size of each device."""
    requested: list[dict[str, Any]] = copy.deepcopy(self._get_param("BlockDeviceMappings", []))
    return requested


def of_launch(
    backend: EC2Backend, image_id: str, mappings: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The volumes to create, with the root device first. Raises EC2's errors.

    Each has DeviceName and Ebs, with a VolumeSize or a SnapshotId.
    """
    images = backend.describe_images(filters={"image-id": [image_id]})
    of_image = images[0].block_device_mappings if images else []
    root_name = images[0].root_device_name if images else _ROOT_NAME
    devices = {each["DeviceName"]: dict(each["Ebs"]) for each in of_image if "Ebs" in each}
    devices = {root_name: devices.pop(root_name, {**_ROOT}), **devices}
    for mapping in mappings:
        name = mapping["DeviceName"]
        if _is_omitted(mapping) or "VirtualName" in mapping:
            if name != root_name:
                devices.pop(name, None)
            continue
        if "Ebs" not in mapping:
            raise MissingParameterError("ebs")
        given = {key: value for key, value in mapping["Ebs"].items() if value not in (None, "")}
        before = devices.get(name, {})
        if "SnapshotId" in given:
            before.pop("VolumeSize", None)
        devices[name] = {**before, **given}
        if not devices[name].keys() & {"SnapshotId", "VolumeSize"}:
            raise MissingParameterError("size or snapshotId")
    return [{"DeviceName": name, "Ebs": ebs} for name, ebs in devices.items()]


def _is_omitted(mapping: Mapping[str, Any]) -> bool:
    """NoDevice leaves a device out whatever its value is; a launch configuration's is a boolean."""
    return "NoDevice" in mapping and str(mapping["NoDevice"]).lower() != "false"
