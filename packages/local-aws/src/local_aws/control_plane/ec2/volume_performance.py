"""The type of a volume, its IOPS and its throughput: moto drops the last two of a launch's volumes.

A gp3 volume has 3,000 IOPS and 125 MiB/s unless it is given more.
Source: API_CreateVolume and API_EbsBlockDevice in the EC2 API Reference; "General Purpose SSD
volumes" in the Amazon EBS User Guide.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from moto.ec2.exceptions import InvalidParameterDependency
from moto.ec2.models import EC2Backend
from moto.ec2.models.elastic_block_store import Volume
from moto.ec2.models.instances import Instance

from local_aws.control_plane import moto_seams

_NEED_IOPS = ("io1", "io2")
_TAKE_IOPS = (*_NEED_IOPS, "gp3")
_GP3_IOPS = 3000
_GP3_MIB_PER_SECOND = 125

_moto_create = EC2Backend.create_volume


def install() -> None:
    moto_seams.replace(EC2Backend, create_volume=_create)


def without_types(mappings: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What moto launches with; `give` does the rest. Raises EC2's errors for what does not fit.

    `mappings` are a launch's, each with DeviceName and Ebs.
    """
    for mapping in mappings:
        _check(mapping["Ebs"])
    return [
        {
            **each,
            "Ebs": {name: value for name, value in each["Ebs"].items() if name != "VolumeType"},
        }
        for each in mappings
    ]


def give(instance: Instance, mappings: Sequence[Mapping[str, Any]]) -> None:
    """Give the instance's volumes what the mappings of its launch say."""
    for mapping in mappings:
        ebs, device = mapping["Ebs"], instance.block_device_mapping[mapping["DeviceName"]]
        volume = instance.ec2_backend.volumes[device.volume_id]
        volume.volume_type = ebs.get("VolumeType", volume.volume_type)
        is_gp3 = volume.volume_type == "gp3"
        volume.iops = _number(ebs, "Iops") or (_GP3_IOPS if is_gp3 else None)
        volume.throughput = _number(ebs, "Throughput") or (_GP3_MIB_PER_SECOND if is_gp3 else None)


def _create(self: EC2Backend, *arguments: Any, **named: Any) -> Volume:
    if named.get("volume_type") == "gp3" and not named.get("throughput"):
        named["throughput"] = _GP3_MIB_PER_SECOND
    created: Volume = _moto_create(self, *arguments, **named)
    return created


def _check(ebs: Mapping[str, Any]) -> None:
    volume_type = ebs.get("VolumeType")
    if volume_type in _NEED_IOPS and not _number(ebs, "Iops"):
        raise InvalidParameterDependency("VolumeType", "Iops")
    if volume_type not in _TAKE_IOPS and _number(ebs, "Iops"):
        raise InvalidParameterDependency("VolumeType", "Iops")
    if volume_type != "gp3" and _number(ebs, "Throughput"):
        raise InvalidParameterDependency("VolumeType", "Throughput")


def _number(ebs: Mapping[str, Any], name: str) -> int:
    return int(ebs.get(name) or 0)
