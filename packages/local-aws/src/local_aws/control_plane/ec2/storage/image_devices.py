"""The block devices of an image, as DescribeImages shows them: {"DeviceName", "Ebs"} or
{"DeviceName", "VirtualName"}.

What a request leaves out comes from the snapshot or from the instance.
Source: API_BlockDeviceMapping and API_EbsBlockDevice in the EC2 API Reference; answers of
DescribeImages as they have been recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from moto.ec2.models.elastic_block_store import Snapshot, Volume

Device = dict[str, Any]


def of_catalogue(name: str, snapshot: Snapshot) -> list[Device]:
    """The root device of one of Amazon's images."""
    return [{"DeviceName": name, "Ebs": {**_of_snapshot(snapshot), "VolumeType": "gp2"}}]


def registered(
    mappings: Iterable[Mapping[str, Any]], find: Callable[[str], Snapshot]
) -> list[Device]:
    """Those that RegisterImage is given. `find` returns a snapshot by its id, or raises."""
    devices = []
    for mapping in mappings:
        if "NoDevice" in mapping:
            continue
        ebs = mapping.get("Ebs")
        snapshot = find(ebs["SnapshotId"]) if ebs and ebs.get("SnapshotId") else None
        devices.append(_mapped(mapping, _of_snapshot(snapshot) if snapshot else _blank("standard")))
    return devices


def of_volume(name: str, volume: Volume, snapshot: Snapshot, is_deleted: bool) -> Device:
    """An instance's device: `snapshot` is that of its volume, `is_deleted` DeleteOnTermination."""
    is_provisioned = volume.volume_type in ("gp3", "io1", "io2")
    performance = {"Iops": volume.iops, "Throughput": volume.throughput} if is_provisioned else {}
    ebs = {
        **_of_snapshot(snapshot),
        "VolumeType": volume.volume_type,
        "DeleteOnTermination": is_deleted,
        **{name: value for name, value in performance.items() if value},
    }
    return {"DeviceName": name, "Ebs": ebs}


def changed(devices: Iterable[Device], mappings: Iterable[Mapping[str, Any]]) -> list[Device]:
    """An instance's devices as CreateImage maps them: others, more of them, or fewer (NoDevice)."""
    by_name = {device["DeviceName"]: device for device in devices}
    for mapping in mappings:
        name = mapping["DeviceName"]
        if "NoDevice" in mapping:
            by_name.pop(name, None)
        else:
            by_name[name] = _mapped(mapping, by_name.get(name, {}).get("Ebs") or _blank("gp2"))
    return list(by_name.values())


def copied(devices: Iterable[Device], copy: Callable[[str], Snapshot]) -> list[Device]:
    """Those of another image. `copy` copies the snapshot with an id."""
    return [
        {**device, "Ebs": {**device["Ebs"], **_origin(copy(device["Ebs"]["SnapshotId"]))}}
        if "SnapshotId" in device.get("Ebs", {})
        else dict(device)
        for device in devices
    ]


def snapshot_ids(devices: Iterable[Mapping[str, Any]]) -> list[str]:
    found = (device.get("Ebs", {}).get("SnapshotId") for device in devices)
    return [snapshot_id for snapshot_id in found if snapshot_id]


def _mapped(mapping: Mapping[str, Any], before: Mapping[str, Any]) -> Device:
    if "Ebs" not in mapping:
        return {name: mapping[name] for name in ("DeviceName", "VirtualName") if name in mapping}
    given = {name: value for name, value in mapping["Ebs"].items() if value not in (None, "")}
    return {"DeviceName": mapping["DeviceName"], "Ebs": {**before, **given}}


def _blank(volume_type: str) -> dict[str, Any]:
    return {"DeleteOnTermination": True, "VolumeType": volume_type, "Encrypted": False}


def _of_snapshot(snapshot: Snapshot) -> dict[str, Any]:
    size = {"VolumeSize": snapshot.volume_size}
    return {**_blank("standard"), **_origin(snapshot), **size}


def _origin(snapshot: Snapshot) -> dict[str, Any]:
    return {"SnapshotId": snapshot.id, "Encrypted": snapshot.encrypted}
