"""What Fn::GetAtt and Fn::Sub return of a resource, and what becomes of an attribute it has not."""

from __future__ import annotations

from ipaddress import IPv6Network
from typing import Any

import pytest
from botocore.exceptions import ClientError
from stack_driver import StackDriver

_VPC = {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.71.0.0/16"}}
_SUBNET = {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.71.2.0/24"}
_FORWARD = {"Type": "forward", "TargetGroupArn": {"Ref": "Targets"}}
_READ = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
_MISSING_ATTRIBUTE = "Requested attribute Arns does not exist in schema for AWS::SQS::Queue"
_NO_OUTPUT = "Resource type AWS::SQS::Queue does not support attribute {Arns}."


def _of(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::{kind}", "Properties": properties}


def _subnet(zone: str, cidr_block: str) -> dict[str, Any]:
    return _of("EC2::Subnet", VpcId={"Ref": "Vpc"}, AvailabilityZone=zone, CidrBlock=cidr_block)


_LOAD_BALANCING = {
    "Vpc": _VPC,
    "First": _subnet("us-east-1a", "10.71.4.0/24"),
    "Second": _subnet("us-east-1b", "10.71.5.0/24"),
    "Firewall": _of("EC2::SecurityGroup", GroupDescription="g", VpcId={"Ref": "Vpc"}),
    "Balancer": _of(
        "ElasticLoadBalancingV2::LoadBalancer",
        Scheme="internal",
        SecurityGroups=[{"Ref": "Firewall"}],
        Subnets=[{"Ref": "First"}, {"Ref": "Second"}],
    ),
    "Targets": _of(
        "ElasticLoadBalancingV2::TargetGroup", Port=80, Protocol="HTTP", VpcId={"Ref": "Vpc"}
    ),
    "Listener": _of(
        "ElasticLoadBalancingV2::Listener",
        DefaultActions=[_FORWARD],
        LoadBalancerArn={"Ref": "Balancer"},
        Port=80,
        Protocol="HTTP",
    ),
    "Rule": _of(
        "ElasticLoadBalancingV2::ListenerRule",
        Actions=[_FORWARD],
        Conditions=[{"Field": "path-pattern", "Values": ["/one"]}],
        ListenerArn={"Ref": "Listener"},
        Priority=1,
    ),
}


@pytest.mark.parametrize(
    ("type_name", "properties", "attributes"),
    [
        ("AWS::EC2::VPC", {"CidrBlock": "10.74.0.0/16"}, ["VpcId", "DefaultNetworkAcl"]),
        (
            "AWS::EC2::Subnet",
            _SUBNET,
            ["SubnetId", "AvailabilityZone", "CidrBlock", "VpcId"],
        ),
        ("AWS::EC2::Subnet", _SUBNET, ["NetworkAclAssociationId"]),
        (
            "AWS::EC2::VPCGatewayAttachment",
            {"VpcId": {"Ref": "Vpc"}, "InternetGatewayId": {"Ref": "Gateway"}},
            ["AttachmentType"],
        ),
        ("AWS::EC2::InternetGateway", {}, ["InternetGatewayId"]),
        ("AWS::EC2::RouteTable", {"VpcId": {"Ref": "Vpc"}}, ["RouteTableId"]),
        ("AWS::EC2::EIP", {}, ["AllocationId", "PublicIp"]),
        ("AWS::EC2::Volume", {"AvailabilityZone": "us-east-1a", "Size": 1}, ["VolumeId"]),
        ("AWS::SQS::Queue", {}, ["Arn", "QueueName", "QueueUrl"]),
        ("AWS::SNS::Topic", {}, ["TopicArn", "TopicName"]),
        (
            "AWS::IAM::ManagedPolicy",
            {"PolicyDocument": {"Version": "2012-10-17", "Statement": [_READ]}},
            ["PolicyArn", "PolicyId", "CreateDate", "UpdateDate"],
        ),
        (
            "AWS::EC2::SecurityGroup",
            {"GroupDescription": "g", "VpcId": {"Ref": "Vpc"}},
            ["GroupId", "Id", "VpcId"],
        ),
        ("AWS::SSM::Parameter", {"Type": "String", "Value": "v"}, ["Type", "Value"]),
    ],
)
def test_a_resource_has_the_attributes_of_its_schema(
    type_name: str,
    properties: dict[str, Any],
    attributes: list[str],
    stacks: StackDriver,
    unique_name: str,
) -> None:
    """CloudFormation Template Reference, "Return values" of each type."""
    needed = {"Vpc": _VPC} if "VpcId" in properties else {}
    if "InternetGatewayId" in properties:
        needed["Gateway"] = {"Type": "AWS::EC2::InternetGateway"}
    resources = {**needed, "One": {"Type": type_name, "Properties": properties}}
    outputs = {name: {"Value": {"Fn::GetAtt": ["One", name]}} for name in attributes}

    stacks.create(unique_name, {"Resources": resources, "Outputs": outputs})

    values = stacks.outputs(unique_name)
    assert values.keys() == set(attributes)
    assert all(values.values())


def test_types_of_moto_have_their_arns(stacks: StackDriver, unique_name: str) -> None:
    """CloudFormation Template Reference, "Return values" of each type."""
    container = {"Image": "busybox", "Vcpus": 1, "Memory": 128}
    resources = {
        "Vpc": _VPC,
        "First": _subnet("us-east-1a", "10.71.6.0/24"),
        "Second": _subnet("us-east-1b", "10.71.7.0/24"),
        "Files": _of("EFS::FileSystem"),
        "Point": _of("EFS::AccessPoint", FileSystemId={"Ref": "Files"}),
        "Job": _of("Batch::JobDefinition", Type="container", ContainerProperties=container),
        "Settings": _of("RDS::DBParameterGroup", Family="mysql8.0", Description="d"),
        "Subnets": _of(
            "RDS::DBSubnetGroup",
            DBSubnetGroupDescription="d",
            SubnetIds=[{"Ref": "First"}, {"Ref": "Second"}],
        ),
    }
    services = {
        "Files.Arn": "elasticfilesystem",
        "Point.Arn": "elasticfilesystem",
        "Job.JobDefinitionArn": "batch",
        "Settings.DBParameterGroupArn": "rds",
        "Subnets.DBSubnetGroupArn": "rds",
    }
    outputs = {each.replace(".", ""): {"Value": {"Fn::Sub": f"${{{each}}}"}} for each in services}
    created = stacks.create(unique_name, {"Resources": resources, "Outputs": outputs})
    assert created["StackStatus"] == "CREATE_COMPLETE", stacks.failures(unique_name)
    found = stacks.outputs(unique_name)
    for each, service in services.items():
        arn = found[each.replace(".", "")]
        assert arn.startswith(f"arn:aws:{service}:us-east-1:123456789012:"), arn


def test_an_attribute_of_a_part_that_a_resource_has_not_is_named(
    stacks: StackDriver, unique_name: str
) -> None:
    """Not AWS's: a cluster whose password RDS does not manage has no secret."""
    cluster = {
        **_of(
            "RDS::DBCluster",
            Engine="aurora-mysql",
            MasterUsername="admin",
            MasterUserPassword="password1",
        ),
        "DeletionPolicy": "Delete",
    }
    secret = {"Fn::GetAtt": ["Cluster", "MasterUserSecret.SecretArn"]}
    saved = _of("SSM::Parameter", Type="String", Value=secret)
    failed = stacks.create(unique_name, {"Cluster": cluster, "Saved": saved})
    assert failed["StackStatus"] == "ROLLBACK_COMPLETE"
    said = stacks.failures(unique_name)["Saved"]
    assert said == "AWS::RDS::DBCluster has no MasterUserSecret.SecretArn here."


def test_load_balancing_has_the_attributes_of_its_schemas(
    stacks: StackDriver, unique_name: str
) -> None:
    """CloudFormation Template Reference, "Return values" of the types of ElasticLoadBalancingV2: a
    full name is the end of the ARN, which Ref returns."""
    attributes = {
        "Balancer": ("CanonicalHostedZoneID", "LoadBalancerArn", "LoadBalancerFullName"),
        "Targets": ("TargetGroupArn", "TargetGroupFullName", "TargetGroupName"),
        "Listener": ("ListenerArn",),
        "Rule": ("RuleArn",),
    }
    lists = {"Balancer": "SecurityGroups", "Targets": "LoadBalancerArns"}
    values = {
        **{name: {"Fn::GetAtt": [one, name]} for one in attributes for name in attributes[one]},
        **{name: {"Fn::Join": ["", {"Fn::GetAtt": [one, name]}]} for one, name in lists.items()},
    }
    outputs = {name: {"Value": value} for name, value in values.items()}

    stacks.create(unique_name, {"Resources": _LOAD_BALANCING, "Outputs": outputs})

    ids = {name: stacks.physical_id(unique_name, name) for name in _LOAD_BALANCING}
    found = stacks.outputs(unique_name)
    assert found.pop("CanonicalHostedZoneID").startswith("Z")
    assert found == {
        "LoadBalancerArn": ids["Balancer"],
        "LoadBalancerFullName": ids["Balancer"].partition(":loadbalancer/")[2],
        "SecurityGroups": ids["Firewall"],
        "TargetGroupArn": ids["Targets"],
        "TargetGroupFullName": ids["Targets"].rpartition(":")[2],
        "TargetGroupName": ids["Targets"].split("/")[1],
        "LoadBalancerArns": ids["Balancer"],
        "ListenerArn": ids["Listener"],
        "RuleArn": ids["Rule"],
    }


@pytest.mark.parametrize(
    ("addresses", "secondary"),
    [
        ({}, 0),
        ({"SecondaryPrivateIpAddressCount": 2}, 2),
        (
            {
                "PrivateIpAddresses": [
                    {"PrivateIpAddress": "10.71.3.10", "Primary": True},
                    {"PrivateIpAddress": "10.71.3.11", "Primary": False},
                ]
            },
            1,
        ),
    ],
)
def test_a_network_interface_has_its_addresses(
    addresses: dict[str, Any],
    secondary: int,
    stacks: StackDriver,
    aws: Any,
    unique_name: str,
) -> None:
    """CloudFormation Template Reference, "AWS::EC2::NetworkInterface": its properties for
    addresses, and its return values."""
    subnet = {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.71.3.0/24"}
    interface = {"SubnetId": {"Ref": "Subnet"}, **addresses}
    resources = {
        "Vpc": _VPC,
        "Subnet": {"Type": "AWS::EC2::Subnet", "Properties": subnet},
        "One": {"Type": "AWS::EC2::NetworkInterface", "Properties": interface},
    }
    of_all = {"Fn::Join": [",", {"Fn::GetAtt": ["One", "SecondaryPrivateIpAddresses"]}]}
    outputs = {
        "First": {"Value": {"Fn::GetAtt": ["One", "PrimaryPrivateIpAddress"]}},
        "Others": {"Value": of_all},
    }

    stacks.create(unique_name, {"Resources": resources, "Outputs": outputs})

    found = aws("ec2").describe_network_interfaces(
        NetworkInterfaceIds=[stacks.physical_id(unique_name, "One")]
    )["NetworkInterfaces"][0]["PrivateIpAddresses"]
    values = stacks.outputs(unique_name)
    others = [each["PrivateIpAddress"] for each in found if not each["Primary"]]
    assert [each["PrivateIpAddress"] for each in found if each["Primary"]] == [values["First"]]
    assert len(others) == secondary
    assert values["Others"] == ",".join(others)


def test_subnets_divide_the_ipv6_block_of_their_network(
    stacks: StackDriver, unique_name: str
) -> None:
    """CloudFormation Template Reference, "Fn::Cidr": the example with IPv6; the attributes
    Ipv6CidrBlocks of networks and subnets."""
    of_vpc = {"Fn::Select": [0, {"Fn::GetAtt": ["Vpc", "Ipv6CidrBlocks"]}]}
    third = {"Fn::Select": [2, {"Fn::Cidr": [of_vpc, 4, 64]}]}
    block = {"VpcId": {"Ref": "Vpc"}, "AmazonProvidedIpv6CidrBlock": True}
    subnet = {
        "DependsOn": "Block",
        "Type": "AWS::EC2::Subnet",
        "Properties": {**_SUBNET, "Ipv6CidrBlock": third},
    }
    resources = {
        "Vpc": _VPC,
        "Block": {"Type": "AWS::EC2::VPCCidrBlock", "Properties": block},
        "Subnet": subnet,
    }
    outputs = {
        "Network": {"Value": of_vpc},
        "Block": {"Value": {"Fn::GetAtt": ["Block", "Id"]}},
        "Subnet": {"Value": {"Fn::Select": [0, {"Fn::GetAtt": ["Subnet", "Ipv6CidrBlocks"]}]}},
    }

    stacks.create(unique_name, {"Resources": resources, "Outputs": outputs})

    values = stacks.outputs(unique_name)
    network = IPv6Network(values["Network"])
    _, _, third_of_network, *_ = network.subnets(new_prefix=64)
    assert (values["Network"], network.prefixlen) == (str(network), 56)
    assert values["Subnet"] == str(third_of_network)
    assert values["Block"] == stacks.physical_id(unique_name, "Block")


@pytest.mark.parametrize(
    ("place", "reference"),
    [
        ("an output", {"Fn::Sub": "${One.Arns}"}),
        ("a resource", {"Fn::Sub": "${One.Arns}"}),
        ("a resource", {"Fn::GetAtt": ["One", "Arns"]}),
    ],
)
def test_an_attribute_that_a_type_does_not_have_fails_the_stack(
    place: str, reference: Any, stacks: StackDriver, unique_name: str
) -> None:
    """ResourceTypeSchema.java of aws-cloudformation/cloudformation-resource-schema."""
    stack = stacks.create(unique_name, _using(place, reference))

    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    assert any(_MISSING_ATTRIBUTE in reason for _, _, reason in stacks.events(unique_name))


def test_an_output_of_an_attribute_that_there_is_not_fails_before_any_resource(
    stacks: StackDriver, unique_name: str
) -> None:
    """Recorded from AWS: no resource has an event."""
    reference = {"Fn::Join": ["-", [{"Fn::GetAtt": ["One", "Arns"]}]]}
    said = f"[Error] /Outputs/Out/Value/Fn::Join/1/0/Fn::GetAtt: {_NO_OUTPUT}"

    stacks.create(unique_name, _using("an output", reference))

    assert stacks.events(unique_name) == [
        (unique_name, "CREATE_IN_PROGRESS", "User Initiated"),
        (unique_name, "ROLLBACK_IN_PROGRESS", f"{said} Rollback requested by user."),
        (unique_name, "ROLLBACK_COMPLETE", ""),
    ]


@pytest.mark.parametrize(
    ("place", "said"), [("an output", _NO_OUTPUT), ("a resource", _MISSING_ATTRIBUTE)]
)
def test_an_update_to_an_attribute_that_a_type_does_not_have_rolls_back(
    place: str, said: str, stacks: StackDriver, unique_name: str
) -> None:
    """ResourceTypeSchema.java of aws-cloudformation/cloudformation-resource-schema; of an output,
    as recorded from AWS."""
    stacks.create(unique_name, _using(place, {"Fn::GetAtt": ["One", "Arn"]}))
    before = stacks.outputs(unique_name)

    stack = stacks.update(unique_name, _using(place, {"Fn::GetAtt": ["One", "Arns"]}))

    assert stack["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert any(said in reason for _, _, reason in stacks.events(unique_name))
    assert stacks.outputs(unique_name) == before


def _using(place: str, reference: Any) -> dict[str, Any]:
    """A template that uses a reference to the queue One."""
    queue = {"One": {"Type": "AWS::SQS::Queue"}}
    if place == "an output":
        return {"Resources": queue, "Outputs": {"Out": {"Value": reference}}}
    properties = {"Type": "String", "Value": reference}
    parameter = {"Two": {"Type": "AWS::SSM::Parameter", "Properties": properties}}
    return {"Resources": {**queue, **parameter}}


def test_an_attribute_that_an_old_type_does_not_have_is_refused(
    stacks: StackDriver, unique_name: str
) -> None:
    """AWS re:Post, "does not support attribute type": refused before anything is created."""
    template = {
        "Resources": {"One": {"Type": "AWS::CloudFormation::WaitConditionHandle"}},
        "Outputs": {"Out": {"Value": {"Fn::GetAtt": ["One", "Arns"]}}},
    }

    with pytest.raises(
        ClientError, match="resource One does not support attribute type Arns in Fn::GetAtt"
    ):
        stacks.create(unique_name, template)
