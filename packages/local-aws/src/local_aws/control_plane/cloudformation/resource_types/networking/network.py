"""EC2's resources with tags, and routes. moto deletes few of them, and changes none."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

from moto.ec2.exceptions import InvalidSecurityGroupNotFoundError

from local_aws.control_plane.cloudformation.resource_types.handlers import backends
from local_aws.control_plane.cloudformation.resource_types.handlers.base import (
    Place,
    Properties,
    ResourceType,
    as_int,
)
from local_aws.control_plane.cloudformation.resource_types.handlers.by_api import ResourceByApi
from local_aws.control_plane.cloudformation.resource_types.handlers.fields import (
    Fields,
    TypeWithFields,
)
from local_aws.control_plane.ec2.network_interfaces import interface_addresses

_DELETE: Mapping[str, Callable[[Any, str], Any]] = {
    "AWS::EC2::FlowLog": lambda ec2, flow_log_id: ec2.delete_flow_logs([flow_log_id]),
    "AWS::EC2::InternetGateway": lambda ec2, gateway_id: ec2.delete_internet_gateway(gateway_id),
    "AWS::EC2::NatGateway": lambda ec2, gateway_id: ec2.delete_nat_gateway(gateway_id),
    "AWS::EC2::NetworkInterface": lambda ec2, eni_id: ec2.delete_network_interface(eni_id),
    "AWS::EC2::RouteTable": lambda ec2, table_id: ec2.delete_route_table(table_id),
    "AWS::EC2::TransitGateway": lambda ec2, gateway_id: ec2.delete_transit_gateway(gateway_id),
    "AWS::EC2::VPCEndpoint": lambda ec2, endpoint_id: ec2.delete_vpc_endpoints([endpoint_id]),
    "AWS::EC2::VPCPeeringConnection": lambda ec2, peering_id: ec2.delete_vpc_peering_connection(
        peering_id
    ),
    "AWS::EC2::VPNGateway": lambda ec2, gateway_id: ec2.delete_vpn_gateway(gateway_id),
    "AWS::EC2::Volume": lambda ec2, volume_id: ec2.delete_volume(volume_id),
}
"""The types that moto does not delete itself."""

_COUNT = "SecondaryPrivateIpAddressCount"


class TaggedResource(TypeWithFields):
    """Its tags change in place, and CloudFormation's own are among them.

    AWS: "Resource tags" in the CloudFormation Template Reference.
    """

    def put_tags(
        self, place: Place, model: Any, removed: Iterable[str], tags: Mapping[str, str]
    ) -> None:
        ec2 = backends.ec2(place)
        ec2.delete_tag_keys([model.id], list(removed))
        ec2.create_tags([model.id], {**place.all_tags, **tags})

    def delete(self, place: Place, model: Any, properties: Properties) -> None:
        if self.name in _DELETE:
            _DELETE[self.name](backends.ec2(place), model.id)
        else:
            super().delete(place, model, properties)


def security_groups(ec2: Any, vpc_id: str, group_ids: list[str] | None) -> list[str]:
    """The groups' ids, or that of the network's default group; each of them must exist."""
    if not group_ids:
        return [ec2.get_default_security_group(vpc_id).id]
    for group_id in group_ids:
        if ec2.get_security_group_from_id(group_id) is None:
            raise InvalidSecurityGroupNotFoundError(group_id)
    return group_ids


class Vpc(TaggedResource):
    """AWS: "AWS::EC2::VPC" in the CloudFormation Template Reference."""

    fields: ClassVar[Fields] = {
        "EnableDnsHostnames": ("enable_dns_hostnames", False),
        "EnableDnsSupport": ("enable_dns_support", True),
    }

    def attribute(self, model: Any, name: str) -> Any:
        if name == "DefaultNetworkAcl":
            acls = model.ec2_backend.network_acls.values()
            return next(acl.id for acl in acls if acl.vpc_id == model.id and acl.default)
        if name == "Ipv6CidrBlocks":
            return [each["cidr_block"] for each in model.get_cidr_block_association_set(ipv6=True)]
        return super().attribute(model, name)


class Subnet(TaggedResource):
    """moto creates it without IPv6.

    AWS: "AWS::EC2::Subnet" in the CloudFormation Template Reference.
    """

    fields: ClassVar[Fields] = {
        "AssignIpv6AddressOnCreation": ("assign_ipv6_address_on_creation", False),
        "MapPublicIpOnLaunch": ("map_public_ip_on_launch", False),
    }

    def create(self, place: Place, properties: Properties) -> Any:
        subnet = backends.ec2(place).create_subnet(
            properties["VpcId"],
            properties.get("CidrBlock"),
            ipv6_cidr_block=properties.get("Ipv6CidrBlock"),
            availability_zone=properties.get("AvailabilityZone"),
            availability_zone_id=properties.get("AvailabilityZoneId"),
            ipv6_native=properties.get("Ipv6Native", False),
        )
        with self.deleted_on_failure(place, subnet, {}):
            return self.update(place, subnet, {}, properties)

    def attribute(self, model: Any, name: str) -> Any:
        if name == "Ipv6CidrBlocks":
            associations = model.ipv6_cidr_block_associations.values()
            return [each["ipv6CidrBlock"] for each in associations]
        if name == "NetworkAclAssociationId":
            acls = model.ec2_backend.network_acls.values()
            found = (each for acl in acls for each in acl.associations)
            return next(each.id for each in found if each.subnet_id == model.id)
        return super().attribute(model, name)


class NatGateway(TaggedResource):
    """moto creates only public ones.

    AWS: "AWS::EC2::NatGateway" in the CloudFormation Template Reference.
    """

    attributes: ClassVar[Mapping[str, str]] = {"EniId": "_eni.id"}

    def create(self, place: Place, properties: Properties) -> Any:
        gateway = backends.ec2(place).create_nat_gateway(
            properties["SubnetId"],
            properties.get("AllocationId"),
            connectivity_type=properties.get("ConnectivityType", "public"),
        )
        with self.deleted_on_failure(place, gateway, {}):
            return self.update(place, gateway, {}, properties)


class NetworkInterface(TaggedResource):
    """moto creates it without its groups and with only one address.

    AWS: "AWS::EC2::NetworkInterface" in the CloudFormation Template Reference.
    """

    fields: ClassVar[Fields] = {
        "Description": ("description", ""),
        "SourceDestCheck": ("source_dest_check", True),
    }
    changing_properties = frozenset({"GroupSet", _COUNT})

    def create(self, place: Place, properties: Properties) -> Any:
        ec2 = backends.ec2(place)
        subnet = ec2.get_subnet(properties["SubnetId"])
        interface_addresses.check(subnet, properties)
        interface = ec2.create_network_interface(
            subnet,
            properties.get("PrivateIpAddress"),
            copy.deepcopy(properties.get("PrivateIpAddresses", [])),
        )
        with self.deleted_on_failure(place, interface, {}):
            return self.update(place, interface, {}, properties)

    def attribute(self, model: Any, name: str) -> Any:
        if name == "SecondaryPrivateIpAddresses":
            addresses = model.private_ip_addresses
            return [each["PrivateIpAddress"] for each in addresses if not each.get("Primary")]
        return super().attribute(model, name)

    def attributes_changed_by(self, changed: frozenset[str]) -> frozenset[str]:
        return changed | ({"SecondaryPrivateIpAddresses"} if _COUNT in changed else frozenset())

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> Any:
        ec2 = backends.ec2(place)
        if old.get("GroupSet") != new.get("GroupSet"):
            ec2.modify_network_interface_attribute(
                model.id, security_groups(ec2, model.vpc_id, new.get("GroupSet"))
            )
        if old.get(_COUNT) != new.get(_COUNT):
            self._assign(ec2, model, new)
        return super().update(place, model, old, new)

    def _assign(self, ec2: Any, model: Any, properties: Properties) -> None:
        """Assign the number of secondary addresses that it has besides the named ones."""
        interface_addresses.check(model.subnet, properties)
        named = [each["PrivateIpAddress"] for each in properties.get("PrivateIpAddresses", ())]
        secondary = self.attribute(model, "SecondaryPrivateIpAddresses")
        counted = [address for address in secondary if address not in named]
        wanted = as_int(properties, _COUNT) or 0
        if wanted > len(counted):
            ec2.assign_private_ip_addresses(model.id, secondary_ips_count=wanted - len(counted))
        else:
            ec2.unassign_private_ip_addresses(model.id, counted[wanted:])


class GatewayAttachment(ResourceByApi):
    """Its id says which kind of gateway, and the VPC.

    AWS: "AWS::EC2::VPCGatewayAttachment", as real answers have been recorded.
    """

    changing_properties = frozenset()

    def create(self, place: Place, properties: Properties) -> str:
        ec2, vpc_id = backends.ec2(place), properties["VpcId"]
        if properties.get("InternetGatewayId"):
            ec2.attach_internet_gateway(properties["InternetGatewayId"], vpc_id)
            return f"IGW|{vpc_id}"
        ec2.attach_vpn_gateway(properties["VpnGatewayId"], vpc_id)
        return f"VGW|{vpc_id}"

    def attribute(self, model: Any, name: str) -> Any:
        if name == "AttachmentType":
            return model.partition("|")[0]
        return super().attribute(model, name)

    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        gateway_id = properties.get("InternetGatewayId")
        if gateway_id:
            backends.ec2(place).detach_internet_gateway(gateway_id, properties["VpcId"])
        else:
            gateway_id = properties["VpnGatewayId"]
            backends.ec2(place).detach_vpn_gateway(gateway_id, properties["VpcId"])


class Route(ResourceType):
    """Another target takes the place of the former one.

    AWS: "AWS::EC2::Route" in the CloudFormation Template Reference.
    """

    changing_properties = frozenset(
        {
            "EgressOnlyInternetGatewayId",
            "GatewayId",
            "InstanceId",
            "NatGatewayId",
            "NetworkInterfaceId",
            "TransitGatewayId",
            "VpcPeeringConnectionId",
        }
    )

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> Any:  # noqa: ARG002
        return backends.ec2(place).replace_route(
            new["RouteTableId"],
            new.get("DestinationCidrBlock"),
            destination_ipv6_cidr_block=new.get("DestinationIpv6CidrBlock"),
            destination_prefix_list_id=new.get("DestinationPrefixListId"),
            nat_gateway_id=new.get("NatGatewayId"),
            egress_only_igw_id=new.get("EgressOnlyInternetGatewayId"),
            transit_gateway_id=new.get("TransitGatewayId"),
            gateway_id=new.get("GatewayId"),
            instance_id=new.get("InstanceId"),
            interface_id=new.get("NetworkInterfaceId"),
            vpc_peering_connection_id=new.get("VpcPeeringConnectionId"),
        )

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
