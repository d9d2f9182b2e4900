"""Images that are made of instances."""

from __future__ import annotations

from typing import Any


def test_an_image_and_its_snapshots_have_tags_of_their_own(aws: Any, unique_name: str) -> None:
    """API_CreateImage, TagSpecification: image, snapshot."""
    ec2 = aws("ec2")
    launched = ec2.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1)
    instance_id = launched["Instances"][0]["InstanceId"]
    tags = {kind: [{"Key": "team", "Value": kind}] for kind in ("image", "snapshot")}
    specifications = [{"ResourceType": kind, "Tags": each} for kind, each in tags.items()]
    image_id = ec2.create_image(
        InstanceId=instance_id, Name=unique_name, TagSpecifications=specifications
    )["ImageId"]
    [image] = ec2.describe_images(ImageIds=[image_id])["Images"]
    assert image["Tags"] == tags["image"]
    ids = [each["Ebs"]["SnapshotId"] for each in image["BlockDeviceMappings"]]
    [snapshot] = ec2.describe_snapshots(SnapshotIds=ids)["Snapshots"]
    assert snapshot["Tags"] == tags["snapshot"]
    ec2.terminate_instances(InstanceIds=[instance_id])
