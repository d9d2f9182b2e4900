"""DHCP options of networks."""

from __future__ import annotations

from typing import Any

import pytest
from refusals import refusal_of


@pytest.mark.parametrize(
    ("region", "domain"),
    [("us-east-1", "ec2.internal"), ("eu-west-2", "eu-west-2.compute.internal")],
)
def test_a_network_has_its_regions_options_at_first(aws: Any, region: str, domain: str) -> None:
    """Amazon VPC User Guide, "DHCP option sets in Amazon VPC"; recorded from AWS."""
    ec2 = aws("ec2", region)
    vpc_id = ec2.create_vpc(CidrBlock="10.84.0.0/16")["Vpc"]["VpcId"]
    [default] = ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"]
    [vpc] = ec2.describe_vpcs(VpcIds=[vpc_id])["Vpcs"]
    assert vpc["DhcpOptionsId"] == default["DhcpOptionsId"]
    [found] = ec2.describe_dhcp_options(DhcpOptionsIds=[vpc["DhcpOptionsId"]])["DhcpOptions"]
    shown = {each["Key"]: each["Values"] for each in found["DhcpConfigurations"]}
    assert shown == {
        "domain-name": [{"Value": domain}],
        "domain-name-servers": [{"Value": "AmazonProvidedDNS"}],
    }
    ec2.delete_vpc(VpcId=vpc_id)


def test_options_are_of_several_networks_and_outlive_them(aws: Any) -> None:
    """API_AssociateDhcpOptions, API_DeleteDhcpOptions: disassociate them first."""
    ec2 = aws("ec2")
    first, second = (
        ec2.create_vpc(CidrBlock=f"10.{number}.0.0/16")["Vpc"]["VpcId"] for number in (85, 86)
    )
    given = [{"Key": "domain-name", "Values": ["example.com"]}]
    made = ec2.create_dhcp_options(DhcpConfigurations=given)["DhcpOptions"]["DhcpOptionsId"]
    for vpc_id in (first, second):
        ec2.associate_dhcp_options(DhcpOptionsId=made, VpcId=vpc_id)
    of_it = [{"Name": "dhcp-options-id", "Values": [made]}]
    assert {each["VpcId"] for each in ec2.describe_vpcs(Filters=of_it)["Vpcs"]} == {first, second}
    ec2.delete_vpc(VpcId=second)
    assert refusal_of(ec2.delete_dhcp_options, DhcpOptionsId=made)[1] == "DependencyViolation"
    ec2.associate_dhcp_options(DhcpOptionsId="default", VpcId=first)
    assert ec2.describe_vpcs(VpcIds=[first])["Vpcs"][0]["DhcpOptionsId"] == "default"
    ec2.delete_dhcp_options(DhcpOptionsId=made)
    ec2.delete_vpc(VpcId=first)


def test_options_are_listed_by_their_keys(ec2: Any) -> None:
    """create-dhcp-options in the AWS CLI Command Reference: the answer of its example has them in
    another order than the request."""
    given = {"ntp-servers": "10.0.0.2", "domain-name-servers": "10.2.5.1", "domain-name": "a.test"}
    made = ec2.create_dhcp_options(
        DhcpConfigurations=[{"Key": key, "Values": [value]} for key, value in given.items()]
    )["DhcpOptions"]
    assert [each["Key"] for each in made["DhcpConfigurations"]] == sorted(given)
    [found] = ec2.describe_dhcp_options(DhcpOptionsIds=[made["DhcpOptionsId"]])["DhcpOptions"]
    assert found["DhcpConfigurations"] == made["DhcpConfigurations"]


def test_options_are_created_with_their_tags(ec2: Any) -> None:
    """API_CreateDhcpOptions: TagSpecification.N: "The tags to assign to the DHCP option"."""
    tags = [{"Key": "Name", "Value": "own"}]
    made = ec2.create_dhcp_options(
        DhcpConfigurations=[{"Key": "domain-name", "Values": ["a.test"]}],
        TagSpecifications=[{"ResourceType": "dhcp-options", "Tags": tags}],
    )["DhcpOptions"]
    assert made["Tags"] == tags
    [found] = ec2.describe_dhcp_options(DhcpOptionsIds=[made["DhcpOptionsId"]])["DhcpOptions"]
    assert found["Tags"] == tags
