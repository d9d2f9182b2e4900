"""A network interface's addresses: inside its subnet, one of them primary, not endlessly many."""

from __future__ import annotations

import ipaddress
from typing import Any

import pytest
from botocore.exceptions import ClientError
from refusals import error_of

TOO_MANY = 10**9
RESERVED = 3
"""Of a subnet's hosts, the first ones, which are AWS's own."""


@pytest.fixture(scope="module")
def subnet(ec2: Any) -> dict[str, Any]:
    vpc = ec2.create_vpc(CidrBlock="10.86.0.0/16")["Vpc"]["VpcId"]
    made: dict[str, Any] = ec2.create_subnet(VpcId=vpc, CidrBlock="10.86.0.0/24")
    return made["Subnet"]


@pytest.fixture
def interface(aws: Any, subnet: dict[str, Any]) -> str:
    made = aws("ec2").create_network_interface(SubnetId=subnet["SubnetId"])
    name: str = made["NetworkInterface"]["NetworkInterfaceId"]
    return name


def free_addresses(aws: Any, subnet: dict[str, Any], count: int) -> list[str]:
    """Addresses of the subnet that nobody has: those of other interfaces are given by chance."""
    mine = [{"Name": "subnet-id", "Values": [subnet["SubnetId"]]}]
    found = aws("ec2").describe_network_interfaces(Filters=mine)["NetworkInterfaces"]
    taken = {each["PrivateIpAddress"] for one in found for each in one["PrivateIpAddresses"]}
    hosts = [str(host) for host in ipaddress.ip_network(subnet["CidrBlock"]).hosts()]
    return [host for host in hosts[RESERVED:] if host not in taken][:count]


@pytest.mark.parametrize(
    ("addresses", "says"),
    [
        ({"PrivateIpAddress": "nonsense"}, "InvalidParameterValue.*nonsense"),
        ({"PrivateIpAddress": "10.9.9.9"}, "does not fall within the subnet's address range"),
        ({"PrivateIpAddresses": [{"PrivateIpAddress": "ü"}]}, "InvalidParameterValue"),
        ({"PrivateIpAddresses": [{"Primary": True}]}, "MissingParameter"),
        ({"SecondaryPrivateIpAddressCount": TOO_MANY}, "PrivateIpAddressLimitExceeded"),
        ({"Ipv6AddressCount": TOO_MANY}, "PrivateIpAddressLimitExceeded"),
        ({"SecondaryPrivateIpAddressCount": -1}, "PrivateIpAddressLimitExceeded"),
    ],
)
def test_an_interface_has_some_addresses_of_its_subnet(
    aws: Any, subnet: dict[str, Any], addresses: dict[str, Any], says: str
) -> None:
    """API_CreateNetworkInterface; EC2's error codes."""
    with pytest.raises(ClientError, match=says):
        aws("ec2").create_network_interface(SubnetId=subnet["SubnetId"], **addresses)


@pytest.mark.parametrize("number", [0, 1, 2, 3, -1])
def test_some_addresses_of_a_subnet_are_reserved(
    aws: Any, subnet: dict[str, Any], number: int
) -> None:
    """Amazon VPC User Guide, "Subnet CIDR blocks", in the words that users reported."""
    ec2, place = aws("ec2"), {"SubnetId": subnet["SubnetId"]}
    address = str(ipaddress.ip_network(subnet["CidrBlock"])[number])
    launch = {"ImageId": "ami-12c6146b", "MinCount": 1, "MaxCount": 1}
    words = f"Address {address} is in subnet's reserved address range"
    for call, more in ((ec2.create_network_interface, {}), (ec2.run_instances, launch)):
        refused = error_of(call, **place, **more, PrivateIpAddress=address)
        assert refused == ("InvalidParameterValue", words)


def test_one_of_an_interface_s_addresses_is_primary(aws: Any, subnet: dict[str, Any]) -> None:
    """API_CreateNetworkInterface, PrivateIpAddresses: one of them is the primary address."""
    free = free_addresses(aws, subnet, 2)
    given = [{"PrivateIpAddress": address} for address in free]
    made = aws("ec2").create_network_interface(
        SubnetId=subnet["SubnetId"], PrivateIpAddresses=given
    )["NetworkInterface"]
    assert made["PrivateIpAddress"] == free[0]
    assert [each["Primary"] for each in made["PrivateIpAddresses"]] == [True, False]


