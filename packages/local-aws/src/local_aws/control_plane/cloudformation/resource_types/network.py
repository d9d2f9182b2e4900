"""Networks: moto creates these types in a stack and deletes none of them."""

from __future__ import annotations

from typing import Any

from local_aws.control_plane.cloudformation.resource_types import backends
from local_aws.control_plane.cloudformation.resource_types.base import (
    Place,
    Properties,
    ResourceType,
)


class InternetGateway(ResourceType):
    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        backends.ec2(place).delete_internet_gateway(model.id)


class GatewayAttachment(ResourceType):
    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        gateway_id = properties.get("InternetGatewayId")
        if gateway_id:
            backends.ec2(place).detach_internet_gateway(gateway_id, properties["VpcId"])
        else:
            gateway_id = properties["VpnGatewayId"]
            backends.ec2(place).detach_vpn_gateway(gateway_id, properties["VpcId"])


class RouteTable(ResourceType):
    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        backends.ec2(place).delete_route_table(model.id)


class Route(ResourceType):
    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        backends.ec2(place).delete_route(
            properties["RouteTableId"],
            properties.get("DestinationCidrBlock"),
            properties.get("DestinationIpv6CidrBlock"),
        )


class SubnetRouteTableAssociation(ResourceType):
    """moto's object does not know the association's own id."""

    def create(self, place: Place, properties: Properties) -> Any:
        association = backends.ec2(place).associate_route_table(
            route_table_id=properties["RouteTableId"], subnet_id=properties["SubnetId"]
        )
        return getattr(association, "id", association)

    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        backends.ec2(place).disassociate_route_table(model)

    def physical_id(self, model: Any) -> str:
        return str(model)


class ElasticIp(ResourceType):
    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        backends.ec2(place).release_address(allocation_id=model.allocation_id)


class NatGateway(ResourceType):
    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        backends.ec2(place).delete_nat_gateway(model.id)
