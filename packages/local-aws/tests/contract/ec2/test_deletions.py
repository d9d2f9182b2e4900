"""What something else still uses is deleted after it.

All of it: DependencyViolation under "Error codes" in the Amazon EC2 API Reference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from refusals import refusal_of

_IMAGE = "ami-12c6146b"


@dataclass(frozen=True)
class Network:
    """A VPC with two subnets and a security group, in which nothing is."""

    vpc_id: str
    subnet_ids: tuple[str, str]
    group_id: str


@pytest.fixture
def network(aws: Any, unique_name: str) -> Iterator[Network]:
    ec2 = aws("ec2")
    vpc_id = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    first, second = (
        ec2.create_subnet(VpcId=vpc_id, CidrBlock=f"10.9.{n}.0/24", AvailabilityZone=zone)[
            "Subnet"
        ]["SubnetId"]
        for n, zone in enumerate(("us-east-1a", "us-east-1b"))
    )
    group = ec2.create_security_group(GroupName=unique_name, Description="one", VpcId=vpc_id)
    yield Network(vpc_id, (first, second), group["GroupId"])
    ec2.delete_security_group(GroupId=group["GroupId"])
    ec2.delete_subnet(SubnetId=first)
    ec2.delete_subnet(SubnetId=second)
    ec2.delete_vpc(VpcId=vpc_id)


def interface(aws: Any, network: Network) -> Callable[[], Any]:
    ec2 = aws("ec2")
    made = ec2.create_network_interface(SubnetId=network.subnet_ids[0], Groups=[network.group_id])[
        "NetworkInterface"
    ]
    return lambda: ec2.delete_network_interface(NetworkInterfaceId=made["NetworkInterfaceId"])


def instance(aws: Any, network: Network) -> Callable[[], Any]:
    ec2 = aws("ec2")
    launched = ec2.run_instances(
        ImageId=_IMAGE,
        MinCount=1,
        MaxCount=1,
        SubnetId=network.subnet_ids[0],
        SecurityGroupIds=[network.group_id],
    )["Instances"]
    return lambda: ec2.terminate_instances(InstanceIds=[launched[0]["InstanceId"]])


def load_balancer(aws: Any, network: Network) -> Callable[[], Any]:
    elbv2 = aws("elbv2")
    gateway = aws("ec2").create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    aws("ec2").attach_internet_gateway(InternetGatewayId=gateway, VpcId=network.vpc_id)
    made = elbv2.create_load_balancer(
        Name="in-the-way", Subnets=list(network.subnet_ids), SecurityGroups=[network.group_id]
    )["LoadBalancers"][0]

    def remove() -> None:
        elbv2.delete_load_balancer(LoadBalancerArn=made["LoadBalancerArn"])
        aws("ec2").detach_internet_gateway(InternetGatewayId=gateway, VpcId=network.vpc_id)
        aws("ec2").delete_internet_gateway(InternetGatewayId=gateway)

    return remove


def classic_load_balancer(aws: Any, network: Network) -> Callable[[], Any]:
    elb = aws("elb")
    elb.create_load_balancer(
        LoadBalancerName="in-the-way",
        Listeners=[{"Protocol": "HTTP", "LoadBalancerPort": 80, "InstancePort": 80}],
        Subnets=[network.subnet_ids[0]],
        SecurityGroups=[network.group_id],
    )
    return lambda: elb.delete_load_balancer(LoadBalancerName="in-the-way")


@pytest.mark.parametrize("user", [interface, instance, load_balancer, classic_load_balancer])
def test_a_network_is_deleted_after_what_is_in_it(
    aws: Any, network: Network, user: Callable[[Any, Network], Callable[[], Any]]
) -> None:
    """VPC User Guide, "Delete a subnet", "Delete a security group"."""
    ec2 = aws("ec2")
    remove = user(aws, network)
    subnet_id, group_id = network.subnet_ids[0], network.group_id

    assert refusal_of(ec2.delete_subnet, SubnetId=subnet_id)[1:] == (
        "DependencyViolation",
        f"The subnet '{subnet_id}' has dependencies and cannot be deleted.",
    )
    assert refusal_of(ec2.delete_security_group, GroupId=group_id)[1:] == (
        "DependencyViolation",
        f"resource {group_id} has a dependent object",
    )
    remove()


def test_a_group_is_deleted_after_the_rules_that_name_it(
    aws: Any, network: Network, unique_name: str
) -> None:
    """VPC User Guide, "Delete a security group": a rule of its own does not count."""
    ec2 = aws("ec2")
    other = ec2.create_security_group(
        GroupName=f"{unique_name}-other", Description="two", VpcId=network.vpc_id
    )["GroupId"]
    pair = {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": other}]}
    ec2.authorize_security_group_ingress(GroupId=other, IpPermissions=[pair])
    ec2.authorize_security_group_ingress(GroupId=network.group_id, IpPermissions=[pair])

    assert refusal_of(ec2.delete_security_group, GroupId=other)[1] == "DependencyViolation"
    ec2.revoke_security_group_ingress(GroupId=network.group_id, IpPermissions=[pair])
    ec2.delete_security_group(GroupId=other)


@pytest.mark.parametrize("left", ["security group", "internet gateway"])
def test_a_vpc_is_deleted_after_its_parts(aws: Any, left: str, unique_name: str) -> None:
    """VPC User Guide, "Delete your VPC"."""
    ec2 = aws("ec2")
    vpc_id = ec2.create_vpc(CidrBlock="10.8.0.0/16")["Vpc"]["VpcId"]
    if left == "security group":
        group = ec2.create_security_group(GroupName=unique_name, Description="one", VpcId=vpc_id)[
            "GroupId"
        ]
    else:
        gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc_id)

    assert refusal_of(ec2.delete_vpc, VpcId=vpc_id)[1:] == (
        "DependencyViolation",
        f"The vpc '{vpc_id}' has dependencies and cannot be deleted.",
    )

    if left == "security group":
        ec2.delete_security_group(GroupId=group)
    else:
        ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc_id)
        ec2.delete_internet_gateway(InternetGatewayId=gateway)
    ec2.delete_vpc(VpcId=vpc_id)


def test_a_vpc_without_an_id_is_none(aws: Any) -> None:
    """InvalidVpcID.NotFound under "Error codes" in the Amazon EC2 API Reference."""
    ec2 = aws("ec2")
    made = ec2.create_vpn_gateway(Type="ipsec.1")["VpnGateway"]
    vpc_id = ec2.create_vpc(CidrBlock="10.8.0.0/16")["Vpc"]["VpcId"]
    ec2.attach_vpn_gateway(VpcId=vpc_id, VpnGatewayId=made["VpnGatewayId"])
    refused = refusal_of(ec2.delete_vpc, VpcId="")
    ec2.detach_vpn_gateway(VpcId=vpc_id, VpnGatewayId=made["VpnGatewayId"])
    ec2.delete_vpn_gateway(VpnGatewayId=made["VpnGatewayId"])
    ec2.delete_vpc(VpcId=vpc_id)
    assert refused[:2] == (400, "InvalidVpcID.NotFound")


def test_a_security_group_is_deleted_by_its_name_or_its_id(aws: Any) -> None:
    """API_DeleteSecurityGroup; "MissingParameter" in EC2's error codes."""
    assert refusal_of(aws("ec2").delete_security_group)[:2] == (400, "MissingParameter")
