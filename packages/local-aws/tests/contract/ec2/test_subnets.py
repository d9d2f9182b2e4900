"""Networks: the zone of a subnet, and what goes with a VPC."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from stack_driver import StackDriver

AwsClient = Any


@pytest.fixture
def vpc_id(aws: AwsClient) -> str:
    created = aws("ec2", region="eu-west-1").create_vpc(CidrBlock="10.77.0.0/16")
    return str(created["Vpc"]["VpcId"])


def test_a_subnet_is_in_a_zone_of_its_region(aws: AwsClient, vpc_id: str) -> None:
    """API_CreateSubnet: without a zone, one of the region is chosen."""
    ec2 = aws("ec2", region="eu-west-1")
    [zone] = ec2.describe_availability_zones(ZoneNames=["eu-west-1b"])["AvailabilityZones"]

    def created(block: str, **where: str) -> str:
        subnet = ec2.create_subnet(VpcId=vpc_id, CidrBlock=block, **where)["Subnet"]
        return str(subnet["AvailabilityZone"])

    assert created("10.77.1.0/24").startswith("eu-west-1")
    assert created("10.77.2.0/24", AvailabilityZone="eu-west-1c") == "eu-west-1c"
    assert created("10.77.3.0/24", AvailabilityZoneId=zone["ZoneId"]) == "eu-west-1b"


def test_a_subnet_of_a_stack_is_in_a_zone_of_its_region(
    aws: AwsClient, vpc_id: str, unique_name: str
) -> None:
    """CloudFormation Template Reference, "AWS::EC2::Subnet": AvailabilityZone may be left out."""
    subnet = {"VpcId": vpc_id, "CidrBlock": "10.77.5.0/24"}
    driver = StackDriver(aws("cloudformation", region="eu-west-1"))

    driver.create(unique_name, {"One": {"Type": "AWS::EC2::Subnet", "Properties": subnet}})

    wanted = {"SubnetIds": [driver.physical_id(unique_name, "One")]}
    [found] = aws("ec2", region="eu-west-1").describe_subnets(**wanted)["Subnets"]
    assert found["AvailabilityZone"] == "eu-west-1a"
    driver.delete(unique_name)


@pytest.mark.parametrize(
    "where", [{"AvailabilityZone": "us-east-1a"}, {"AvailabilityZoneId": "use1-az1"}]
)
def test_a_zone_of_another_region_is_invalid(
    aws: AwsClient, vpc_id: str, where: dict[str, str]
) -> None:
    """API_CreateSubnet; the words are EC2's."""
    [named] = where.values()
    words = rf"Value \({named}\) .* is invalid\. .* zones: .*eu-west-1c"

    with pytest.raises(ClientError, match=f"InvalidParameterValue.*{words}"):
        aws("ec2", region="eu-west-1").create_subnet(
            VpcId=vpc_id, CidrBlock="10.77.4.0/24", **where
        )


def test_a_vpc_goes_with_its_default_network_acl(aws: AwsClient, vpc_id: str) -> None:
    """Amazon VPC User Guide, "Delete your VPC"."""
    ec2 = aws("ec2", region="eu-west-1")
    of_vpc = [{"Name": "vpc-id", "Values": [vpc_id]}]
    assert ec2.describe_network_acls(Filters=of_vpc)["NetworkAcls"]

    ec2.delete_vpc(VpcId=vpc_id)

    assert not ec2.describe_network_acls(Filters=of_vpc)["NetworkAcls"]


def test_a_subnet_of_ipv6_alone_has_such_a_range(aws: AwsClient, vpc_id: str) -> None:
    """API_CreateSubnet, Ipv6CidrBlock; EC2's error codes: InvalidSubnet.Range."""
    with pytest.raises(ClientError, match=r"InvalidSubnet\.Range.*10\.0\.1\.0/24"):
        aws("ec2", region="eu-west-1").create_subnet(
            VpcId=vpc_id, Ipv6Native=True, Ipv6CidrBlock="10.0.1.0/24"
        )
    with pytest.raises(ClientError, match="MissingParameter"):
        aws("ec2", region="eu-west-1").create_subnet(
            VpcId=vpc_id, Ipv6Native=True, Ipv6NetmaskLength=64
        )


def test_a_subnet_shows_what_it_has_not(aws: AwsClient, vpc_id: str) -> None:
    """API_Subnet; recorded from AWS."""
    ec2 = aws("ec2", region="eu-west-1")
    made = ec2.create_subnet(VpcId=vpc_id, CidrBlock="10.77.9.0/24")["Subnet"]
    assert (made["EnableDns64"], made["MapCustomerOwnedIpOnLaunch"]) == (False, False)