def test_some_more_addresses_are_assigned(aws: Any, interface: str) -> None:
    """API_AssignPrivateIpAddresses, API_AssignIpv6Addresses; EC2's error codes."""
    ec2 = aws("ec2")
    ec2.assign_private_ip_addresses(NetworkInterfaceId=interface, SecondaryPrivateIpAddressCount=2)
    [found] = ec2.describe_network_interfaces(NetworkInterfaceIds=[interface])["NetworkInterfaces"]
    assert len(found["PrivateIpAddresses"]) == 3

    with pytest.raises(ClientError, match="PrivateIpAddressLimitExceeded"):
        ec2.assign_private_ip_addresses(
            NetworkInterfaceId=interface, SecondaryPrivateIpAddressCount=TOO_MANY
        )
    with pytest.raises(ClientError, match="does not fall within the subnet's address range"):
        ec2.assign_private_ip_addresses(
            NetworkInterfaceId=interface, PrivateIpAddresses=["10.9.9.9"]
        )
    with pytest.raises(ClientError, match="has no IPv6 range"):
        ec2.assign_ipv6_addresses(NetworkInterfaceId=interface, Ipv6AddressCount=1)


def addresses_of(aws: Any, interface: str) -> list[str]:
    found = aws("ec2").describe_network_interfaces(NetworkInterfaceIds=[interface])
    return [
        each["PrivateIpAddress"] for each in found["NetworkInterfaces"][0]["PrivateIpAddresses"]
    ]


def test_an_address_is_of_one_interface_and_moves_when_that_is_wanted(
    aws: Any, subnet: dict[str, Any], interface: str
) -> None:
    """API_AssignPrivateIpAddresses, AllowReassignment, and the words that users reported; EC2 User
    Guide, "Secondary IP addresses": the primary one cannot be moved."""
    ec2 = aws("ec2")
    secondary, primary = free_addresses(aws, subnet, 2)
    other = ec2.create_network_interface(
        SubnetId=subnet["SubnetId"],
        PrivateIpAddresses=[
            {"PrivateIpAddress": primary, "Primary": True},
            {"PrivateIpAddress": secondary, "Primary": False},
        ],
    )["NetworkInterface"]["NetworkInterfaceId"]
    call = {"NetworkInterfaceId": interface, "PrivateIpAddresses": [secondary]}
    words = rf"InvalidParameterValue.*\[{secondary}\] assigned, but move is not allowed\."
    with pytest.raises(ClientError, match=words):
        ec2.assign_private_ip_addresses(**call)
    answer = ec2.assign_private_ip_addresses(**call, AllowReassignment=True)
    assert answer["AssignedPrivateIpAddresses"] == [{"PrivateIpAddress": secondary}]
    assert secondary in addresses_of(aws, interface)
    assert addresses_of(aws, other) == [primary]
    with pytest.raises(ClientError, match=r"InvalidParameterValue.*cannot be moved"):
        ec2.assign_private_ip_addresses(
            NetworkInterfaceId=interface, PrivateIpAddresses=[primary], AllowReassignment=True
        )


def test_a_small_subnet_has_few_addresses(aws: Any) -> None:
    """EC2's error codes, InsufficientFreeAddressesInSubnet: five of a subnet's are AWS's own."""
    ec2 = aws("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.77.0.0/16")["Vpc"]["VpcId"]
    small = ec2.create_subnet(VpcId=vpc, CidrBlock="10.77.0.0/28")["Subnet"]["SubnetId"]
    made = ec2.create_network_interface(SubnetId=small)["NetworkInterface"]["NetworkInterfaceId"]
    with pytest.raises(ClientError, match="InsufficientFreeAddressesInSubnet"):
        ec2.assign_private_ip_addresses(NetworkInterfaceId=made, SecondaryPrivateIpAddressCount=20)


