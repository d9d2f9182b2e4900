"""Volumes: where they are made, what they are attached to, and how they change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from refusals import refusal_of

_ZONE = "us-east-1a"


@pytest.fixture(scope="module")
def instance_id(aws: Any) -> Iterator[str]:
    ec2 = aws("ec2")
    launched = ec2.run_instances(
        ImageId="ami-12c6146b", MinCount=1, MaxCount=1, Placement={"AvailabilityZone": _ZONE}
    )
    made: str = launched["Instances"][0]["InstanceId"]
    yield made
    ec2.terminate_instances(InstanceIds=[made])


def _volume(aws: Any, zone: str = _ZONE, size: int = 1) -> str:
    return str(aws("ec2").create_volume(AvailabilityZone=zone, Size=size)["VolumeId"])


def test_a_new_volume_is_being_created(aws: Any) -> None:
    """`aws ec2 create-volume` in the AWS CLI's reference; recorded from AWS: no tags are no
    member of a description, and Iops is that of the size."""
    ec2 = aws("ec2")
    made = ec2.create_volume(AvailabilityZone=_ZONE, Size=80)
    assert (made["State"], made["Iops"], made["MultiAttachEnabled"]) == ("creating", 240, False)
    assert (made["Tags"], "Attachments" in made) == ([], False)
    [found] = ec2.describe_volumes(VolumeIds=[made["VolumeId"]])["Volumes"]
    assert (found["State"], found["Iops"]) == ("available", 240)
    assert "Tags" not in found
    snapshot = ec2.create_snapshot(VolumeId=made["VolumeId"])
    assert (snapshot["State"], snapshot["Progress"]) == ("pending", "")
    [described] = ec2.describe_snapshots(SnapshotIds=[snapshot["SnapshotId"]])["Snapshots"]
    assert (described["State"], described["Progress"]) == ("completed", "100%")
    assert "Tags" not in described


def test_a_volume_is_attached_once_and_detached_without_naming_the_instance(
    aws: Any, instance_id: str
) -> None:
    """API_AttachVolume, API_DetachVolume, API_VolumeAttachment; EC2's words as users reported
    them."""
    ec2, volume_id, other = aws("ec2"), _volume(aws), _volume(aws)
    ec2.attach_volume(VolumeId=volume_id, InstanceId=instance_id, Device="/dev/sdf")
    [volume] = ec2.describe_volumes(VolumeIds=[volume_id])["Volumes"]
    [attachment] = volume["Attachments"]
    assert (attachment["State"], attachment["DeleteOnTermination"]) == ("attached", False)
    attach = {"InstanceId": instance_id, "Device": "/dev/sdf"}
    words = f"{volume_id} is already attached to an instance"
    assert refusal_of(ec2.attach_volume, VolumeId=volume_id, **attach) == (
        400,
        "VolumeInUse",
        words,
    )
    words = "Invalid value '/dev/sdf' for unixDevice. Attachment point /dev/sdf is already in use"
    refused = refusal_of(ec2.attach_volume, VolumeId=other, **attach)
    assert refused == (400, "InvalidParameterValue", words)

    assert ec2.detach_volume(VolumeId=volume_id)["InstanceId"] == instance_id
    words = f"Volume '{volume_id}' is in the 'available' state."
    assert refusal_of(ec2.detach_volume, VolumeId=volume_id) == (400, "IncorrectState", words)


def test_a_volume_is_attached_in_its_zone_as_a_device(aws: Any, instance_id: str) -> None:
    """EC2's error code InvalidVolume.ZoneMismatch; EC2 User Guide, "Device names for volumes"."""
    ec2, elsewhere = aws("ec2"), _volume(aws, "us-east-1b")
    refused = refusal_of(
        ec2.attach_volume, VolumeId=elsewhere, InstanceId=instance_id, Device="/dev/sdg"
    )
    assert refused == (
        400,
        "InvalidVolume.ZoneMismatch",
        (
            f"The volume '{elsewhere}' is not in the same availability zone as instance "
            f"'{instance_id}'"
        ),
    )
    refused = refusal_of(
        ec2.attach_volume, VolumeId=_volume(aws), InstanceId=instance_id, Device="/dev/sdi1"
    )
    assert refused == (
        400,
        "InvalidParameterValue",
        (
            "Value (/dev/sdi1) for parameter device is invalid. "
            "/dev/sdi1 is not a valid EBS device name."
        ),
    )


def test_a_modification_shows_what_was_and_will_be(aws: Any) -> None:
    """API_VolumeModification; recorded from AWS."""
    ec2, volume_id = aws("ec2"), _volume(aws, size=32)
    changed = ec2.modify_volume(VolumeId=volume_id, Size=64, VolumeType="io1", Iops=500)
    modification = changed["VolumeModification"]
    assert [modification[f"Original{name}"] for name in ("Size", "VolumeType", "Iops")] == [
        32,
        "gp2",
        100,
    ]
    assert [modification[f"Target{name}"] for name in ("Size", "VolumeType", "Iops")] == [
        64,
        "io1",
        500,
    ]
    assert (modification["ModificationState"], modification["Progress"]) == ("modifying", 0)
    assert "EndTime" not in modification
    [then] = ec2.describe_volumes_modifications(VolumeIds=[volume_id])["VolumesModifications"]
    assert (then["ModificationState"], then["Progress"]) == ("completed", 100)
    words = "New size cannot be smaller than existing size"
    refused = refusal_of(ec2.modify_volume, VolumeId=volume_id, Size=32)
    assert refused == (400, "InvalidParameterValue", words)


