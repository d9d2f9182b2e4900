"""AWS::EC2::PlacementGroup, which moto lacks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from local_aws.control_plane.cloudformation.resource_types.handlers import backends
from local_aws.control_plane.cloudformation.resource_types.handlers.base import (
    Place,
    Properties,
    as_int,
    generated_name,
)
from local_aws.control_plane.cloudformation.resource_types.networking.network import TaggedResource
from local_aws.control_plane.ec2.launches import placement_groups


class PlacementGroup(TaggedResource):
    """AWS: "AWS::EC2::PlacementGroup" in the CloudFormation Template Reference: the name is
    CloudFormation's, and Ref returns it."""

    attributes: ClassVar[Mapping[str, str]] = {"GroupId": "id"}

    def create(self, place: Place, properties: Properties) -> Any:
        group = placement_groups.create(
            backends.ec2(place),
            generated_name(self.name, place),
            properties.get("Strategy"),
            as_int(properties, "PartitionCount"),
            properties.get("SpreadLevel"),
        )
        with self.deleted_on_failure(place, group, {}):
            return self.update(place, group, {}, properties)

    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        placement_groups.delete(backends.ec2(place), model.group_name)

    def physical_id(self, model: Any) -> str:
        return str(model.group_name)
