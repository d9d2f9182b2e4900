"""Types of networks that moto has in its APIs only: changed in place, and deleted."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from stack_driver import StackDriver
from type_lives import TAGS, VPC, AwsClient, Life, Lives, policy, ref, resource

LIVES = Lives()


@LIVES.of(
    "EC2::NetworkAclEntry",
    beside=VPC,
    before={
        "NetworkAclId": ref("Acl"),
        "RuleNumber": 100,
        "Protocol": 6,
        "RuleAction": "allow",
        "CidrBlock": "0.0.0.0/0",
        "PortRange": {"From": 80, "To": 80},
    },
    changed={"PortRange": {"From": 81, "To": 81}},
    shows=[81],
)
def ports(aws: AwsClient, _: str, ids: Mapping[str, str]) -> list[Any]:
    [acl] = aws("ec2").describe_network_acls(NetworkAclIds=[ids["Acl"]])["NetworkAcls"]
    return [entry["PortRange"]["From"] for entry in acl["Entries"] if "PortRange" in entry]


@LIVES.of(
    "EC2::VPCDHCPOptionsAssociation",
    beside={**VPC, "Options": resource("EC2::DHCPOptions", DomainName="example.com")},
    before={"VpcId": ref("Vpc"), "DhcpOptionsId": ref("Options")},
    shows=True,
)
def has_these_options(aws: AwsClient, _: str, ids: Mapping[str, str]) -> bool:
    [vpc] = aws("ec2").describe_vpcs(VpcIds=[ids["Vpc"]])["Vpcs"]
    return bool(vpc["DhcpOptionsId"] == ids["Options"])


@LIVES.of(
    "EC2::VPCEndpoint",
    beside=VPC,
    before={"VpcId": ref("Vpc"), "ServiceName": "com.amazonaws.us-east-1.s3"},
    changed={"PolicyDocument": policy("s3:Get*")},
    shows="s3:Get*",
)
def allowed_action(aws: AwsClient, endpoint_id: str, _: Mapping[str, str]) -> Any:
    found = aws("ec2").describe_vpc_endpoints(VpcEndpointIds=[endpoint_id])["VpcEndpoints"]
    return json.loads(found[0]["PolicyDocument"])["Statement"][0]["Action"]


@LIVES.of(
    "EC2::VPCGatewayAttachment",
    beside={**VPC, "Gateway": resource("EC2::VPNGateway", Type="ipsec.1")},
    before={"VpcId": ref("Vpc"), "VpnGatewayId": ref("Gateway")},
    shows=(True, ["attached"]),
)
def attachment(aws: AwsClient, attachment_id: str, ids: Mapping[str, str]) -> Any:
    [found] = aws("ec2").describe_vpn_gateways(VpnGatewayIds=[ids["Gateway"]])["VpnGateways"]
    is_named = attachment_id == f"VGW|{ids['Vpc']}"
    return is_named, [each["State"] for each in found["VpcAttachments"]]


@LIVES.of(
    "EC2::VPNConnection",
    beside={
        "Customer": resource(
            "EC2::CustomerGateway", Type="ipsec.1", BgpAsn=65000, IpAddress="192.0.2.1"
        ),
        "Gateway": resource("EC2::VPNGateway", Type="ipsec.1"),
    },
    before={
        "Type": "ipsec.1",
        "CustomerGatewayId": ref("Customer"),
        "VpnGatewayId": ref("Gateway"),
        "StaticRoutesOnly": True,
    },
    changed={"Tags": TAGS},
    shows=("available", TAGS),
)
def state_and_tags(aws: AwsClient, connection_id: str, _: Mapping[str, str]) -> Any:
    found = aws("ec2").describe_vpn_connections(VpnConnectionIds=[connection_id])["VpnConnections"]
    own = [tag for tag in found[0]["Tags"] if not tag["Key"].startswith("aws:")]
    return found[0]["State"], own


@LIVES.of(
    "ElasticLoadBalancing::LoadBalancer",
    before={
        "AvailabilityZones": ["us-east-1a"],
        "Listeners": [{"LoadBalancerPort": "80", "InstancePort": "80", "Protocol": "HTTP"}],
        "HealthCheck": {
            "Target": "TCP:80",
            "HealthyThreshold": "2",
            "UnhealthyThreshold": "2",
            "Timeout": "5",
            "Interval": "30",
        },
    },
    changed={
        "Listeners": [{"LoadBalancerPort": "8080", "InstancePort": "80", "Protocol": "HTTP"}],
        "HealthCheck": {
            "Target": "TCP:80",
            "HealthyThreshold": "2",
            "UnhealthyThreshold": "2",
            "Timeout": "5",
            "Interval": "10",
        },
        "CrossZone": True,
        "Tags": TAGS,
    },
    shows=([8080], 10),
)
def listeners_and_interval(aws: AwsClient, name: str, _: Mapping[str, str]) -> Any:
    [found] = aws("elb").describe_load_balancers(LoadBalancerNames=[name])[
        "LoadBalancerDescriptions"
    ]
    listeners = [each["Listener"]["LoadBalancerPort"] for each in found["ListenerDescriptions"]]
    return listeners, found["HealthCheck"]["Interval"]


@pytest.mark.parametrize("life", LIVES, ids=str)
def test_a_network_type_lives_its_whole_life(
    life: Life, stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """CloudFormation Template Reference, each type: a change without a replacement is one in place;
    it is undone by the way back, and the stack leaves nothing."""
    life.live(stacks, aws, unique_name)


def test_a_subnet_has_the_vpcs_default_list_again(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """CloudFormation Template Reference, "AWS::EC2::SubnetNetworkAclAssociation": a subnet has one
    list at each time."""
    subnet = resource("EC2::Subnet", VpcId=ref("Vpc"), CidrBlock="10.75.1.0/24")
    association = resource(
        "EC2::SubnetNetworkAclAssociation", SubnetId=ref("Subnet"), NetworkAclId=ref("Acl")
    )

    def lists() -> list[str]:
        wanted = [{"Name": "association.subnet-id", "Values": [subnet_id]}]
        found = aws("ec2").describe_network_acls(Filters=wanted)["NetworkAcls"]
        return [acl["NetworkAclId"] for acl in found]

    stacks.create(unique_name, {**VPC, "Subnet": subnet})
    subnet_id = stacks.physical_id(unique_name, "Subnet")
    before = lists()
    stacks.update(unique_name, {**VPC, "Subnet": subnet, "One": association})
    meanwhile = lists()
    stacks.update(unique_name, {**VPC, "Subnet": subnet})

    assert meanwhile == [stacks.physical_id(unique_name, "Acl")]
    assert lists() == before
    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_COMPLETE"


def test_an_address_moves_from_one_instance_to_another(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """CloudFormation Template Reference, "AWS::EC2::EIPAssociation"."""

    def declared(instance: str) -> dict[str, Any]:
        return {
            "First": resource("EC2::Instance", ImageId="ami-12c6146b"),
            "Second": resource("EC2::Instance", ImageId="ami-12c6146b"),
            "Address": resource("EC2::EIP"),
            "One": resource(
                "EC2::EIPAssociation",
                AllocationId={"Fn::GetAtt": ["Address", "AllocationId"]},
                InstanceId=ref(instance),
            ),
        }

    def holder() -> str:
        address = stacks.physical_id(unique_name, "Address")
        [found] = aws("ec2").describe_addresses(PublicIps=[address])["Addresses"]
        return str(found["InstanceId"])

    stacks.create(unique_name, declared("First"))
    first = holder()
    stacks.update(unique_name, declared("Second"))

    assert first == stacks.physical_id(unique_name, "First")
    assert holder() == stacks.physical_id(unique_name, "Second")
    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_COMPLETE"


def test_a_network_interface_gains_and_loses_secondary_addresses(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """CloudFormation Template Reference, "AWS::EC2::NetworkInterface": the properties
    SecondaryPrivateIpAddressCount and GroupSet need no interruption."""
    of_all = {"Fn::Join": [",", {"Fn::GetAtt": ["One", "SecondaryPrivateIpAddresses"]}]}
    shown = resource("SSM::Parameter", Type="String", Value={"Fn::Join": ["", ["all:", of_all]]})
    subnet = resource("EC2::Subnet", VpcId=ref("Vpc"), CidrBlock="10.75.8.0/24")

    def declared(**properties: Any) -> dict[str, Any]:
        interface = resource("EC2::NetworkInterface", SubnetId=ref("Subnet"), **properties)
        return {**VPC, "Subnet": subnet, "One": interface, "Shown": shown}

    def addresses() -> list[str]:
        interface = stacks.physical_id(unique_name, "One")
        [found] = aws("ec2").describe_network_interfaces(NetworkInterfaceIds=[interface])[
            "NetworkInterfaces"
        ]
        secondary = [
            each["PrivateIpAddress"] for each in found["PrivateIpAddresses"] if not each["Primary"]
        ]
        parameter = stacks.physical_id(unique_name, "Shown")
        value = aws("ssm").get_parameter(Name=parameter)["Parameter"]["Value"]
        assert value == f"all:{','.join(secondary)}"
        return [found["PrivateIpAddress"], *secondary]

    stacks.create(unique_name, declared(SecondaryPrivateIpAddressCount=1))
    interface, one = stacks.physical_id(unique_name, "One"), addresses()
    stacks.update(unique_name, declared(SecondaryPrivateIpAddressCount=3))
    three = addresses()
    failing = declared(SecondaryPrivateIpAddressCount=60)
    failed = stacks.update(unique_name, failing)["StackStatus"]
    after_failure = addresses()
    ungrouped = declared(SecondaryPrivateIpAddressCount=1, GroupSet=["sg-00000000"])
    stacks.update(unique_name, ungrouped)
    after_other_failure = addresses()
    stacks.update(unique_name, declared(SecondaryPrivateIpAddressCount=2))
    two = addresses()
    stacks.update(unique_name, declared())

    assert (len(one), len(three)) == (2, 4)
    assert len(set(three)) == 4
    assert one == three[:2]
    assert failed == "UPDATE_ROLLBACK_COMPLETE"
    assert after_failure == after_other_failure == three
    assert two == three[:3]
    assert addresses() == three[:1]
    assert stacks.physical_id(unique_name, "One") == interface
    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_COMPLETE"


def test_a_nat_gateway_s_network_interface_goes_with_it(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """CloudFormation Template Reference, "AWS::EC2::NatGateway": EniId; Amazon VPC User Guide, "NAT
    gateways": deleting one removes its network interface."""
    resources = {
        **VPC,
        "Subnet": resource("EC2::Subnet", VpcId=ref("Vpc"), CidrBlock="10.75.9.0/24"),
        "One": resource("EC2::NatGateway", ConnectivityType="private", SubnetId=ref("Subnet")),
    }
    outputs = {"Interface": {"Value": {"Fn::GetAtt": ["One", "EniId"]}}}
    stacks.create(unique_name, {"Resources": resources, "Outputs": outputs})
    wanted = {"Filters": [{"Name": "network-interface-id", "Values": []}]}
    wanted["Filters"][0]["Values"] = [stacks.outputs(unique_name)["Interface"]]
    assert aws("ec2").describe_network_interfaces(**wanted)["NetworkInterfaces"]

    stacks.delete(unique_name)

    assert not aws("ec2").describe_network_interfaces(**wanted)["NetworkInterfaces"]


