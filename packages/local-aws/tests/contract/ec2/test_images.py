"""Images that are made of instances, registered and copied."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

_NONE = "ami-0123456789abcdef0"


@pytest.fixture(scope="module")
def instance_id(aws: Any) -> Iterator[str]:
    ec2 = aws("ec2")
    launched = ec2.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1)
    made: str = launched["Instances"][0]["InstanceId"]
    yield made
    ec2.terminate_instances(InstanceIds=[made])


@pytest.fixture(scope="module")
def snapshot_id(aws: Any) -> str:
    """The id of a snapshot of 1 GiB."""
    ec2 = aws("ec2")
    volume = ec2.create_volume(AvailabilityZone="us-east-1a", Size=1)
    return str(ec2.create_snapshot(VolumeId=volume["VolumeId"])["SnapshotId"])


@pytest.fixture
def registered(aws: Any, unique_name: str, snapshot_id: str) -> Callable[..., dict[str, Any]]:
    """Registers an image with a root device of the snapshot; returns it as it is described."""

    def register(**request: Any) -> dict[str, Any]:
        root = {"DeviceName": "/dev/xvda", "Ebs": {"SnapshotId": snapshot_id}}
        made = aws("ec2").register_image(
            **{
                "Name": unique_name,
                "RootDeviceName": "/dev/xvda",
                "BlockDeviceMappings": [root],
                **request,
            }
        )
        return _described(aws, made["ImageId"])

    return register


def _described(aws: Any, image_id: str) -> dict[str, Any]:
    [image] = aws("ec2").describe_images(ImageIds=[image_id])["Images"]
    return dict(image)


def _devices(image: dict[str, Any]) -> dict[str, Any]:
    return {each["DeviceName"]: each for each in image["BlockDeviceMappings"]}


def test_an_image_and_its_snapshots_have_tags_of_their_own(
    aws: Any, unique_name: str, instance_id: str
) -> None:
    """API_CreateImage, TagSpecification: image, snapshot."""
    ec2 = aws("ec2")
    tags = {kind: [{"Key": "team", "Value": kind}] for kind in ("image", "snapshot")}
    specifications = [{"ResourceType": kind, "Tags": each} for kind, each in tags.items()]
    image_id = ec2.create_image(
        InstanceId=instance_id, Name=unique_name, TagSpecifications=specifications
    )["ImageId"]
    image = _described(aws, image_id)
    assert image["Tags"] == tags["image"]
    ids = [each["Ebs"]["SnapshotId"] for each in image["BlockDeviceMappings"]]
    [snapshot] = ec2.describe_snapshots(SnapshotIds=ids)["Snapshots"]
    assert snapshot["Tags"] == tags["snapshot"]


def test_an_image_has_snapshots_of_its_instances_volumes(
    aws: Any, unique_name: str, instance_id: str
) -> None:
    """API_CreateImage; the description is that of recorded snapshots."""
    ec2 = aws("ec2")
    [instance] = ec2.describe_instances(InstanceIds=[instance_id])["Reservations"][0]["Instances"]
    [mapped] = instance["BlockDeviceMappings"]
    [volume] = ec2.describe_volumes(VolumeIds=[mapped["Ebs"]["VolumeId"]])["Volumes"]
    image_id = ec2.create_image(InstanceId=instance_id, Name=unique_name)["ImageId"]
    image = _described(aws, image_id)
    assert image["RootDeviceName"] == mapped["DeviceName"]
    assert image["RootDeviceType"] == "ebs"
    assert image["ImageLocation"] == f"123456789012/{unique_name}"
    assert image["SourceInstanceId"] == instance_id
    [device] = image["BlockDeviceMappings"]
    assert device["Ebs"]["VolumeSize"] == volume["Size"]
    assert device["Ebs"]["DeleteOnTermination"] is True
    [snapshot] = ec2.describe_snapshots(SnapshotIds=[device["Ebs"]["SnapshotId"]])["Snapshots"]
    assert snapshot["VolumeId"] == volume["VolumeId"]
    assert snapshot["Description"] == f"Created by CreateImage({instance_id}) for {image_id}"


def test_an_image_has_other_devices_where_they_are_mapped(
    aws: Any, unique_name: str, instance_id: str
) -> None:
    """API_CreateImage: BlockDeviceMapping; a blank volume has no snapshot."""
    ec2 = aws("ec2")
    image_id = ec2.create_image(
        InstanceId=instance_id,
        Name=unique_name,
        BlockDeviceMappings=[
            {"DeviceName": "/dev/sda1", "Ebs": {"VolumeSize": 40}},
            {"DeviceName": "/dev/sdf", "Ebs": {"VolumeSize": 5, "DeleteOnTermination": False}},
            {"DeviceName": "/dev/sdb", "VirtualName": "ephemeral0"},
        ],
    )["ImageId"]
    devices = _devices(_described(aws, image_id))
    assert devices["/dev/sda1"]["Ebs"]["VolumeSize"] == 40
    assert devices["/dev/sdb"] == {"DeviceName": "/dev/sdb", "VirtualName": "ephemeral0"}
    assert devices["/dev/sdf"]["Ebs"] == {
        "VolumeSize": 5,
        "DeleteOnTermination": False,
        "VolumeType": "gp2",
        "Encrypted": False,
    }

    launched = ec2.run_instances(ImageId=image_id, MinCount=1, MaxCount=1)["Instances"][0]
    wanted = [{"Name": "attachment.instance-id", "Values": [launched["InstanceId"]]}]
    volumes = ec2.describe_volumes(Filters=wanted)["Volumes"]
    sizes = {volume["Attachments"][0]["Device"]: volume["Size"] for volume in volumes}
    assert sizes == {"/dev/sda1": 40, "/dev/sdf": 5}
    ec2.terminate_instances(InstanceIds=[launched["InstanceId"]])


def test_a_registered_image_has_what_it_is_given(
    registered: Callable[..., dict[str, Any]], snapshot_id: str
) -> None:
    """API_RegisterImage, API_EbsBlockDevice."""
    ebs = {"SnapshotId": snapshot_id, "VolumeSize": 9, "VolumeType": "gp3"}
    image = registered(
        Description="mine",
        Architecture="arm64",
        VirtualizationType="hvm",
        EnaSupport=True,
        BootMode="uefi",
        ImdsSupport="v2.0",
        BlockDeviceMappings=[
            {"DeviceName": "/dev/xvda", "Ebs": {**ebs, "DeleteOnTermination": False}},
            {"DeviceName": "/dev/sdb", "VirtualName": "ephemeral0"},
        ],
    )
    [root, other] = image["BlockDeviceMappings"]
    assert root["Ebs"] == {**ebs, "DeleteOnTermination": False, "Encrypted": False}
    assert other == {"DeviceName": "/dev/sdb", "VirtualName": "ephemeral0"}
    assert (image["Architecture"], image["VirtualizationType"]) == ("arm64", "hvm")
    assert (image["Description"], image["RootDeviceName"]) == ("mine", "/dev/xvda")
    assert (image["BootMode"], image["ImdsSupport"], image["EnaSupport"]) == ("uefi", "v2.0", True)


def test_a_registered_image_takes_what_is_left_out_from_the_snapshot(
    registered: Callable[..., dict[str, Any]],
) -> None:
    """API_RegisterImage: "Default: For Amazon EBS-backed AMIs, i386", "Default: paravirtual"."""
    image = registered()
    assert image["BlockDeviceMappings"][0]["Ebs"]["VolumeSize"] == 1
    assert (image["Architecture"], image["VirtualizationType"]) == ("i386", "paravirtual")
    assert image.keys().isdisjoint({"BootMode", "Description", "SourceInstanceId"})


def test_an_images_name_is_of_some_form_and_taken_once(
    aws: Any, registered: Callable[..., dict[str, Any]], unique_name: str, instance_id: str
) -> None:
    """EC2's error codes InvalidAMIName.Duplicate and InvalidAMIName.Malformed, in the words that
    users reported."""
    ec2, image_id = aws("ec2"), registered()["ImageId"]
    words = f"AMI name {unique_name} is already in use by AMI {image_id}"
    with pytest.raises(ClientError, match=rf"InvalidAMIName\.Duplicate.*{words}$"):
        ec2.create_image(InstanceId=instance_id, Name=unique_name)
    with pytest.raises(ClientError, match=r"InvalidAMIName\.Duplicate"):
        ec2.copy_image(Name=unique_name, SourceImageId=image_id, SourceRegion="us-east-1")
    with pytest.raises(ClientError, match=r"InvalidAMIName\.Malformed.*between 3 and 128"):
        ec2.create_image(InstanceId=instance_id, Name="a+b+c")
    with pytest.raises(ClientError, match=r"InvalidSnapshot\.NotFound"):
        registered(
            Name=f"{unique_name}-other",
            BlockDeviceMappings=[
                {"DeviceName": "/dev/xvda", "Ebs": {"SnapshotId": "snap-0123456789abcdef0"}}
            ],
        )


def test_a_snapshot_is_kept_while_an_image_has_it(
    aws: Any, registered: Callable[..., dict[str, Any]]
) -> None:
    """EC2's error code InvalidSnapshot.InUse, in the words that users reported."""
    ec2, image = aws("ec2"), registered()
    snapshot_id = image["BlockDeviceMappings"][0]["Ebs"]["SnapshotId"]
    with pytest.raises(ClientError, match=r"InvalidSnapshot\.InUse.*is currently in use by ami-"):
        ec2.delete_snapshot(SnapshotId=snapshot_id)


