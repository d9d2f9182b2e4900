"""The type of a volume, its size, IOPS and throughput: moto drops the last two of a launch's
volumes, and takes any size.

A gp3 volume has 3,000 IOPS and 125 MiB/s unless it is given more.
Source: API_CreateVolume, API_ModifyVolume and API_EbsBlockDevice in the EC2 API Reference; "General
Purpose SSD volumes" in the Amazon EBS User Guide; EC2's words as users reported them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.models.elastic_block_store import Volume
from moto.ec2.models.instances import Instance

from local_aws.control_plane import moto_seams

_NEED_IOPS = ("io1", "io2")
_TAKE_IOPS = (*_NEED_IOPS, "gp3")
_DEFAULT_TYPE = "gp2"
_GP2_IOPS = (100, 16_000)
_GP2_IOPS_PER_GIB = 3
_GP3_IOPS = 3000
_GP3_MIB_PER_SECOND = 125

_SIZES = {
    "gp2": (1, 16_384),
    "gp3": (1, 65_536),
    "io1": (4, 16_384),
    "io2": (4, 65_536),
    "sc1": (125, 16_384),
    "st1": (125, 16_384),
    "standard": (1, 1_024),
}
"""In GiB. AWS: Size in API_CreateVolume."""

_moto_create = EC2Backend.create_volume
_moto_modify = Volume.modify


def install() -> None:
    moto_seams.replace(EC2Backend, create_volume=_create)
    moto_seams.replace(Volume, modify=_modify)


def require_fitting(mappings: Sequence[Mapping[str, Any]]) -> None:
    """Raise EC2's errors for sizes, IOPS and throughput that a type of volume does not have.

    `mappings` are a launch's, each with DeviceName and Ebs.
    """
    for mapping in mappings:
        ebs = mapping["Ebs"]
        _require(ebs.get("VolumeType"), _number(ebs, "Iops"), _number(ebs, "Throughput"))
        if "VolumeSize" in ebs:
            _require_size(ebs.get("VolumeType"), int(ebs["VolumeSize"]))


def without_types(mappings: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What moto launches with: it demands the IOPS of some types, and takes none."""
    return [
        {
            **each,
            "Ebs": {name: value for name, value in each["Ebs"].items() if name != "VolumeType"},
        }
        for each in mappings
    ]


def set_performance(instance: Instance, mappings: Sequence[Mapping[str, Any]]) -> None:
    """Give the instance's volumes what the mappings of its launch say."""
    for mapping in mappings:
        ebs, device = mapping["Ebs"], instance.block_device_mapping[mapping["DeviceName"]]
        volume = instance.ec2_backend.volumes[device.volume_id]
        volume.volume_type = ebs.get("VolumeType", volume.volume_type)
        volume.iops = _number(ebs, "Iops") or None
        volume.throughput = _number(ebs, "Throughput") or None
        _complete(volume)


def _create(self: EC2Backend, *arguments: Any, **named: Any) -> Volume:
    volume_type, iops = named.get("volume_type"), int(named.get("iops") or 0)
    _require(volume_type, iops, int(named.get("throughput") or 0))
    size = arguments[0] if arguments else named.get("size")
    if size not in (None, ""):
        _require_size(volume_type, int(size))
    created: Volume = _moto_create(self, *arguments, **named)
    _complete(created)
    return created


def _modify(self: Volume, *arguments: Any, **named: Any) -> None:
    """API_VolumeModification shows what a volume was and will be, whatever of it changes."""
    size = arguments[0] if arguments else named.get("target_size")
    if size and int(size) < self.size:
        raise EC2ClientError(
            "InvalidParameterValue", "New size cannot be smaller than existing size"
        )
    _require_size(named.get("target_volume_type") or self.volume_type, int(size or self.size))
    before = _shown(self)
    _moto_modify(self, *arguments, **named)
    if self.volume_type != before["volume_type"]:  # whose performance is not that of the new type
        self.iops = self.iops if named.get("target_iops") else None
        self.throughput = self.throughput if named.get("target_throughput") else None
    _complete(self)
    modification = self.modifications[-1]
    for name, value in before.items():
        setattr(modification, f"original_{name}", value)
    for name, value in _shown(self).items():
        setattr(modification, f"target_{name}", value)


def _shown(volume: Volume) -> dict[str, Any]:
    return {
        "size": volume.size,
        "volume_type": volume.volume_type,
        "iops": volume.iops,
        "throughput": volume.throughput,
        "multi_attach_enabled": bool(volume.multi_attach_enabled),
    }


def _complete(volume: Volume) -> None:
    if volume.volume_type == "gp2":
        least, most = _GP2_IOPS
        volume.iops = min(max(least, _GP2_IOPS_PER_GIB * int(volume.size)), most)
    if volume.volume_type == "gp3":
        volume.iops = volume.iops or _GP3_IOPS
        volume.throughput = volume.throughput or _GP3_MIB_PER_SECOND


def _require(volume_type: str | None, iops: int, throughput: int) -> None:
    name = volume_type or _DEFAULT_TYPE
    if name in _NEED_IOPS and not iops:
        raise EC2ClientError(
            "MissingParameter", f"The parameter iops must be specified for {name} volumes."
        )
    if name not in _TAKE_IOPS and iops:
        raise _unsupported("iops", name)
    if name != "gp3" and throughput:
        raise _unsupported("throughput", name)


def _require_size(volume_type: str | None, size: int) -> None:
    name = volume_type or _DEFAULT_TYPE
    least, most = _SIZES.get(name, (size, size))
    if size < least:
        raise EC2ClientError(
            "InvalidParameterValue",
            f"The volume size is invalid for {name} volumes: {size} GiB. {name} volumes must be at "
            f"least {least} GiB in size. Please specify a volume size above the minimum limit.",
        )
    if size > most:
        raise EC2ClientError(
            "InvalidParameterValue",
            f"Volume of {size}GiB is too large for volume type {name}; maximum is {most}GiB",
        )


def _unsupported(parameter: str, volume_type: str) -> EC2ClientError:
    return EC2ClientError(
        "InvalidParameterCombination",
        f"The parameter {parameter} is not supported for {volume_type} volumes.",
    )


def _number(ebs: Mapping[str, Any], name: str) -> int:
    return int(ebs.get(name) or 0)