def test_an_endpoint_shows_its_names_in_dns(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """CloudFormation Template Reference, "AWS::EC2::VPCEndpoint": DnsEntries are a hosted zone's id
    and a name each, as templates of the CDK split them; NetworkInterfaceIds."""
    resources = {
        **VPC,
        "Subnet": resource("EC2::Subnet", VpcId=ref("Vpc"), CidrBlock="10.75.9.0/24"),
        "One": resource(
            "EC2::VPCEndpoint",
            VpcEndpointType="Interface",
            VpcId=ref("Vpc"),
            ServiceName="com.amazonaws.us-east-1.sqs",
            SubnetIds=[ref("Subnet")],
        ),
    }
    entry = {"Fn::Select": [0, {"Fn::GetAtt": ["One", "DnsEntries"]}]}
    interfaces = {"Fn::Join": [",", {"Fn::GetAtt": ["One", "NetworkInterfaceIds"]}]}
    outputs = {"Entry": {"Value": entry}, "Interfaces": {"Value": interfaces}}
    created = stacks.create(unique_name, {"Resources": resources, "Outputs": outputs})
    assert created["StackStatus"] == "CREATE_COMPLETE", stacks.failures(unique_name)

    [endpoint] = aws("ec2").describe_vpc_endpoints(
        VpcEndpointIds=[stacks.physical_id(unique_name, "One")]
    )["VpcEndpoints"]
    [shown] = endpoint["DnsEntries"]
    assert stacks.outputs(unique_name) == {
        "Entry": f"{shown['HostedZoneId']}:{shown['DnsName']}",
        "Interfaces": ",".join(endpoint["NetworkInterfaceIds"]),
    }