def test_a_copy_has_snapshots_of_its_own(
    aws: Any, registered: Callable[..., dict[str, Any]], unique_name: str
) -> None:
    """API_CopyImage, API_Image: SourceImageId; a copied snapshot's volume is vol-ffffffff, as
    recorded from AWS."""
    source = registered(BootMode="uefi")
    copied = aws("ec2", "eu-west-1").copy_image(
        Name=f"{unique_name}-copy", SourceImageId=source["ImageId"], SourceRegion="us-east-1"
    )
    [image] = aws("ec2", "eu-west-1").describe_images(ImageIds=[copied["ImageId"]])["Images"]
    assert (image["SourceImageId"], image["SourceImageRegion"]) == (source["ImageId"], "us-east-1")
    assert image["BootMode"] == "uefi"
    [[theirs], [ours]] = [each["BlockDeviceMappings"] for each in (source, image)]
    assert ours["DeviceName"] == theirs["DeviceName"]
    assert ours["Ebs"]["SnapshotId"] != theirs["Ebs"]["SnapshotId"]
    [snapshot] = aws("ec2", "eu-west-1").describe_snapshots(
        SnapshotIds=[ours["Ebs"]["SnapshotId"]]
    )["Snapshots"]
    assert (snapshot["VolumeId"], snapshot["VolumeSize"]) == ("vol-ffffffff", 1)
    with pytest.raises(ClientError, match=r"InvalidAMIID\.NotFound"):
        aws("ec2").copy_image(Name="none", SourceImageId=_NONE, SourceRegion="us-east-1")


