"""EC2's network ACLs, their entries, and the subnets that have one.

moto has them in its API, and not in stacks.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from local_aws.control_plane.cloudformation.resource_types.handlers import backends
from local_aws.control_plane.cloudformation.resource_types.handlers.base import (
    Place,
    Properties,
    ResourceFailedError,
    ResourceType,
    generated_name,
)
from local_aws.control_plane.cloudformation.resource_types.handlers.by_api import ResourceByApi
from local_aws.control_plane.cloudformation.resource_types.networking.network import TaggedResource


class NetworkAcl(TaggedResource):
    """AWS: "AWS::EC2::NetworkAcl" in the CloudFormation Template Reference."""

    def create(self, place: Place, properties: Properties) -> Any:
        ec2 = backends.ec2(place)
        acl = ec2.create_network_acl(properties["VpcId"])
        for egress in (False, True):  # the last rule of each, which cannot be removed
            ec2.create_network_acl_entry(
                acl.id, 32_767, "-1", "deny", egress, "0.0.0.0/0", None, None, None, None, None
            )
        return self.update(place, acl, {}, properties)

    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        backends.ec2(place).delete_network_acl(model.id)

    def physical_id(self, model: Any) -> str:
        return str(model.id)


class NetworkAclEntry(ResourceByApi):
    """AWS: "AWS::EC2::NetworkAclEntry": number, direction and list need a replacement."""

    changing_properties = frozenset(
        {"CidrBlock", "Icmp", "Ipv6CidrBlock", "PortRange", "Protocol", "RuleAction"}
    )

    def create(self, place: Place, properties: Properties) -> str:
        _put_entry(backends.ec2(place).create_network_acl_entry, properties)
        return generated_name(self.name, place)

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> str:  # noqa: ARG002
        _put_entry(backends.ec2(place).replace_network_acl_entry, new)
        return str(model)

    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        backends.ec2(place).delete_network_acl_entry(
            properties["NetworkAclId"], properties["RuleNumber"], properties.get("Egress", False)
        )


class SubnetNetworkAclAssociation(ResourceType):
    """A subnet always has one list: this one replaces it, and the VPC's default one comes back.

    AWS: "AWS::EC2::SubnetNetworkAclAssociation" in the CloudFormation Template Reference.
    """

    changing_properties = frozenset()

    def create(self, place: Place, properties: Properties) -> Any:
        return _associate(place, properties["SubnetId"], properties["NetworkAclId"])

    def delete(self, place: Place, model: Any, properties: Properties) -> None:
        ec2 = backends.ec2(place)
        if model.id not in ec2.get_network_acl(properties["NetworkAclId"])._associations:
            return  # another list took its place
        vpc_id = ec2.get_subnet(model.subnet_id).vpc_id
        lists = ec2.network_acls.values()
        default = next(each for each in lists if each.vpc_id == vpc_id and each.default)
        ec2.replace_network_acl_association(model.id, default.id)

    def physical_id(self, model: Any) -> str:
        return str(model.id)


def _associate(place: Place, subnet_id: str, acl_id: str) -> Any:
    ec2 = backends.ec2(place)
    ec2.get_network_acl(acl_id)
    for acl in ec2.network_acls.values():
        for association in acl.associations:
            if association.subnet_id == subnet_id:
                return ec2.replace_network_acl_association(association.id, acl_id)
    raise ResourceFailedError(f"The subnet ID '{subnet_id}' does not exist")


def _put_entry(put: Callable[..., Any], properties: Properties) -> None:
    icmp, ports = properties.get("Icmp", {}), properties.get("PortRange", {})
    put(
        network_acl_id=properties["NetworkAclId"],
        rule_number=properties["RuleNumber"],
        protocol=str(properties["Protocol"]),
        rule_action=properties["RuleAction"],
        egress=properties.get("Egress", False),
        cidr_block=properties.get("CidrBlock"),
        icmp_code=icmp.get("Code"),
        icmp_type=icmp.get("Type"),
        port_range_from=ports.get("From"),
        port_range_to=ports.get("To"),
        ipv6_cidr_block=properties.get("Ipv6CidrBlock"),
    )
