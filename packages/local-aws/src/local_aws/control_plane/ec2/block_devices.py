"""The volumes of a new instance: its image's root device, and what the request maps.

The root device takes what the request leaves out from its image's snapshot; it is there whether it
is mapped or not, and is deleted with the instance. Instance store devices have no volume.
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

_ROOT_OF_UNKNOWN = {"DeviceName": "/dev/sda1", "Ebs": {"VolumeSize": 8}}


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
    root: Any = images[0].block_device_mappings[0] if images else _ROOT_OF_UNKNOWN
    root_name, of_image = root["DeviceName"], dict(root["Ebs"])
    of_image.pop("VolumeType", None)
    if "SnapshotId" in of_image:
        of_image.pop("VolumeSize")
    devices = {root_name: {**of_image, "DeleteOnTermination": True}}
    for mapping in mappings:
        name = mapping["DeviceName"]
        if _is_omitted(mapping) or "VirtualName" in mapping:
            continue
        if "Ebs" not in mapping:
            raise MissingParameterError("ebs")
        given = {key: value for key, value in mapping["Ebs"].items() if value not in (None, "")}
        devices[name] = {**devices.get(name, {}), **given}
        if not given.keys() & {"SnapshotId", "VolumeSize"} and name != root_name:
            raise MissingParameterError("size or snapshotId")
    return [{"DeviceName": name, "Ebs": ebs} for name, ebs in devices.items()]


def _is_omitted(mapping: Mapping[str, Any]) -> bool:
    """NoDevice leaves a device out whatever its value is; a launch configuration's is a boolean."""
    return "NoDevice" in mapping and str(mapping["NoDevice"]).lower() != "false"
