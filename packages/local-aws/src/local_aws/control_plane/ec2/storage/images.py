"""Images: created from an instance with its volumes, registered as the request says, or copied.

moto keeps nothing of a registration but its name, and gives every image a device of 15 GiB, for
which it creates a volume and a snapshot.
Source: API_CreateImage, API_RegisterImage, API_CopyImage and API_Image in the EC2 API Reference;
answers of AWS as they have been recorded, and the words of its errors as users reported them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError, InvalidAMIIdError, InvalidSnapshotInUse
from moto.ec2.models import EC2Backend, ec2_backends
from moto.ec2.models.amis import Ami
from moto.ec2.models.elastic_block_store import Snapshot
from moto.ec2.responses import EC2Response
from moto.ec2.utils import random_ami_id, random_snapshot_id

from local_aws.control_plane import moto_seams
from local_aws.control_plane.ec2.storage import image_devices
from local_aws.control_plane.ec2.storage.image_devices import Device

_NAME = re.compile(r"[\w ()\[\]./\-'@]{3,128}", re.ASCII)
_NAMES = (
    "AMI names must be between 3 and 128 characters long, and may contain letters, numbers, "
    "'(', ')', '.', '-', '/' and '_'"
)
_CATALOGUE_GIB = 15


@dataclass
class _More:
    """What moto does not keep about an image; `given` are members of API_Image."""

    devices: list[Device] = field(default_factory=list)
    given: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class NoVolume:
    """What a snapshot was made of that was copied, or that is Amazon's."""

    size: int
    id: str = "vol-ffffffff"


class _NothingIsMade:
    """Replaces the backend while moto creates an image: it creates no volume and no snapshot."""

    id = ""

    def __init__(self, backend: EC2Backend) -> None:
        self.account_id = backend.account_id

    def create_volume(self, **_: Any) -> _NothingIsMade:
        return self

    def create_snapshot(self, *_: Any, **__: Any) -> None:
        return None

    def delete_volume(self, _: str) -> None:
        return None


_moto_make = Ami.__init__
_moto_load = EC2Backend._load_amis
_moto_delete_snapshot = EC2Backend.delete_snapshot


def install() -> None:
    moto_seams.replace(
        Ami, __init__=_make, block_device_mappings=property(lambda image: _more(image).devices)
    )
    moto_seams.replace(
        EC2Backend,
        _load_amis=_load,
        copy_image=_copy,
        create_image=_create,
        register_image=_register,
        delete_snapshot=_delete_snapshot,
    )
    moto_seams.replace(
        EC2Response,
        copy_image=_answer_copy,
        create_image=_answer_create,
        register_image=_answer_register,
    )
    moto_seams.add(
        Ami,
        ena_support=property(lambda image: _given(image, "EnaSupport", True)),
        platform_details=property(lambda image: "Windows" if image.platform else "Linux/UNIX"),
        usage_operation=property(lambda image: f"RunInstances{':0002' if image.platform else ''}"),
        source_image_id=property(lambda image: _given(image, "SourceImageId")),
        source_image_region=property(lambda image: _given(image, "SourceImageRegion")),
        imds_support=property(lambda image: _given(image, "ImdsSupport")),
        tpm_support=property(lambda image: _given(image, "TpmSupport")),
        ramdisk_id=property(lambda image: _given(image, "RamdiskId")),
        deprecation_time=property(lambda image: _given(image, "DeprecationTime")),
    )


def _more(image: Ami) -> _More:
    return moto_seams.notes(image, _More)


def members(image: Ami) -> dict[str, Any]:
    """Members of API_Image that moto does not keep; they are the image's once they are set."""
    return _more(image).given


def _given(image: Ami, member: str, default: Any = None) -> Any:
    return members(image).get(member, default)


def _make(self: Ami, ec2_backend: EC2Backend, ami_id: str, **given: Any) -> None:
    tags = given.pop("tags", None)
    _moto_make(self, _NothingIsMade(ec2_backend), ami_id, **{"boot_mode": None, **given})
    self.ec2_backend = ec2_backend
    if tags:
        self.add_tags(tags)


def _load(self: EC2Backend) -> None:
    _moto_load(self)
    for image in self.amis.values():
        snapshot = _snapshot(self, NoVolume(_CATALOGUE_GIB), image.description or "", image)
        _more(image).devices = image_devices.of_catalogue(image.root_device_name, snapshot)


def _answer_create(self: EC2Response) -> ActionResult:
    image = self.ec2_backend.create_image(
        self._get_param("InstanceId"),
        self._get_param("Name"),
        self._get_param("Description", ""),
        self._get_param("TagSpecifications", []),
        self._get_param("BlockDeviceMappings", []),
    )
    return ActionResult({"ImageId": image.id})


def _create(
    self: EC2Backend,
    instance_id: str,
    name: str,
    description: str,
    tag_specifications: list[dict[str, Any]],
    mappings: Iterable[Mapping[str, Any]] = (),
) -> Ami:
    instance = self.get_instance(instance_id)
    given = {"description": description, "root_device_name": instance.root_device_name}
    image = _own(self, name, instance=instance, **given)
    devices = []
    for device_name, device in instance.block_device_mapping.items():
        volume = self.get_volume(device.volume_id)
        words = f"Created by CreateImage({instance_id}) for {image.id}"
        snapshot = self.create_snapshot(volume.id, words, from_ami=image.id)
        is_deleted = bool(device.delete_on_termination)
        devices.append(image_devices.of_volume(device_name, volume, snapshot, is_deleted))
    _more(image).devices = image_devices.changed(devices, mappings)
    return _keep(self, image, tag_specifications)