@pytest.mark.usefixtures("no_waiting")
def test_a_full_subnet_takes_no_launch_until_an_instance_ends(aws: Any) -> None:
    """EC2's error codes, InsufficientFreeAddressesInSubnet."""
    ec2 = aws("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.79.0.0/16")["Vpc"]["VpcId"]
    small = ec2.create_subnet(VpcId=vpc, CidrBlock="10.79.0.0/28")["Subnet"]["SubnetId"]
    launch = {"ImageId": "ami-12c6146b", "SubnetId": small, "MinCount": 1, "MaxCount": 1}
    made = [ec2.run_instances(**launch)["Instances"][0]["InstanceId"] for _ in range(11)]
    for _ in range(2):
        refused = error_of(ec2.run_instances, **launch)
        assert refused[0] == "InsufficientFreeAddressesInSubnet"
    ec2.terminate_instances(InstanceIds=made[:1])
    assert ec2.run_instances(**launch)["Instances"]


def test_an_interface_in_use_is_kept(aws: Any) -> None:
    """API_DeleteNetworkInterface; EC2's error code InvalidNetworkInterface.InUse; EC2's words as
    users reported them."""
    ec2 = aws("ec2")
    [instance] = ec2.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1)["Instances"]
    interface_id = instance["NetworkInterfaces"][0]["NetworkInterfaceId"]
    with pytest.raises(ClientError, match=f"'{interface_id}' is currently in use"):
        ec2.delete_network_interface(NetworkInterfaceId=interface_id)
    with pytest.raises(ClientError, match=r"InvalidNetworkInterface\.InUse"):
        ec2.run_instances(
            ImageId="ami-12c6146b",
            MinCount=1,
            MaxCount=1,
            NetworkInterfaces=[{"DeviceIndex": 0, "NetworkInterfaceId": interface_id}],
        )
    ec2.terminate_instances(InstanceIds=[instance["InstanceId"]])


def test_an_interface_is_pending_when_it_is_made(aws: Any, subnet: dict[str, Any]) -> None:
    """`aws ec2 create-network-interface` in the AWS CLI's reference."""
    ec2 = aws("ec2")
    made = ec2.create_network_interface(SubnetId=subnet["SubnetId"])["NetworkInterface"]
    assert made["Status"] == "pending"
    named = {"NetworkInterfaceIds": [made["NetworkInterfaceId"]]}
    [found] = ec2.describe_network_interfaces(**named)["NetworkInterfaces"]
    assert found["Status"] == "available"


def test_an_address_is_taken_once(aws: Any) -> None:
    """EC2's error code InvalidIPAddress.InUse; its words as users reported them."""
    ec2 = aws("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.87.0.0/16")["Vpc"]["VpcId"]
    subnet_id = ec2.create_subnet(VpcId=vpc, CidrBlock="10.87.0.0/28")["Subnet"]["SubnetId"]
    ours = {"SubnetId": subnet_id, "PrivateIpAddress": "10.87.0.4"}
    first = ec2.create_network_interface(**ours)["NetworkInterface"]["NetworkInterfaceId"]
    words = "The specified address is already in use."
    refused = error_of(ec2.create_network_interface, **ours)
    assert refused == ("InvalidIPAddress.InUse", words)
    launch = {"ImageId": "ami-12c6146b", "MinCount": 1, "MaxCount": 1}
    refused = error_of(ec2.run_instances, **launch, **ours)
    assert refused == ("InvalidIPAddress.InUse", "Address 10.87.0.4 is in use.")
    others = {
        ec2.create_network_interface(SubnetId=subnet_id)["NetworkInterface"]["PrivateIpAddress"]
        for _ in range(9)
    }
    assert len(others - {"10.87.0.4"}) == 9
    [made] = ec2.run_instances(**launch, SubnetId=subnet_id)["Instances"]
    assert made["PrivateIpAddress"] not in others | {"10.87.0.4"}
    refused = error_of(ec2.create_network_interface, SubnetId=subnet_id)
    assert refused[0] == "InsufficientFreeAddressesInSubnet"
    ec2.delete_network_interface(NetworkInterfaceId=first)
    [second] = ec2.run_instances(**launch, **ours)["Instances"]
    assert second["PrivateIpAddress"] == "10.87.0.4"
    ec2.terminate_instances(InstanceIds=[made["InstanceId"], second["InstanceId"]])
