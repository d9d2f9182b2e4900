"""Resource types that differ from moto's models of them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from role_driver import EC2_ASSUMES_IT
from stack_driver import StackDriver

AwsClient = Any


def test_a_key_pair_keeps_its_private_key_in_a_parameter(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """CloudFormation Template Reference, "AWS::EC2::KeyPair": /ec2/keypair/{key_pair_id}. Its tags
    are its own, as recorded from AWS: it has none of CloudFormation's."""
    key = {
        "Type": "AWS::EC2::KeyPair",
        "Properties": {"KeyName": unique_name, "KeyType": "ed25519"},
    }
    outputs = {
        "Id": {"Value": {"Fn::GetAtt": "Key.KeyPairId"}},
        "Fingerprint": {"Value": {"Fn::GetAtt": ["Key", "KeyFingerprint"]}},
    }

    stacks.create(unique_name, {"Resources": {"Key": key}, "Outputs": outputs})

    found = aws("ec2").describe_key_pairs(KeyNames=[unique_name])["KeyPairs"][0]
    assert stacks.outputs(unique_name) == {
        "Id": found["KeyPairId"],
        "Fingerprint": found["KeyFingerprint"],
    }
    assert found["KeyType"] == "ed25519"
    assert found["Tags"] == []
    stored = aws("ssm").get_parameter(
        Name=f"/ec2/keypair/{found['KeyPairId']}", WithDecryption=True
    )
    assert stored["Parameter"]["Type"] == "SecureString"
    assert "PRIVATE KEY" in stored["Parameter"]["Value"]


def test_an_imported_key_pair_stores_nothing(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """CloudFormation Template Reference, "AWS::EC2::KeyPair": PublicKeyMaterial."""
    public = Ed25519PrivateKey.generate().public_key()
    material = public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
    key = {
        "Type": "AWS::EC2::KeyPair",
        "Properties": {"KeyName": unique_name, "PublicKeyMaterial": material},
    }

    stacks.create(unique_name, {"Key": key})

    stored = aws("ssm").get_parameters_by_path(Path="/ec2/keypair", Recursive=True)["Parameters"]
    assert stored == []
    assert stacks.physical_id(unique_name, "Key") == unique_name


def test_security_group_rules_change_in_place(
    stacks: StackDriver, aws: AwsClient, service: dict[str, str], unique_name: str
) -> None:
    """CloudFormation Template Reference, "AWS::EC2::SecurityGroup": no interruption."""

    def template(cidr: str) -> dict[str, Any]:
        ingress = [
            {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "CidrIp": cidr},
            {"IpProtocol": "tcp", "FromPort": "443", "ToPort": "443", "CidrIp": "10.0.0.0/8"},
        ]
        egress = [{"IpProtocol": "-1", "CidrIp": "10.0.0.0/8"}]
        properties = {
            "GroupDescription": "web",
            "VpcId": service["VPCId"],
            "SecurityGroupIngress": ingress,
            "SecurityGroupEgress": egress,
        }
        return {"Group": {"Type": "AWS::EC2::SecurityGroup", "Properties": properties}}

    def described() -> tuple[set[str], list[str]]:
        group_id = stacks.physical_id(unique_name, "Group")
        group = aws("ec2").describe_security_groups(GroupIds=[group_id])["SecurityGroups"][0]
        ingress = {row["CidrIp"] for rule in group["IpPermissions"] for row in rule["IpRanges"]}
        egress = [
            row["CidrIp"] for rule in group["IpPermissionsEgress"] for row in rule["IpRanges"]
        ]
        return ingress, egress

    stacks.create(unique_name, template("192.0.2.1/32"))
    group_id = stacks.physical_id(unique_name, "Group")
    assert described() == ({"192.0.2.1/32", "10.0.0.0/8"}, ["10.0.0.0/8"])

    stacks.update(unique_name, template("192.0.2.2/32"))

    assert described() == ({"192.0.2.2/32", "10.0.0.0/8"}, ["10.0.0.0/8"])
    assert stacks.physical_id(unique_name, "Group") == group_id


def test_a_group_is_changed_in_place_and_keeps_its_instances(
    stacks: StackDriver, aws: AwsClient, service: dict[str, str], unique_name: str
) -> None:
    """CloudFormation Template Reference, "AWS::AutoScaling::AutoScalingGroup": no interruption."""
    auto_scaling = aws("autoscaling")

    def template(size: str) -> dict[str, Any]:
        data = {"ImageId": "ami-12c6146b", "InstanceType": "t3.micro"}
        group = {
            "MinSize": "1",
            "MaxSize": "4",
            "DesiredCapacity": size,
            "VPCZoneIdentifier": service["Subnets"].split(","),
            "LaunchTemplate": {
                "LaunchTemplateId": {"Ref": "Template"},
                "Version": {"Fn::GetAtt": "Template.LatestVersionNumber"},
            },
            "Tags": [{"Key": "size", "Value": size, "PropagateAtLaunch": "false"}],
        }
        return {
            "Template": {
                "Type": "AWS::EC2::LaunchTemplate",
                "Properties": {"LaunchTemplateData": data},
            },
            "Group": {"Type": "AWS::AutoScaling::AutoScalingGroup", "Properties": group},
        }

    def described() -> dict[str, Any]:
        name = stacks.physical_id(unique_name, "Group")
        groups = auto_scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[name])
        group: dict[str, Any] = groups["AutoScalingGroups"][0]
        return group

    stacks.create(unique_name, template("1"))
    before = {instance["InstanceId"] for instance in described()["Instances"]}

    stacks.update(unique_name, template("2"))

    after = described()
    assert before < {instance["InstanceId"] for instance in after["Instances"]}
    tags = {tag["Key"]: tag["Value"] for tag in after["Tags"]}
    assert tags["size"] == "2"
    assert tags["aws:cloudformation:stack-name"] == unique_name


