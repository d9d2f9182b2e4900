"""A network interface's addresses, and other things of which there are not endlessly many."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

TOO_MANY = 10**9
ROLE = "arn:aws:iam::123456789012:role/fleet"


@pytest.fixture
def subnet(aws: Any) -> dict[str, Any]:
    """One of the default VPC's: 172.31.x.0/20."""
    found: dict[str, Any] = aws("ec2").describe_subnets()["Subnets"][0]
    return found


@pytest.fixture
def interface(aws: Any, subnet: dict[str, Any]) -> str:
    made = aws("ec2").create_network_interface(SubnetId=subnet["SubnetId"])
    name: str = made["NetworkInterface"]["NetworkInterfaceId"]
    return name


@pytest.mark.parametrize(
    ("addresses", "says"),
    [
        ({"PrivateIpAddress": "nonsense"}, "InvalidParameterValue.*nonsense"),
        ({"PrivateIpAddress": "10.9.9.9"}, "does not fall within the subnet's address range"),
        ({"PrivateIpAddresses": [{"PrivateIpAddress": "ü"}]}, "InvalidParameterValue"),
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


def test_one_of_an_interface_s_addresses_is_primary(aws: Any, subnet: dict[str, Any]) -> None:
    """API_CreateNetworkInterface, PrivateIpAddresses: one of them is the primary address."""
    inside = subnet["CidrBlock"].rpartition(".")[0]
    given = [{"PrivateIpAddress": f"{inside}.{end}"} for end in (200, 201)]
    made = aws("ec2").create_network_interface(
        SubnetId=subnet["SubnetId"], PrivateIpAddresses=given
    )["NetworkInterface"]
    assert made["PrivateIpAddress"] == f"{inside}.200"
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


def test_a_small_subnet_has_few_addresses(aws: Any) -> None:
    """EC2's error codes, InsufficientFreeAddressesInSubnet: five of a subnet's are AWS's own."""
    ec2 = aws("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.77.0.0/16")["Vpc"]["VpcId"]
    small = ec2.create_subnet(VpcId=vpc, CidrBlock="10.77.0.0/28")["Subnet"]["SubnetId"]
    made = ec2.create_network_interface(SubnetId=small)["NetworkInterface"]["NetworkInterfaceId"]
    with pytest.raises(ClientError, match="InsufficientFreeAddressesInSubnet"):
        ec2.assign_private_ip_addresses(NetworkInterfaceId=made, SecondaryPrivateIpAddressCount=20)


def test_hosts_and_spot_instances_have_limits(aws: Any) -> None:
    """EC2's error codes: HostLimitExceeded, MaxSpotInstanceCountExceeded."""
    ec2 = aws("ec2")
    with pytest.raises(ClientError, match="HostLimitExceeded"):
        ec2.allocate_hosts(
            AvailabilityZone="us-east-1a", InstanceType="m5.large", Quantity=TOO_MANY
        )
    with pytest.raises(ClientError, match="MaxSpotInstanceCountExceeded"):
        ec2.request_spot_instances(
            InstanceCount=TOO_MANY, LaunchSpecification={"ImageId": "ami-12c6146b"}
        )
    launch = {"ImageId": "ami-12c6146b", "InstanceType": "t3.micro"}
    fleet = {"IamFleetRole": ROLE, "AllocationStrategy": "diversified", "TargetCapacity": TOO_MANY}
    with pytest.raises(ClientError, match="MaxSpotInstanceCountExceeded"):
        ec2.request_spot_fleet(SpotFleetRequestConfig={**fleet, "LaunchSpecifications": [launch]})
    with pytest.raises(ClientError, match="InvalidSpotFleetRequestConfig"):
        ec2.request_spot_fleet(SpotFleetRequestConfig={**fleet, "TargetCapacity": 1})
    assert ec2.describe_spot_instance_requests()["SpotInstanceRequests"] == []
    assert ec2.describe_spot_fleet_requests()["SpotFleetRequestConfigs"] == []


def test_a_spot_fleet_has_no_negative_capacity(aws: Any) -> None:
    """EC2's error codes: InvalidSpotFleetRequestId.NotFound, InvalidParameterValue."""
    ec2 = aws("ec2")
    with pytest.raises(ClientError, match=r"InvalidSpotFleetRequestId\.NotFound"):
        ec2.modify_spot_fleet_request(SpotFleetRequestId="sfr-none", TargetCapacity=1)
    launch = {"ImageId": "ami-12c6146b", "InstanceType": "t3.micro"}
    fleet = ec2.request_spot_fleet(
        SpotFleetRequestConfig={
            "IamFleetRole": ROLE,
            "AllocationStrategy": "lowestPrice",
            "LaunchSpecifications": [launch],
            "TargetCapacity": 1,
        }
    )["SpotFleetRequestId"]
    with pytest.raises(ClientError, match="InvalidParameterValue"):
        ec2.modify_spot_fleet_request(SpotFleetRequestId=fleet, TargetCapacity=-1)
    ec2.cancel_spot_fleet_requests(SpotFleetRequestIds=[fleet], TerminateInstances=True)


@pytest.mark.parametrize("kind", ["spot", "on-demand"])
def test_a_fleet_needs_a_launch_template(aws: Any, kind: str) -> None:
    """EC2's error codes: InvalidFleetConfig."""
    named = {"LaunchTemplateSpecification": {"Version": "1"}}
    capacity = {"TotalTargetCapacity": 1, "DefaultTargetCapacityType": kind}
    both = {"SpotTargetCapacity": 1, "OnDemandTargetCapacity": 1}
    with pytest.raises(ClientError, match="InvalidFleetConfig"):
        aws("ec2").create_fleet(
            LaunchTemplateConfigs=[named],
            TargetCapacitySpecification={**capacity, **both},
            SpotOptions={"AllocationStrategy": "diversified"},
        )
    assert aws("ec2").describe_fleets()["Fleets"] == []