def test_an_image_is_changed_later(aws: Any, registered: Callable[..., dict[str, Any]]) -> None:
    """API_ModifyImageAttribute, API_ResetImageAttribute, API_EnableImageDeprecation."""
    ec2, image_id = aws("ec2"), registered()["ImageId"]
    ec2.modify_image_attribute(ImageId=image_id, Description={"Value": "other"})
    ec2.modify_image_attribute(ImageId=image_id, Attribute="imdsSupport", Value="v2.0")
    ec2.modify_image_attribute(
        ImageId=image_id, LaunchPermission={"Add": [{"UserId": "111122223333"}]}
    )
    ec2.enable_image_deprecation(ImageId=image_id, DeprecateAt="2199-01-01T00:00:40Z")
    image = _described(aws, image_id)
    assert (image["Description"], image["ImdsSupport"]) == ("other", "v2.0")
    assert image["DeprecationTime"] == "2199-01-01T00:01:00.000Z"

    ec2.reset_image_attribute(ImageId=image_id, Attribute="launchPermission")
    ec2.disable_image_deprecation(ImageId=image_id)
    permitted = ec2.describe_image_attribute(ImageId=image_id, Attribute="launchPermission")
    assert permitted["LaunchPermissions"] == []
    assert "DeprecationTime" not in _described(aws, image_id)
    with pytest.raises(ClientError, match=r"InvalidAMIID\.NotFound"):
        ec2.disable_image_deprecation(ImageId=_NONE)
