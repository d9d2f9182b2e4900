"""VPN: customer gateways and connections. No traffic takes them."""

from __future__ import annotations

from typing import Any

from local_aws.control_plane.cloudformation.resource_types.handlers import backends
from local_aws.control_plane.cloudformation.resource_types.handlers.base import (
    Place,
    Properties,
)
from local_aws.control_plane.cloudformation.resource_types.handlers.by_api import Api
from local_aws.control_plane.cloudformation.resource_types.networking.network import TaggedResource


class CustomerGateway(TaggedResource):
    """AWS: "AWS::EC2::CustomerGateway" in the CloudFormation Template Reference."""

    def create(self, place: Place, properties: Properties) -> Any:
        given = {name: properties[name] for name in properties if name != "Tags"}
        created = Api(place, "ec2").create_customer_gateway(**given)["CustomerGateway"]
        gateway = backends.ec2(place).customer_gateways[created["CustomerGatewayId"]]
        return self.update(place, gateway, {}, properties)

    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        Api(place, "ec2").delete_customer_gateway(CustomerGatewayId=model.id)

    def physical_id(self, model: Any) -> str:
        return str(model.id)


class VpnConnection(TaggedResource):
    """AWS: "AWS::EC2::VPNConnection" in the CloudFormation Template Reference."""

    def create(self, place: Place, properties: Properties) -> Any:
        names = ("CustomerGatewayId", "TransitGatewayId", "Type", "VpnGatewayId")
        created = Api(place, "ec2").create_vpn_connection(
            **{name: properties[name] for name in names if name in properties},
            Options={"StaticRoutesOnly": properties.get("StaticRoutesOnly", False)},
        )
        connections = backends.ec2(place).vpn_connections
        connection = connections[created["VpnConnection"]["VpnConnectionId"]]
        return self.update(place, connection, {}, properties)

    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        Api(place, "ec2").delete_vpn_connection(VpnConnectionId=model.id)

    def physical_id(self, model: Any) -> str:
        return str(model.id)
