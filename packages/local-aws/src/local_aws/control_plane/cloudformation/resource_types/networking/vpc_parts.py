"""What a VPC may have beside subnets: more address blocks, DHCP options, endpoints, a gateway for
IPv6."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from local_aws.control_plane.cloudformation.resource_types.handlers import backends
from local_aws.control_plane.cloudformation.resource_types.handlers.base import Place, Properties
from local_aws.control_plane.cloudformation.resource_types.handlers.by_api import ResourceByApi
from local_aws.control_plane.cloudformation.resource_types.networking.network import TaggedResource
from local_aws.control_plane.ec2.vpc import vpc_endpoints

_NO_OPTIONS = "default"


class VpcCidrBlock(ResourceByApi):
    """AWS: "AWS::EC2::VPCCidrBlock" in the CloudFormation Template Reference."""

    changing_properties = frozenset()

    def create(self, place: Place, properties: Properties) -> str:
        association: Mapping[str, Any] = backends.ec2(place).associate_vpc_cidr_block(
            properties["VpcId"],
            properties.get("CidrBlock"),
            properties.get("AmazonProvidedIpv6CidrBlock", False),
        )
        return str(association["association_id"])

    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        backends.ec2(place).disassociate_vpc_cidr_block(model)


class DhcpOptions(TaggedResource):
    """AWS: "AWS::EC2::DHCPOptions" in the CloudFormation Template Reference."""

    def create(self, place: Place, properties: Properties) -> Any:
        domain, node_type = properties.get("DomainName"), properties.get("NetbiosNodeType")
        options = backends.ec2(place).create_dhcp_options(
            domain_name_servers=properties.get("DomainNameServers"),
            domain_name=[domain] if domain else None,
            ntp_servers=properties.get("NtpServers"),
            netbios_name_servers=properties.get("NetbiosNameServers"),
            netbios_node_type=[str(node_type)] if node_type else None,
        )
        return self.update(place, options, {}, properties)

    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        backends.ec2(place).delete_dhcp_options_set(model.id)

    def physical_id(self, model: Any) -> str:
        return str(model.id)


class VpcDhcpOptionsAssociation(ResourceByApi):
    """AWS: "AWS::EC2::VPCDHCPOptionsAssociation" in the CloudFormation Template Reference."""

    changing_properties = frozenset({"DhcpOptionsId"})

    def create(self, place: Place, properties: Properties) -> str:
        return self.update(place, None, {}, properties)

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> str:  # noqa: ARG002
        ec2, options_id, vpc_id = backends.ec2(place), new["DhcpOptionsId"], new["VpcId"]
        vpc = ec2.get_vpc(vpc_id)
        ec2.disassociate_dhcp_options(vpc)
        if options_id != _NO_OPTIONS:
            ec2.associate_dhcp_options(ec2.describe_dhcp_options([options_id])[0], vpc)
        return f"{options_id}|{vpc_id}"

    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        """AWS leaves the VPC with these options, which then cannot be deleted before it: they are
        taken away here."""
        ec2 = backends.ec2(place)
        ec2.disassociate_dhcp_options(ec2.get_vpc(properties["VpcId"]))


class EgressOnlyInternetGateway(TaggedResource):
    """AWS: "AWS::EC2::EgressOnlyInternetGateway" in the CloudFormation Template Reference."""

    def create(self, place: Place, properties: Properties) -> Any:
        gateway = backends.ec2(place).create_egress_only_internet_gateway(properties["VpcId"])
        return self.update(place, gateway, {}, properties)

    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        backends.ec2(place).delete_egress_only_internet_gateway(model.id)

    def physical_id(self, model: Any) -> str:
        return str(model.id)


class VpcEndpoint(TaggedResource):
    """moto expects what a gateway's endpoint may leave out, and keeps a policy as it comes.

    AWS: "AWS::EC2::VPCEndpoint" in the CloudFormation Template Reference.
    """

    changing_properties = frozenset(
        {"PolicyDocument", "PrivateDnsEnabled", "RouteTableIds", "SecurityGroupIds", "SubnetIds"}
    )

    def create(self, place: Place, properties: Properties) -> Any:
        endpoint = backends.ec2(place).create_vpc_endpoint(
            vpc_id=properties["VpcId"],
            service_name=properties.get("ServiceName"),
            endpoint_type=properties.get("VpcEndpointType"),
            policy_document=_as_text(properties.get("PolicyDocument")),
            route_table_ids=properties.get("RouteTableIds", []),
            subnet_ids=properties.get("SubnetIds"),
            security_group_ids=properties.get("SecurityGroupIds"),
            private_dns_enabled=properties.get("PrivateDnsEnabled"),
        )
        return super().update(place, endpoint, {}, properties)

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> Any:
        if old.get("PolicyDocument") != new.get("PolicyDocument"):
            default = json.dumps(model.DEFAULT_POLICY)
            model.policy_document = _as_text(new.get("PolicyDocument")) or default
        model.private_dns_enabled = bool(new.get("PrivateDnsEnabled"))
        vpc_endpoints.associate(
            backends.ec2(place),
            model,
            route_tables=new.get("RouteTableIds", []),
            subnets=new.get("SubnetIds", []),
            groups=new.get("SecurityGroupIds", []),
        )
        return super().update(place, model, old, new)

    def attribute(self, model: Any, name: str) -> Any:
        """A DNS entry is its zone's id and its name."""
        if name == "DnsEntries":
            return [f"{each['hosted_zone_id']}:{each['dns_name']}" for each in model.dns_entries]
        if name == "CreationTimestamp":
            return f"{model.creation_timestamp.replace(tzinfo=None).isoformat()}Z"
        return super().attribute(model, name)


def _as_text(document: Any) -> str | None:
    return json.dumps(document) if isinstance(document, dict) else document
