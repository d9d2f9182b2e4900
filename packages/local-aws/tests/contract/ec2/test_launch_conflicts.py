"""What a launch or a network interface cannot be given at once, and what RunInstances answers."""

from __future__ import annotations

from typing import Any

import pytest
from refusals import refusal_of

_IMAGE = "ami-12c6146b"
_BESIDE = "Network interfaces and an instance-level {} may not be specified on the same request"


@pytest.fixture(scope="module")
def group_id(aws: Any) -> str:
    """A security group of another VPC than the default one."""
    ec2 = aws("ec2")
    vpc_id = ec2.create_vpc(CidrBlock="10.81.0.0/16")["Vpc"]["VpcId"]
    group = ec2.create_security_group(GroupName="elsewhere", Description="-", VpcId=vpc_id)
    return str(group["GroupId"])


@pytest.fixture(scope="module")
def subnet_id(aws: Any) -> str:
    default = [{"Name": "default-for-az", "Values": ["true"]}]
    return str(aws("ec2").describe_subnets(Filters=default)["Subnets"][0]["SubnetId"])


@pytest.mark.parametrize(
    ("least", "most", "code", "message"),
    [
        (2, 1, "InvalidParameterCombination",
         "Maximum instance count must not be smaller than minimum instance count"),
        (0, 1, "InvalidParameterValue", "Minimum instance count must be greater than zero"),
        (1, 0, "InvalidParameterValue", "Maximum instance count must be greater than zero"),
    ],
)  # fmt: skip
def test_some_instances_are_launched(
    aws: Any, least: int, most: int, code: str, message: str
) -> None:
    """API_RunInstances: MinCount, MaxCount; EC2's words as users reported them."""
    call = {"ImageId": _IMAGE, "MinCount": least, "MaxCount": most}
    assert refusal_of(aws("ec2").run_instances, **call) == (400, code, message)


@pytest.mark.parametrize("by_template", [False, True])
def test_groups_are_of_the_interfaces_where_there_are_some(
    aws: Any, unique_name: str, subnet_id: str, group_id: str, by_template: bool
) -> None:
    """API_RunInstances: SecurityGroupId, PrivateIpAddress; EC2's words as users reported them."""
    ec2, once = aws("ec2"), {"MinCount": 1, "MaxCount": 1}
    interface = {"DeviceIndex": 0, "SubnetId": subnet_id}
    launch: dict[str, Any] = {"ImageId": _IMAGE, "NetworkInterfaces": [interface]}
    if by_template:
        ec2.create_launch_template(LaunchTemplateName=unique_name, LaunchTemplateData=launch)
        launch = {"LaunchTemplate": {"LaunchTemplateName": unique_name}}
    for given, words in (
        ({"SecurityGroupIds": [group_id]}, "security groups"),
        ({"SecurityGroups": ["default"]}, "security groups"),
        ({"PrivateIpAddress": "172.31.0.9"}, "private IP address"),
    ):
        refused = refusal_of(ec2.run_instances, **launch, **once, **given)
        assert refused == (400, "InvalidParameterCombination", _BESIDE.format(words))


def test_a_group_is_of_the_subnets_network(aws: Any, subnet_id: str, group_id: str) -> None:
    """EC2's words as users reported them: "belong to different networks"."""
    ec2 = aws("ec2")
    launch = {"ImageId": _IMAGE, "MinCount": 1, "MaxCount": 1}
    interface = {"DeviceIndex": 0, "SubnetId": subnet_id, "Groups": [group_id]}
    words = f"Security group {group_id} and subnet {subnet_id} belong to different networks."
    for call, request in (
        (ec2.run_instances, {**launch, "SubnetId": subnet_id, "SecurityGroupIds": [group_id]}),
        (ec2.run_instances, {**launch, "NetworkInterfaces": [interface]}),
        (ec2.create_network_interface, {"SubnetId": subnet_id, "Groups": [group_id]}),
    ):
        assert refusal_of(call, **request) == (400, "InvalidParameter", words)
    refused = refusal_of(ec2.run_instances, **launch, SecurityGroupIds=[group_id])
    assert refused[1:] == ("InvalidParameter", refused[2])


def test_what_was_just_launched_is_pending(aws: Any) -> None:
    """`aws ec2 run-instances` in the AWS CLI's reference: its volumes and its public address come
    later."""
    ec2 = aws("ec2")
    [made] = ec2.run_instances(ImageId=_IMAGE, MinCount=1, MaxCount=1)["Instances"]
    assert made["StateReason"] == {"Code": "pending", "Message": "pending"}
    assert (made["BlockDeviceMappings"], made["PublicDnsName"]) == ([], "")
    assert "PublicIpAddress" not in made
    [interface] = made["NetworkInterfaces"]
    assert (interface["Attachment"]["Status"], interface["Description"]) == ("attaching", "")
    found = ec2.describe_instances(InstanceIds=[made["InstanceId"]])["Reservations"][0]
    [interface] = found["Instances"][0]["NetworkInterfaces"]
    assert interface["Attachment"]["Status"] == "attached"
    assert interface["Association"]["IpOwnerId"] == "amazon"
    assert interface["PrivateIpAddresses"][0]["PrivateDnsName"]
    assert "StateReason" not in found["Instances"][0]
    ec2.terminate_instances(InstanceIds=[made["InstanceId"]])


