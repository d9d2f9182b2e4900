"""EC2's volumes, and their attachments to instances."""

from __future__ import annotations

from typing import Any

from local_aws.control_plane.cloudformation.resource_types.handlers import backends
from local_aws.control_plane.cloudformation.resource_types.handlers.base import (
    Place,
    Properties,
    ResourceType,
    as_int,
    as_tag_list,
)
from local_aws.control_plane.cloudformation.resource_types.handlers.by_api import Api
from local_aws.control_plane.cloudformation.resource_types.networking.network import TaggedResource


class Volume(TaggedResource):
    """AWS: "AWS::EC2::Volume" in the CloudFormation Template Reference. moto takes a size only."""

    changing_properties = frozenset({"Iops", "Size", "Throughput", "VolumeType"})
    replacing_properties = frozenset(
        {
            "AvailabilityZone",
            "AvailabilityZoneId",
            "Encrypted",
            "KmsKeyId",
            "OutpostArn",
            "SnapshotId",
            "SourceVolumeId",
        }
    )

    def create(self, place: Place, properties: Properties) -> Any:
        volume = backends.ec2(place).create_volume(
            size=as_int(properties, "Size"),
            zone_name=properties.get("AvailabilityZone"),
            snapshot_id=properties.get("SnapshotId"),
            encrypted=properties.get("Encrypted", False),
            kms_key_id=properties.get("KmsKeyId"),
            volume_type=properties.get("VolumeType"),
            iops=as_int(properties, "Iops"),
            throughput=as_int(properties, "Throughput"),
            multi_attach_enabled=properties.get("MultiAttachEnabled"),
        )
        return self.update(place, volume, properties, properties)

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> Any:
        differing = {
            name: new.get(name)
            for name in ("Iops", "Size", "Throughput", "VolumeType")
            if old.get(name) != new.get(name)
        }
        if any(differing.values()):
            backends.ec2(place).modify_volume(
                model.id,
                target_size=differing.get("Size"),
                target_volume_type=differing.get("VolumeType"),
                target_iops=differing.get("Iops"),
                target_throughput=differing.get("Throughput"),
            )
        return super().update(place, model, old, new)

    def take_snapshot(self, place: Place, model: Any) -> None:
        Api(place, "ec2").create_snapshot(
            VolumeId=model.id,
            TagSpecifications=[
                {"ResourceType": "snapshot", "Tags": as_tag_list(place.all_tags)},
            ],
        )


class VolumeAttachment(ResourceType):
    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        backends.ec2(place).detach_volume(
            properties["VolumeId"], properties["InstanceId"], properties.get("Device")
        )

    def physical_id(self, model: Any) -> str:
        return f"{model.volume_id}|{model.instance_id}"
