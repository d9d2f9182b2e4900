"""EC2's Elastic IP addresses, and what they are associated with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from local_aws.control_plane.cloudformation.resource_types.handlers import backends
from local_aws.control_plane.cloudformation.resource_types.handlers.base import Place, Properties
from local_aws.control_plane.cloudformation.resource_types.handlers.by_api import ResourceByApi
from local_aws.control_plane.cloudformation.resource_types.networking.network import TaggedResource


class ElasticIp(TaggedResource):
    """AWS: "AWS::EC2::EIP" in the CloudFormation Template Reference."""

    changing_properties = frozenset({"InstanceId"})
    attributes: ClassVar[Mapping[str, str]] = {"PublicIp": "public_ip"}

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> Any:
        if old and old.get("InstanceId") != new.get("InstanceId"):
            ec2 = backends.ec2(place)
            if model.association_id:
                ec2.disassociate_address(association_id=model.association_id)
            if new.get("InstanceId"):
                instance = ec2.get_instance(new["InstanceId"])
                ec2.associate_address(instance, allocation_id=model.allocation_id)
        return super().update(place, model, old, new)

    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        ec2 = backends.ec2(place)
        if model.association_id:
            ec2.disassociate_address(association_id=model.association_id)
        ec2.release_address(allocation_id=model.allocation_id)


class ElasticIpAssociation(ResourceByApi):
    """Its id is that of the association. Another instance for the same address takes it over.

    AWS: "AWS::EC2::EIPAssociation": a change of the address needs a replacement.
    """

    changing_properties = frozenset({"InstanceId", "NetworkInterfaceId", "PrivateIpAddress"})

    def create(self, place: Place, properties: Properties) -> str:
        ec2 = backends.ec2(place)
        instance_id, eni_id = properties.get("InstanceId"), properties.get("NetworkInterfaceId")
        address = ec2.associate_address(
            instance=ec2.get_instance(instance_id) if instance_id else None,
            eni=ec2.get_network_interface(eni_id) if eni_id else None,
            address=properties.get("EIP"),
            allocation_id=properties.get("AllocationId"),
            reassociate=True,
        )
        return str(address.association_id)

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> str:  # noqa: ARG002
        return self.create(place, new)

    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        backends.ec2(place).disassociate_address(association_id=model)