def _answer_register(self: EC2Response) -> ActionResult:
    return ActionResult({"ImageId": self.ec2_backend.register_image(**self._get_params()).id})


def _register(self: EC2Backend, **request: Any) -> Ami:
    """`request`: the members of RegisterImage."""
    devices = image_devices.registered(request.get("BlockDeviceMappings", []), self.get_snapshot)
    image = _own(
        self,
        request["Name"],
        description=request.get("Description"),
        architecture=request.get("Architecture", "i386"),
        virtualization_type=request.get("VirtualizationType", "paravirtual"),
        image_location=request.get("ImageLocation"),
        root_device_name=request.get("RootDeviceName"),
        sriov=request.get("SriovNetSupport"),
        boot_mode=request.get("BootMode"),
    )
    image.kernel_id = request.get("KernelId")
    kept = ("ImdsSupport", "TpmSupport", "RamdiskId")
    given = {name: request[name] for name in kept if name in request}
    is_ena = str(request.get("EnaSupport", False)).lower() == "true"
    _more(image).given = {**given, "EnaSupport": is_ena}
    _more(image).devices = devices
    return _keep(self, image, request.get("TagSpecifications", []))


def _answer_copy(self: EC2Response) -> ActionResult:
    return ActionResult({"ImageId": self.ec2_backend.copy_image(**self._get_params()).id})


def _copy(self: EC2Backend, **request: Any) -> Ami:
    """`request`: the members of CopyImage."""
    source_id, region = request["SourceImageId"], request["SourceRegion"]
    there = ec2_backends[self.account_id][region]
    found = there.describe_images(ami_ids=[source_id])
    if not found:
        raise InvalidAMIIdError(source_id)
    [source] = found
    image = _own(
        self,
        request["Name"],
        source_ami=source,
        description=request.get("Description"),
        root_device_name=source.root_device_name,
        sriov=source.sriov,
        boot_mode=source.boot_mode,
    )
    more = _more(image)
    origin = {"SourceImageId": source_id, "SourceImageRegion": region}
    more.given = {**_more(source).given, **origin}

    def copy(snapshot_id: str) -> Snapshot:
        words = (
            f"Copied for DestinationAmi {image.id} from SourceAmi {source_id} "
            f"for SourceSnapshot {snapshot_id}"
        )
        size = there.get_snapshot(snapshot_id).volume_size
        is_encrypted = str(request.get("Encrypted", False)).lower() == "true"
        return _snapshot(self, NoVolume(size), words, image, is_encrypted)

    more.devices = image_devices.copied(_more(source).devices, copy)
    return _keep(self, image, request.get("TagSpecifications", []))


def _own(backend: EC2Backend, name: str, **given: Any) -> Ami:
    """Make an image of the account's with a name that it has for no other."""
    if not _NAME.fullmatch(name):
        raise EC2ClientError("InvalidAMIName.Malformed", _NAMES)
    for image in backend.amis.values():
        if image.name == name and image.owner_id == backend.account_id:
            raise EC2ClientError(
                "InvalidAMIName.Duplicate", f"AMI name {name} is already in use by AMI {image.id}"
            )
    location = given.pop("image_location", None) or f"{backend.account_id}/{name}"
    return Ami(
        backend,
        random_ami_id(),
        name=name,
        image_location=location,
        root_device_type="ebs",
        hypervisor="xen",
        **given,
    )


def _keep(backend: EC2Backend, image: Ami, specifications: Iterable[Mapping[str, Any]]) -> Ami:
    """Put the image among the others, with its tags and those of the snapshots that it made."""
    snapshots = [
        backend.get_snapshot(snapshot_id)
        for snapshot_id in image_devices.snapshot_ids(_more(image).devices)
    ]
    made = [snapshot for snapshot in snapshots if snapshot.from_ami == image.id]
    for each in specifications:
        tags = {tag["Key"]: tag["Value"] for tag in each.get("Tags", [])}
        for resource in [image] if each.get("ResourceType") == "image" else made:
            resource.add_tags(tags)
    backend.amis[image.id] = image
    return image


def _snapshot(
    backend: EC2Backend, origin: NoVolume, words: str, image: Ami, is_encrypted: bool = False
) -> Snapshot:
    made = Snapshot(
        backend,
        random_snapshot_id(),
        origin,
        words,
        encrypted=is_encrypted,
        owner_id=image.owner_id,
        from_ami=image.id,
    )
    backend.snapshots[made.id] = made
    return made


def _delete_snapshot(self: EC2Backend, snapshot_id: str) -> Snapshot:
    self.get_snapshot(snapshot_id)  # raises InvalidSnapshot.NotFound
    for image in self.amis.values():
        if snapshot_id in image_devices.snapshot_ids(_more(image).devices):
            raise InvalidSnapshotInUse(snapshot_id, image.id)
    deleted: Snapshot = _moto_delete_snapshot(self, snapshot_id)
    return deleted