def test_an_interface_is_described_as_its_launch_says(aws: Any, subnet_id: str) -> None:
    """API_InstanceNetworkInterfaceSpecification: Description."""
    ec2 = aws("ec2")
    interface = {"DeviceIndex": 0, "SubnetId": subnet_id, "Description": "of the web server"}
    launch = {"ImageId": _IMAGE, "MinCount": 1, "MaxCount": 1, "NetworkInterfaces": [interface]}
    [made] = ec2.run_instances(**launch)["Instances"]
    assert made["NetworkInterfaces"][0]["Description"] == "of the web server"
    ec2.terminate_instances(InstanceIds=[made["InstanceId"]])


@pytest.mark.parametrize("by_template", [False, True])
def test_groups_of_a_subnet_are_given_by_their_ids(
    aws: Any, subnet_id: str, unique_name: str, by_template: bool
) -> None:
    """SecurityGroups in API_RunInstances, in the words that users reported."""
    ec2, launch = aws("ec2"), {"ImageId": _IMAGE, "MinCount": 1, "MaxCount": 1}
    groups = {"SecurityGroups": ["default"]}
    if by_template:
        ec2.create_launch_template(LaunchTemplateName=unique_name, LaunchTemplateData=groups)
        groups = {"LaunchTemplate": {"LaunchTemplateName": unique_name}}
    words = "The parameter groupName cannot be used with the parameter subnet"
    refused = refusal_of(ec2.run_instances, **launch, **groups, SubnetId=subnet_id)
    assert refused == (400, "InvalidParameterCombination", words)
    launched = ec2.run_instances(**launch, **groups)["Instances"][0]
    ec2.terminate_instances(InstanceIds=[launched["InstanceId"]])


def test_a_subnet_is_of_the_interfaces_where_a_template_has_some(
    aws: Any, subnet_id: str, unique_name: str
) -> None:
    """SubnetId in API_RunInstances, in the words that users reported."""
    ec2, interfaces = aws("ec2"), [{"DeviceIndex": 0, "AssociatePublicIpAddress": True}]
    data = {"ImageId": _IMAGE, "NetworkInterfaces": interfaces}
    ec2.create_launch_template(LaunchTemplateName=unique_name, LaunchTemplateData=data)
    launch = {"LaunchTemplate": {"LaunchTemplateName": unique_name}, "MinCount": 1, "MaxCount": 1}
    refused = refusal_of(ec2.run_instances, **launch, SubnetId=subnet_id)
    assert refused == (400, "InvalidParameterCombination", _BESIDE.format("subnet ID"))


@pytest.mark.parametrize("by_template", [False, True])
def test_a_profile_is_given_once(aws: Any, unique_name: str, by_template: bool) -> None:
    """API_IamInstanceProfileSpecification, in the words that users reported."""
    ec2 = aws("ec2")
    arn = aws("iam").create_instance_profile(InstanceProfileName=unique_name)["InstanceProfile"]
    given: dict[str, Any] = {"IamInstanceProfile": {"Name": unique_name, "Arn": arn["Arn"]}}
    if by_template:
        ec2.create_launch_template(LaunchTemplateName=unique_name, LaunchTemplateData=given)
        given = {"LaunchTemplate": {"LaunchTemplateName": unique_name}}
    refused = refusal_of(ec2.run_instances, ImageId=_IMAGE, MinCount=1, MaxCount=1, **given)
    assert refused == (
        400,
        "InvalidParameterCombination",
        (
            "The parameter 'iamInstanceProfile.name' may not be used in combination with "
            "'iamInstanceProfile.arn'"
        ),
    )


@pytest.mark.parametrize("in_interface", [False, True])
def test_an_address_is_of_one_instance(
    aws: Any, subnet_id: str, unique_name: str, in_interface: bool
) -> None:
    """PrivateIpAddress in API_RunInstances: not "if you're launching more than one instance in the
    request"; nothing is launched then."""
    ec2 = aws("ec2")
    address = {"SubnetId": subnet_id, "PrivateIpAddress": "172.31.15.77"}
    place = {"NetworkInterfaces": [{"DeviceIndex": 0, **address}]} if in_interface else address
    tags = [{"ResourceType": "instance", "Tags": [{"Key": "of", "Value": unique_name}]}]
    launch = {"ImageId": _IMAGE, "MinCount": 1, "MaxCount": 2, "TagSpecifications": tags}
    refused = refusal_of(ec2.run_instances, **launch, **place)
    assert refused[:2] == (400, "InvalidParameterCombination")
    ours = [{"Name": "tag:of", "Values": [unique_name]}]
    assert ec2.describe_instances(Filters=ours)["Reservations"] == []
