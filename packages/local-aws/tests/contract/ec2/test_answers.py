"""Members of EC2's answers, and its words, as real ones have been recorded."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from refusals import refusal_of
from stack_driver import StackDriver


def test_a_zone_belongs_to_a_group(aws: Any) -> None:
    """API_AvailabilityZone."""
    zones = aws("ec2").describe_availability_zones()["AvailabilityZones"]
    assert len(zones) > 2
    for zone in zones:
        assert zone["GroupName"] == "us-east-1-zg-1"
        assert zone["NetworkBorderGroup"] == "us-east-1"
        assert zone["OptInStatus"] == "opt-in-not-required"
        assert zone["GroupLongName"]


def test_a_new_vpc_is_pending(aws: Any) -> None:
    """API_Vpc: State."""
    ec2 = aws("ec2")
    made = ec2.create_vpc(CidrBlock="10.76.0.0/16")["Vpc"]
    assert made["State"] == "pending"
    assert "Tags" not in made
    [found] = ec2.describe_vpcs(VpcIds=[made["VpcId"]])["Vpcs"]
    assert (found["State"], found["Tags"]) == ("available", [])


def test_a_route_table_comes_with_its_token(aws: Any) -> None:
    """API_CreateRouteTable, API_RouteTable."""
    ec2 = aws("ec2")
    vpc_id = ec2.create_vpc(CidrBlock="10.77.0.0/16")["Vpc"]["VpcId"]
    made = ec2.create_route_table(VpcId=vpc_id, ClientToken="once")
    assert made["ClientToken"] == "once"
    assert made["RouteTable"]["PropagatingVgws"] == []


def test_a_volume_without_a_snapshot_has_an_empty_snapshot_id(aws: Any) -> None:
    """API_Volume: SnapshotId, "The snapshot from which the volume was created, if applicable": it
    is empty, not absent, in the example of `aws ec2 describe-volumes`."""
    ec2 = aws("ec2")
    made = ec2.create_volume(AvailabilityZone="us-east-1a", Size=1)
    assert made["SnapshotId"] == ""
    [found] = ec2.describe_volumes(VolumeIds=[made["VolumeId"]])["Volumes"]
    assert found["SnapshotId"] == ""


def test_a_tag_names_its_resources_type(aws: Any, unique_name: str) -> None:
    """API_TagDescription: ResourceType has the same values as API_TagSpecification's."""
    ec2 = aws("ec2")
    tags = [{"Key": "Name", "Value": unique_name}]
    address = ec2.allocate_address(
        Domain="vpc", TagSpecifications=[{"ResourceType": "elastic-ip", "Tags": tags}]
    )
    subnet_id = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
    gateway = ec2.create_nat_gateway(
        SubnetId=subnet_id,
        AllocationId=address["AllocationId"],
        TagSpecifications=[{"ResourceType": "natgateway", "Tags": tags}],
    )["NatGateway"]

    named = [{"Name": "value", "Values": [unique_name]}]
    for resource_type, resource_id in (
        ("elastic-ip", address["AllocationId"]),
        ("natgateway", gateway["NatGatewayId"]),
    ):
        of_type = {"Name": "resource-type", "Values": [resource_type]}
        [tag] = ec2.describe_tags(Filters=[*named, of_type])["Tags"]
        assert (tag["ResourceId"], tag["ResourceType"]) == (resource_id, resource_type)


def test_a_key_pair_that_is_not_there_is_named(aws: Any, unique_name: str) -> None:
    """API_DescribeKeyPairs: InvalidKeyPair.NotFound."""
    with pytest.raises(ClientError, match=f"The key pair '{unique_name}' does not exist$"):
        aws("ec2").describe_key_pairs(KeyNames=[unique_name])


