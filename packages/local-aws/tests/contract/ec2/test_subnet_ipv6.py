"""IPv6 ranges of subnets: of their VPC, with a state, in one subnet at a time."""

from __future__ import annotations

from ipaddress import IPv6Network
from typing import Any

import pytest
from botocore.exceptions import ClientError
from refusals import error_of


@pytest.fixture
def vpc_id(ec2: Any) -> str:
    made = ec2.create_vpc(CidrBlock="10.82.0.0/16", AmazonProvidedIpv6CidrBlock=True)
    return str(made["Vpc"]["VpcId"])


@pytest.fixture
def blocks(ec2: Any, vpc_id: str) -> list[str]:
    """The ranges that the VPC's subnets can have."""
    [vpc] = ec2.describe_vpcs(VpcIds=[vpc_id])["Vpcs"]
    block = vpc["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"]
    return [str(each) for each in IPv6Network(block).subnets(new_prefix=64)]


def new_subnet(ec2: Any, vpc_id: str, number: int, **request: Any) -> str:
    made = ec2.create_subnet(VpcId=vpc_id, CidrBlock=f"10.82.{number}.0/24", **request)
    return str(made["Subnet"]["SubnetId"])


def test_a_range_is_associated(ec2: Any, vpc_id: str, blocks: list[str]) -> None:
    """API_SubnetIpv6CidrBlockAssociation: Ipv6CidrBlockState has a State; API_DescribeSubnets: the
    filters ipv6-cidr-block-association.ipv6-cidr-block and .state."""
    first = new_subnet(ec2, vpc_id, 1, Ipv6CidrBlock=blocks[0])
    second = new_subnet(ec2, vpc_id, 2)
    made = ec2.associate_subnet_cidr_block(SubnetId=second, Ipv6CidrBlock=blocks[1])
    associated = made["Ipv6CidrBlockAssociation"]

    [subnet] = ec2.describe_subnets(SubnetIds=[second])["Subnets"]
    assert subnet["Ipv6CidrBlockAssociationSet"] == [
        {
            "AssociationId": associated["AssociationId"],
            "Ipv6CidrBlock": blocks[1],
            "Ipv6CidrBlockState": {"State": "associated"},
        }
    ]

    of_vpc = {"Name": "vpc-id", "Values": [vpc_id]}
    for name, value, found in (
        ("ipv6-cidr-block", blocks[0], {first}),
        ("state", "associated", {first, second}),
        ("state", "failed", set()),
    ):
        by = {"Name": f"ipv6-cidr-block-association.{name}", "Values": [value]}
        subnets = ec2.describe_subnets(Filters=[of_vpc, by])["Subnets"]
        assert {subnet["SubnetId"] for subnet in subnets} == found

    ec2.disassociate_subnet_cidr_block(AssociationId=associated["AssociationId"])
    ended = {"Name": "ipv6-cidr-block-association.state", "Values": ["disassociated"]}
    [subnet] = ec2.describe_subnets(SubnetIds=[second], Filters=[ended])["Subnets"]
    [association] = subnet["Ipv6CidrBlockAssociationSet"]
    assert association["Ipv6CidrBlockState"] == {"State": "disassociated"}
    ec2.associate_subnet_cidr_block(SubnetId=second, Ipv6CidrBlock=blocks[1])


@pytest.mark.parametrize("block", ["2001:db8::/64", "nonsense"])
def test_a_range_is_one_of_the_vpcs(ec2: Any, vpc_id: str, block: str) -> None:
    """EC2 API Reference, "Error codes": InvalidSubnet.Range, "The CIDR block you've specified is
    not valid"."""
    subnet_id = new_subnet(ec2, vpc_id, 1)
    with pytest.raises(ClientError, match=r"InvalidSubnet[.]Range"):
        ec2.associate_subnet_cidr_block(SubnetId=subnet_id, Ipv6CidrBlock=block)
    with pytest.raises(ClientError, match=r"InvalidSubnet[.]Range"):
        new_subnet(ec2, vpc_id, 2, Ipv6CidrBlock=block)


def test_two_subnets_do_not_share_a_range(ec2: Any, vpc_id: str, blocks: list[str]) -> None:
    """EC2 API Reference, "Error codes": InvalidSubnet.Conflict, "The specified CIDR block conflicts
    with that of another subnet in your VPC"; the words as users reported them."""
    new_subnet(ec2, vpc_id, 1, Ipv6CidrBlock=blocks[0])
    again = {"VpcId": vpc_id, "CidrBlock": "10.82.2.0/24", "Ipv6CidrBlock": blocks[0]}
    assert error_of(ec2.create_subnet, **again) == (
        "InvalidSubnet.Conflict",
        f"The IPv6 CIDR '{blocks[0]}' conflicts with another subnet",
    )


def test_a_range_stays_while_new_interfaces_get_addresses_of_it(
    ec2: Any, vpc_id: str, blocks: list[str]
) -> None:
    """API_DisassociateSubnetCidrBlock: InvalidCidrBlock.InUse; the words as users reported them."""
    subnet_id = new_subnet(ec2, vpc_id, 1, Ipv6CidrBlock=blocks[0])
    [subnet] = ec2.describe_subnets(SubnetIds=[subnet_id])["Subnets"]
    [association] = subnet["Ipv6CidrBlockAssociationSet"]
    of_it, assign = {"AssociationId": association["AssociationId"]}, "AssignIpv6AddressOnCreation"
    ec2.modify_subnet_attribute(SubnetId=subnet_id, **{assign: {"Value": True}})
    words = (
        f"The subnet IPv6 CIDR block with association ID {of_it['AssociationId']} may not be "
        "disassociated, because its subnet has assign-ipv6-address-on-creation set to true."
    )
    refused = ("InvalidCidrBlock.InUse", words)
    assert error_of(ec2.disassociate_subnet_cidr_block, **of_it) == refused
    ec2.modify_subnet_attribute(SubnetId=subnet_id, **{assign: {"Value": False}})
    ec2.disassociate_subnet_cidr_block(**of_it)