def test_a_role_is_changed_in_place(stacks: StackDriver, aws: AwsClient, unique_name: str) -> None:
    """CloudFormation Template Reference, "AWS::IAM::Role": policies, no interruption."""
    iam = aws("iam")
    trust = {"Version": "2012-10-17", "Statement": [EC2_ASSUMES_IT]}

    def template(policy: str, managed: str) -> dict[str, Any]:
        statement = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
        document = {"Version": "2012-10-17", "Statement": [statement]}
        properties = {
            "AssumeRolePolicyDocument": trust,
            "Policies": [{"PolicyName": policy, "PolicyDocument": document}],
            "ManagedPolicyArns": [f"arn:aws:iam::aws:policy/{managed}"],
        }
        return {"Role": {"Type": "AWS::IAM::Role", "Properties": properties}}

    stacks.create(unique_name, template("one", "AmazonSSMManagedInstanceCore"))
    name = stacks.physical_id(unique_name, "Role")

    stacks.update(unique_name, template("two", "CloudWatchAgentServerPolicy"))

    assert stacks.physical_id(unique_name, "Role") == name
    assert iam.list_role_policies(RoleName=name)["PolicyNames"] == ["two"]
    attached = iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]
    assert [policy["PolicyName"] for policy in attached] == ["CloudWatchAgentServerPolicy"]
    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_COMPLETE"


def test_a_role_goes_with_all_its_policies(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """The schema of AWS::IAM::Role: its handler lists and removes them, whoever gave them. Other
    stacks have policies of users alone."""
    iam = aws("iam")
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    trust = {"Statement": {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}}
    of_user = {"PolicyName": "p", "PolicyDocument": document, "Users": [{"Ref": "User"}]}
    role = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": trust}}
    others = {
        "User": {"Type": "AWS::IAM::User"},
        "Policy": {"Type": "AWS::IAM::Policy", "Properties": of_user},
    }
    stacks.create(f"{unique_name}-others", others)
    stacks.create(unique_name, {"Role": role})
    name = stacks.physical_id(unique_name, "Role")
    iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=json.dumps(document))
    iam.attach_role_policy(RoleName=name, PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")

    deleted = stacks.delete(unique_name)

    assert deleted["StackStatus"] == "DELETE_COMPLETE", stacks.events(unique_name)
    with pytest.raises(ClientError, match="NoSuchEntity"):
        iam.get_role(RoleName=name)


def test_a_network_is_deleted_completely(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """CloudFormation Template Reference, Amazon EC2: moto deletes none of gateway, table, route."""
    ec2 = aws("ec2")
    before = _network(ec2)
    vpc = {"Ref": "Vpc"}
    resources = {
        "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.9.0.0/16"}},
        "Gateway": {"Type": "AWS::EC2::InternetGateway"},
        "Attachment": {
            "Type": "AWS::EC2::VPCGatewayAttachment",
            "Properties": {"VpcId": vpc, "InternetGatewayId": {"Ref": "Gateway"}},
        },
        "Table": {"Type": "AWS::EC2::RouteTable", "Properties": {"VpcId": vpc}},
        "Route": {
            "Type": "AWS::EC2::Route",
            "DependsOn": "Attachment",
            "Properties": {
                "RouteTableId": {"Ref": "Table"},
                "DestinationCidrBlock": "0.0.0.0/0",
                "GatewayId": {"Ref": "Gateway"},
            },
        },
        "Subnet": {
            "Type": "AWS::EC2::Subnet",
            "Properties": {
                "VpcId": vpc,
                "CidrBlock": {"Fn::Select": [0, {"Fn::Cidr": ["10.9.0.0/16", 2, 8]}]},
            },
        },
        "Association": {
            "Type": "AWS::EC2::SubnetRouteTableAssociation",
            "Properties": {"RouteTableId": {"Ref": "Table"}, "SubnetId": {"Ref": "Subnet"}},
        },
    }

    stack = stacks.create(unique_name, resources)
    assert stack["StackStatus"] == "CREATE_COMPLETE", stacks.failures(unique_name)
    assert _network(ec2) != before
    stack = stacks.delete(unique_name)

    assert stack["StackStatus"] == "DELETE_COMPLETE", stacks.failures(stack["StackId"])
    assert _network(ec2) == before


def _network(ec2: Any) -> tuple[int, ...]:
    return (
        len(ec2.describe_vpcs()["Vpcs"]),
        len(ec2.describe_subnets()["Subnets"]),
        len(ec2.describe_route_tables()["RouteTables"]),
        len(ec2.describe_internet_gateways()["InternetGateways"]),
    )