def test_a_volume_is_in_an_existing_zone_and_holds_its_snapshot(aws: Any) -> None:
    """EC2's error codes InvalidZone.NotFound, InvalidParameterValue."""
    ec2 = aws("ec2")
    refused = refusal_of(ec2.create_volume, AvailabilityZone="us-east-9z", Size=1)
    assert refused == (400, "InvalidZone.NotFound", "The zone 'us-east-9z' does not exist.")
    snapshot_id = ec2.create_snapshot(VolumeId=_volume(aws, size=8))["SnapshotId"]
    refused = refusal_of(ec2.create_volume, AvailabilityZone=_ZONE, Size=4, SnapshotId=snapshot_id)
    assert refused[:2] == (400, "InvalidParameterValue")
    refused = refusal_of(ec2.create_snapshot, VolumeId=_volume(aws), Description="x" * 256)
    assert refused[:2] == (400, "InvalidParameterValue")
    assert refused[2].endswith("It exceeds 255 characters")


def test_a_copied_snapshot_is_of_no_volume(aws: Any) -> None:
    """Recorded from AWS: VolumeId is vol-ffffffff."""
    ec2 = aws("ec2")
    snapshot_id = ec2.create_snapshot(VolumeId=_volume(aws))["SnapshotId"]
    copied = ec2.copy_snapshot(SourceRegion="us-east-1", SourceSnapshotId=snapshot_id)
    [found] = ec2.describe_snapshots(SnapshotIds=[copied["SnapshotId"]])["Snapshots"]
    assert (found["VolumeId"], found["VolumeSize"]) == ("vol-ffffffff", 1)


def test_who_may_use_a_snapshot_is_reset(aws: Any) -> None:
    """API_ResetSnapshotAttribute."""
    ec2 = aws("ec2")
    snapshot_id = ec2.create_snapshot(VolumeId=_volume(aws))["SnapshotId"]
    named = {"SnapshotId": snapshot_id, "Attribute": "createVolumePermission"}
    ec2.modify_snapshot_attribute(**named, OperationType="add", UserIds=["112233445566"])
    shown = ec2.describe_snapshot_attribute(**named)["CreateVolumePermissions"]
    assert shown == [{"UserId": "112233445566"}]
    ec2.reset_snapshot_attribute(**named)
    assert ec2.describe_snapshot_attribute(**named)["CreateVolumePermissions"] == []


@pytest.mark.parametrize(
    ("volume_type", "size", "words"),
    [
        ("standard", 2000, "Volume of 2000GiB is too large for volume type standard; "),
        ("gp2", 16_385, "Volume of 16385GiB is too large for volume type gp2; "),
        ("st1", 124, "The volume size is invalid for st1 volumes: 124 GiB. "),
        ("gp3", 0, "The volume size is invalid for gp3 volumes: 0 GiB. "),
    ],
)
def test_a_type_has_its_sizes(aws: Any, volume_type: str, size: int, words: str) -> None:
    """Size in API_CreateVolume, in the words that users reported."""
    ec2, volume = aws("ec2"), {"VolumeType": volume_type}
    device = [{"DeviceName": "/dev/sdf", "Ebs": {**volume, "VolumeSize": size}}]
    launch = {"ImageId": "ami-12c6146b", "MinCount": 1, "MaxCount": 1}
    for call, arguments in (
        (ec2.create_volume, {"AvailabilityZone": "us-east-1a", "Size": size, **volume}),
        (ec2.run_instances, {**launch, "BlockDeviceMappings": device}),
    ):
        status, code, message = refusal_of(call, **arguments)
        assert (status, code) == (400, "InvalidParameterValue")
        assert message.startswith(words)


@pytest.mark.usefixtures("no_waiting")
def test_a_root_volume_is_detached_from_a_stopped_instance(aws: Any) -> None:
    """API_DetachVolume: "it can't be detached while the instance is running", in the words that
    users reported."""
    ec2 = aws("ec2")
    launched = ec2.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1)
    instance_id = launched["Instances"][0]["InstanceId"]
    found = ec2.describe_instances(InstanceIds=[instance_id])["Reservations"][0]["Instances"][0]
    volume_id = found["BlockDeviceMappings"][0]["Ebs"]["VolumeId"]

    words = f"Unable to detach root volume '{volume_id}' from instance '{instance_id}'"
    refused = refusal_of(ec2.detach_volume, VolumeId=volume_id)
    assert refused == (400, "IncorrectState", words)
    ec2.stop_instances(InstanceIds=[instance_id])
    ec2.detach_volume(VolumeId=volume_id)
    ec2.terminate_instances(InstanceIds=[instance_id])
