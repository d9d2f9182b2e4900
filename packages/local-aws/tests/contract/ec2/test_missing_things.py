"""Things of EC2 that do not exist, and ranges that are not given, in AWS's words."""

from __future__ import annotations

from typing import Any

import pytest
from refusals import refusal_of


@pytest.mark.parametrize(
    ("call", "given", "code"),
    [
        ("delete_managed_prefix_list", {"PrefixListId": "pl-1"}, "InvalidPrefixListID.NotFound"),
        ("modify_managed_prefix_list", {"PrefixListId": "pl-1", "PrefixListName": "l"},
         "InvalidPrefixListID.NotFound"),
        ("run_instances", {"MinCount": 1, "MaxCount": 1,
                           "LaunchTemplate": {"LaunchTemplateId": "lt-1"}},
         "InvalidLaunchTemplateId.NotFound"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_named(aws: Any, call: str, given: dict[str, Any], code: str) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html"""
    assert refusal_of(getattr(aws("ec2"), call), **given)[:2] == (400, code)


def test_an_image_that_is_deregistered_is_named(aws: Any) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html"""
    ec2 = aws("ec2")
    image = ec2.register_image(Name="gone")["ImageId"]
    ec2.deregister_image(ImageId=image)
    permission = {"Add": [{"Group": "all"}]}
    refused = refusal_of(ec2.modify_image_attribute, ImageId=image, LaunchPermission=permission)
    assert refused[:2] == (400, "InvalidAMIID.NotFound")


def test_a_group_without_an_id_is_one_of_the_default_vpc(aws: Any) -> None:
    """API_DeleteSecurityGroup: GroupName is for groups in the default VPC."""
    ec2 = aws("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.91.0.0/16")["Vpc"]["VpcId"]
    ec2.create_security_group(GroupName="elsewhere", Description="d", VpcId=vpc)

    refused = refusal_of(ec2.delete_security_group, GroupName="elsewhere")

    assert refused[:2] == (400, "InvalidGroup.NotFound")
    assert refused[2].startswith("The security group 'elsewhere' does not exist in default VPC")


def test_a_network_s_range_is_given(aws: Any) -> None:
    """API_AssociateVpcCidrBlock: "You must specify one of the following in the request"."""
    ec2 = aws("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.92.0.0/16")["Vpc"]["VpcId"]

    for given in ({}, {"Ipv4IpamPoolId": "ipam-pool-1", "Ipv4NetmaskLength": 24}):
        refused = refusal_of(ec2.associate_vpc_cidr_block, VpcId=vpc, **given)
        assert refused[:2] == (400, "MissingParameter")
        assert refusal_of(ec2.create_subnet, VpcId=vpc, **given) == refused

    assert ec2.create_route_table(VpcId=vpc)["RouteTable"]["VpcId"] == vpc
    ec2.associate_vpc_cidr_block(VpcId=vpc, CidrBlock="10.93.0.0/16")
    [shown] = ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"]
    assert len(shown["CidrBlockAssociationSet"]) == 2