def test_an_attachment_is_named_after_its_gateways_kind(
    stacks: StackDriver, unique_name: str
) -> None:
    """CloudFormation Template Reference, "AWS::EC2::VPCGatewayAttachment": Ref."""
    vpc = {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.78.0.0/16"}}
    attachment = {"VpcId": {"Ref": "Vpc"}, "InternetGatewayId": {"Ref": "Gateway"}}
    stacks.create(
        unique_name,
        {
            "Vpc": vpc,
            "Gateway": {"Type": "AWS::EC2::InternetGateway"},
            "Attached": {"Type": "AWS::EC2::VPCGatewayAttachment", "Properties": attachment},
        },
    )
    vpc_id = stacks.physical_id(unique_name, "Vpc")
    assert stacks.physical_id(unique_name, "Attached") == f"IGW|{vpc_id}"
    stacks.delete(unique_name)


def test_a_subnets_associations_end_with_it(aws: Any) -> None:
    """Answers of AWS, as recorded: its route table and its network ACL can be deleted then."""
    ec2 = aws("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.77.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.77.1.0/24")["Subnet"]["SubnetId"]
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    acl = ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
    [present] = ec2.describe_network_acls(
        Filters=[{"Name": "association.subnet-id", "Values": [subnet]}]
    )["NetworkAcls"]
    [association] = [each for each in present["Associations"] if each["SubnetId"] == subnet]
    ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
    ec2.replace_network_acl_association(
        AssociationId=association["NetworkAclAssociationId"], NetworkAclId=acl
    )

    ec2.delete_subnet(SubnetId=subnet)
    [found] = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"]
    [listed] = ec2.describe_network_acls(NetworkAclIds=[acl])["NetworkAcls"]

    assert (found["Associations"], listed["Associations"]) == ([], [])
    ec2.delete_route_table(RouteTableId=table)
    ec2.delete_network_acl(NetworkAclId=acl)


def test_a_vpn_gateway_has_an_asn(aws: Any) -> None:
    """Recorded from AWS; API_CreateVpnGateway: "Default: 64512"."""
    ec2 = aws("ec2")
    made = ec2.create_vpn_gateway(Type="ipsec.1")["VpnGateway"]
    assert made.keys().isdisjoint({"Tags", "AvailabilityZone"})
    [found] = ec2.describe_vpn_gateways(VpnGatewayIds=[made["VpnGatewayId"]])["VpnGateways"]
    assert made["AmazonSideAsn"] == found["AmazonSideAsn"] == 64512
    other = ec2.create_vpn_gateway(Type="ipsec.1", AmazonSideAsn=65000)["VpnGateway"]
    assert other["AmazonSideAsn"] == 65000


def test_security_groups_of_a_network_are_listed(aws: Any) -> None:
    """Recorded from AWS; API_GetSecurityGroupsForVpc."""
    ec2 = aws("ec2")
    vpc_id = ec2.create_vpc(CidrBlock="10.75.0.0/16")["Vpc"]["VpcId"]
    group_id = ec2.create_security_group(VpcId=vpc_id, GroupName="other", Description="Another")[
        "GroupId"
    ]
    found = ec2.get_security_groups_for_vpc(VpcId=vpc_id)["SecurityGroupForVpcs"]
    assert [each["GroupName"] for each in found] == ["default", "other"]
    assert found[1] == {
        "GroupId": group_id,
        "GroupName": "other",
        "Description": "Another",
        "OwnerId": "123456789012",
        "PrimaryVpcId": vpc_id,
        "Tags": [],
    }
    with pytest.raises(ClientError, match=r"InvalidVpcID\.NotFound"):
        ec2.get_security_groups_for_vpc(VpcId="vpc-0123456789abcdef0")


def test_an_instance_says_what_it_is_billed_as(aws: Any) -> None:
    """Recorded from AWS: nothing is said of a state that nobody asked for, and names are empty,
    not absent."""
    ec2 = aws("ec2")
    [launched] = ec2.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1)["Instances"]
    found = ec2.describe_instances(InstanceIds=[launched["InstanceId"]])
    [instance] = found["Reservations"][0]["Instances"]
    assert "StateReason" not in instance
    assert instance["StateTransitionReason"] == ""
    assert (instance["PlatformDetails"], instance["UsageOperation"]) == (
        "Windows",
        "RunInstances:0002",
    )
    assert instance["EnaSupport"] is True
    assert instance["HibernationOptions"] == {"Configured": False}
    ec2.terminate_instances(InstanceIds=[launched["InstanceId"]])


def test_an_address_of_nothing_says_nothing_of_it(aws: Any) -> None:
    """Recorded from AWS; API_Address."""
    ec2 = aws("ec2")
    made = ec2.allocate_address(Domain="vpc")
    assert (made["PublicIpv4Pool"], made["NetworkBorderGroup"]) == ("amazon", "us-east-1")
    [found] = ec2.describe_addresses(AllocationIds=[made["AllocationId"]])["Addresses"]
    assert found.keys() == {
        "PublicIp",
        "AllocationId",
        "Domain",
        "PublicIpv4Pool",
        "NetworkBorderGroup",
    }


def test_a_key_that_is_no_public_key_is_refused(aws: Any, unique_name: str) -> None:
    """EC2's error code InvalidKey.Format, in the words that users reported."""
    with pytest.raises(ClientError, match=r"InvalidKey\.Format.*not in valid OpenSSH"):
        aws("ec2").import_key_pair(KeyName=unique_name, PublicKeyMaterial=b"ssh-rsa nonsense")


def test_what_is_named_twice_is_answered_once(aws: Any) -> None:
    """API_DescribeInstances and its neighbours, API_StopInstances, API_TerminateInstances."""
    ec2 = aws("ec2")
    [made] = ec2.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1)["Instances"]
    twice = {"InstanceIds": [made["InstanceId"]] * 2}
    [reservation] = ec2.describe_instances(**twice)["Reservations"]
    [instance] = reservation["Instances"]
    [interface] = instance["NetworkInterfaces"]
    for call, names, name in (
        ("network_interfaces", "NetworkInterfaceIds", interface["NetworkInterfaceId"]),
        ("security_groups", "GroupIds", interface["Groups"][0]["GroupId"]),
        ("subnets", "SubnetIds", instance["SubnetId"]),
        ("vpcs", "VpcIds", instance["VpcId"]),
        ("instance_types", "InstanceTypes", instance["InstanceType"]),
        ("instance_credit_specifications", "InstanceIds", instance["InstanceId"]),
    ):
        found = getattr(ec2, f"describe_{call}")(**{names: [name, name]})
        assert len(found["".join(word.title() for word in call.split("_"))]) == 1, call
    missing = [*twice["InstanceIds"], "i-0123456789abcdef0"]
    refused = refusal_of(ec2.describe_instances, InstanceIds=missing)
    assert refused[:2] == (400, "InvalidInstanceID.NotFound")
    assert len(ec2.terminate_instances(**twice)["TerminatingInstances"]) == 1
