"""NAT gateways: their interface, their Elastic IP address, and their end."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import Any

import pytest
from refusals import error_of

RANGE = "10.81.1.0/24"


@pytest.fixture
def subnet_id(ec2: Any) -> str:
    vpc_id = ec2.create_vpc(CidrBlock="10.81.0.0/16")["Vpc"]["VpcId"]
    return str(ec2.create_subnet(VpcId=vpc_id, CidrBlock=RANGE)["Subnet"]["SubnetId"])


@pytest.fixture
def allocation_id(ec2: Any) -> str:
    return str(ec2.allocate_address(Domain="vpc")["AllocationId"])


def described(ec2: Any, gateway_id: str) -> dict[str, Any]:
    [gateway] = ec2.describe_nat_gateways(NatGatewayIds=[gateway_id])["NatGateways"]
    return dict(gateway)


def test_a_gateway_has_an_address_of_its_subnet(
    ec2: Any, subnet_id: str, allocation_id: str
) -> None:
    """API_CreateNatGateway: "creates a network interface in the specified subnet with a private IP
    address from the IP address range of the subnet"; "The default is public connectivity";
    API_NatGateway: State is pending while it is created."""
    made = ec2.create_nat_gateway(SubnetId=subnet_id, AllocationId=allocation_id)["NatGateway"]
    assert made["State"] == "pending"

    gateway = described(ec2, made["NatGatewayId"])
    [address] = gateway["NatGatewayAddresses"]
    assert (gateway["State"], gateway["ConnectivityType"]) == ("available", "public")
    assert ip_address(address["PrivateIp"]) in ip_network(RANGE)
    assert address["AllocationId"] == allocation_id


def test_addresses_that_are_chosen_are_refused_by_name(ec2: Any, subnet_id: str) -> None:
    """The local AWS gives a gateway one address; API_CreateNatGateway: PrivateIpAddress."""
    code, message = error_of(
        ec2.create_nat_gateway,
        SubnetId=subnet_id,
        ConnectivityType="private",
        PrivateIpAddress="10.81.1.77",
    )
    assert code == "InvalidParameterValue"
    assert message == "PrivateIpAddress of a NAT gateway is not emulated; leave it out"


def test_a_public_gateway_needs_an_address_that_is_free(
    ec2: Any, subnet_id: str, allocation_id: str
) -> None:
    """API_CreateNatGateway: AllocationId, "You cannot specify an Elastic IP address with a private
    NAT gateway. If the Elastic IP address is associated with another resource, you must first
    disassociate it"."""
    create = ec2.create_nat_gateway
    assert error_of(create, SubnetId=subnet_id)[0] == "MissingParameter"
    private = {"ConnectivityType": "private", "AllocationId": allocation_id}
    assert error_of(create, SubnetId=subnet_id, **private)[0] == "InvalidParameterCombination"

    create(SubnetId=subnet_id, AllocationId=allocation_id)

    code, _ = error_of(create, SubnetId=subnet_id, AllocationId=allocation_id)
    assert code == "Resource.AlreadyAssociated"


def test_a_token_that_came_before_creates_nothing(
    ec2: Any, subnet_id: str, allocation_id: str, unique_name: str
) -> None:
    """EC2 API Reference, "Ensuring idempotency in Amazon EC2 API requests"."""
    request = {"SubnetId": subnet_id, "AllocationId": allocation_id, "ClientToken": unique_name}
    first = ec2.create_nat_gateway(**request)
    again = ec2.create_nat_gateway(**request)

    assert again["NatGateway"]["NatGatewayId"] == first["NatGateway"]["NatGatewayId"]
    assert again["ClientToken"] == unique_name
    other = {**request, "ConnectivityType": "public"}
    assert error_of(ec2.create_nat_gateway, **other)[0] == "IdempotentParameterMismatch"


def test_a_deleted_gateway_leaves_its_address(ec2: Any, subnet_id: str, allocation_id: str) -> None:
    """API_DeleteNatGateway: "Deleting a public NAT gateway disassociates its Elastic IP address,
    but does not release the address from your account"; API_NatGateway: DeleteTime."""
    made = ec2.create_nat_gateway(SubnetId=subnet_id, AllocationId=allocation_id)["NatGateway"]
    interface_id = made["NatGatewayAddresses"][0]["NetworkInterfaceId"]
    code, _ = error_of(ec2.release_address, AllocationId=allocation_id)
    assert code == "InvalidIPAddress.InUse"

    ec2.delete_nat_gateway(NatGatewayId=made["NatGatewayId"])

    gateway = described(ec2, made["NatGatewayId"])
    assert gateway["State"] == "deleted"
    assert gateway["DeleteTime"] >= gateway["CreateTime"]
    code, _ = error_of(ec2.describe_network_interfaces, NetworkInterfaceIds=[interface_id])
    assert code == "InvalidNetworkInterfaceID.NotFound"
    ec2.release_address(AllocationId=allocation_id)
    ec2.delete_subnet(SubnetId=subnet_id)


def test_a_gateway_that_does_not_exist_is_named(ec2: Any) -> None:
    """EC2 API Reference, "Error codes": NatGatewayNotFound."""
    missing = "nat-0123456789abcdef0"
    error = ("NatGatewayNotFound", f"The Nat Gateway {missing} was not found")
    assert error_of(ec2.describe_nat_gateways, NatGatewayIds=[missing]) == error
    assert error_of(ec2.delete_nat_gateway, NatGatewayId=missing) == error
