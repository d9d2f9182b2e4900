"""Internet gateways and the routes to them."""

from __future__ import annotations

from typing import Any

from refusals import refusal_of


def test_the_default_vpc_leads_to_the_internet(aws: Any) -> None:
    """Amazon VPC User Guide, "Default VPC components"."""
    ec2 = aws("ec2", "eu-west-2")
    [vpc] = ec2.describe_vpcs()["Vpcs"]
    of_vpc = [{"Name": "attachment.vpc-id", "Values": [vpc["VpcId"]]}]
    [gateway] = ec2.describe_internet_gateways(Filters=of_vpc)["InternetGateways"]
    assert gateway["Attachments"] == [{"State": "available", "VpcId": vpc["VpcId"]}]
    main = [{"Name": "association.main", "Values": ["true"]}]
    [table] = ec2.describe_route_tables(Filters=main)["RouteTables"]
    assert [(each["DestinationCidrBlock"], each["GatewayId"]) for each in table["Routes"]] == [
        ("172.31.0.0/16", "local"),
        ("0.0.0.0/0", gateway["InternetGatewayId"]),
    ]


def test_a_network_has_one_gateway_and_a_gateway_one_network(aws: Any) -> None:
    """API_AttachInternetGateway; EC2's words as users reported them."""
    ec2 = aws("ec2")
    first, second = (ec2.create_vpc(CidrBlock=f"10.{n}.0.0/16")["Vpc"]["VpcId"] for n in (62, 63))
    ours, other = (
        ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"] for _ in range(2)
    )
    ec2.attach_internet_gateway(InternetGatewayId=ours, VpcId=first)
    assert refusal_of(ec2.attach_internet_gateway, InternetGatewayId=other, VpcId=first) == (
        400,
        "InvalidParameterValue",
        f"Network {first} already has an internet gateway attached",
    )
    assert refusal_of(ec2.attach_internet_gateway, InternetGatewayId=ours, VpcId=second) == (
        400,
        "Resource.AlreadyAssociated",
        f"resource {ours} is already attached to network {first}",
    )
    assert refusal_of(ec2.detach_internet_gateway, InternetGatewayId=other, VpcId=first) == (
        400,
        "Gateway.NotAttached",
        f"resource {other} is not attached to network {first}",
    )
    assert refusal_of(ec2.delete_internet_gateway, InternetGatewayId=ours) == (
        400,
        "DependencyViolation",
        f"The internetGateway '{ours}' has dependencies and cannot be deleted.",
    )


def test_a_table_has_one_route_to_a_destination(aws: Any) -> None:
    """EC2's error code RouteAlreadyExists."""
    ec2 = aws("ec2")
    vpc_id = ec2.create_vpc(CidrBlock="10.64.0.0/16")["Vpc"]["VpcId"]
    gateway_id = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway_id, VpcId=vpc_id)
    subnet_id = ec2.create_subnet(VpcId=vpc_id, CidrBlock="10.64.1.0/24")["Subnet"]["SubnetId"]
    interface = ec2.create_network_interface(SubnetId=subnet_id)["NetworkInterface"]
    table_id = ec2.create_route_table(VpcId=vpc_id)["RouteTable"]["RouteTableId"]
    route = {"RouteTableId": table_id, "DestinationCidrBlock": "0.0.0.0/0"}
    ec2.create_route(**route, GatewayId=gateway_id)
    refused = refusal_of(
        ec2.create_route, **route, NetworkInterfaceId=interface["NetworkInterfaceId"]
    )
    words = "The route identified by 0.0.0.0/0 already exists."
    assert refused == (400, "RouteAlreadyExists", words)
