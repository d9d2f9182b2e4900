"""RunInstances: the launch template counts, and addresses lie inside their subnet."""

from __future__ import annotations

import base64
import ipaddress
from typing import Any

import pytest
from botocore.exceptions import ClientError

_IMAGE = "ami-12c6146b"
_TRUST = '{"Statement": {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}}}'


@pytest.fixture
def profile_name(aws: Any, unique_name: str) -> str:
    aws("iam").create_instance_profile(InstanceProfileName=unique_name)
    return unique_name


def run(ec2: Any, **request: Any) -> dict[str, Any]:
    instance: dict[str, Any] = ec2.run_instances(MinCount=1, MaxCount=1, **request)["Instances"][0]
    return instance


def described(ec2: Any, instance_id: str) -> dict[str, Any]:
    found = ec2.describe_instances(InstanceIds=[instance_id])
    instance: dict[str, Any] = found["Reservations"][0]["Instances"][0]
    return instance


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def user_data(ec2: Any, instance_id: str) -> str:
    answer = ec2.describe_instance_attribute(InstanceId=instance_id, Attribute="userData")
    return base64.b64decode(answer["UserData"]["Value"]).decode()


def test_a_launch_template_gives_the_instance_profile_metadata_options_and_tags(
    aws: Any, unique_name: str, profile_name: str
) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/launch-instances-from-launch-template.html"""
    ec2 = aws("ec2")
    ec2.create_key_pair(KeyName=unique_name)
    ec2.create_launch_template(
        LaunchTemplateName=unique_name,
        LaunchTemplateData={
            "ImageId": _IMAGE,
            "InstanceType": "t3.small",
            "KeyName": unique_name,
            "IamInstanceProfile": {"Name": profile_name},
            "MetadataOptions": {"HttpTokens": "required", "InstanceMetadataTags": "enabled"},
            "TagSpecifications": [
                {"ResourceType": "instance", "Tags": [{"Key": "tier", "Value": "web"}]}
            ],
        },
    )

    instance_id = run(ec2, LaunchTemplate={"LaunchTemplateName": unique_name})["InstanceId"]

    instance = described(ec2, instance_id)
    assert instance["InstanceType"] == "t3.small"
    assert instance["KeyName"] == unique_name
    assert instance["IamInstanceProfile"]["Arn"].endswith(f":instance-profile/{profile_name}")
    assert instance["MetadataOptions"]["HttpTokens"] == "required"
    assert instance["MetadataOptions"]["InstanceMetadataTags"] == "enabled"
    assert {"Key": "tier", "Value": "web"} in instance["Tags"]


def test_a_launch_template_tags_volumes_and_network_interfaces(aws: Any, unique_name: str) -> None:
    """TagSpecifications in API_RequestLaunchTemplateData; a request's tags win."""
    ec2 = aws("ec2")

    def tags(value: str, *types: str) -> list[dict[str, Any]]:
        given = [{"Key": "of", "Value": value}]
        return [{"ResourceType": each, "Tags": given} for each in types]

    data = {"ImageId": _IMAGE, "TagSpecifications": tags("template", "volume", "network-interface")}
    ec2.create_launch_template(LaunchTemplateName=unique_name, LaunchTemplateData=data)
    instance = run(
        ec2,
        LaunchTemplate={"LaunchTemplateName": unique_name},
        TagSpecifications=tags("request", "network-interface"),
    )
    found = ec2.describe_instances(InstanceIds=[instance["InstanceId"]])["Reservations"]
    instance = found[0]["Instances"][0]

    volume_id = instance["BlockDeviceMappings"][0]["Ebs"]["VolumeId"]
    [volume] = ec2.describe_volumes(VolumeIds=[volume_id])["Volumes"]
    interface_id = instance["NetworkInterfaces"][0]["NetworkInterfaceId"]
    described = ec2.describe_network_interfaces(NetworkInterfaceIds=[interface_id])
    assert volume["Tags"] == [{"Key": "of", "Value": "template"}]
    assert described["NetworkInterfaces"][0]["TagSet"] == [{"Key": "of", "Value": "request"}]
    ec2.terminate_instances(InstanceIds=[instance["InstanceId"]])


def test_a_launch_template_gives_what_the_request_leaves_out(aws: Any, unique_name: str) -> None:
    """API_RequestLaunchTemplateData."""
    ec2 = aws("ec2")
    data = {
        "ImageId": _IMAGE,
        "DisableApiStop": True,
        "EbsOptimized": True,
        "HibernationOptions": {"Configured": True},
        "InstanceInitiatedShutdownBehavior": "terminate",
        "Monitoring": {"Enabled": True},
    }
    ec2.create_launch_template(LaunchTemplateName=unique_name, LaunchTemplateData=data)
    instance = run(ec2, LaunchTemplate={"LaunchTemplateName": unique_name})
    instance_id = instance["InstanceId"]

    assert instance["EbsOptimized"] is True
    assert instance["HibernationOptions"] == {"Configured": True}
    assert instance["Monitoring"] == {"State": "enabled"}
    for attribute, value in (
        ("disableApiStop", True),
        ("instanceInitiatedShutdownBehavior", "terminate"),
    ):
        shown = ec2.describe_instance_attribute(InstanceId=instance_id, Attribute=attribute)
        assert shown[attribute[0].upper() + attribute[1:]] == {"Value": value}
    ec2.terminate_instances(InstanceIds=[instance_id])


def test_a_launch_template_s_network_interface_gives_the_subnet(
    aws: Any, unique_name: str, subnets: dict[str, str]
) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RequestLaunchTemplateData.html"""
    ec2 = aws("ec2")
    ec2.create_launch_template(
        LaunchTemplateName=unique_name,
        LaunchTemplateData={
            "ImageId": _IMAGE,
            "NetworkInterfaces": [{"DeviceIndex": 0, "SubnetId": subnets["us-east-1c"]}],
        },
    )

    instance = run(ec2, LaunchTemplate={"LaunchTemplateName": unique_name})

    assert instance["SubnetId"] == subnets["us-east-1c"]
    assert instance["Placement"]["AvailabilityZone"] == "us-east-1c"


def test_the_request_wins_over_the_launch_template(aws: Any, launch_template: str) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/launch-instances-from-launch-template.html"""
    instance = run(
        aws("ec2"),
        LaunchTemplate={"LaunchTemplateId": launch_template},
        InstanceType="t3.large",
        MetadataOptions={"HttpTokens": "required"},
    )

    assert instance["InstanceType"] == "t3.large"
    assert instance["MetadataOptions"]["HttpTokens"] == "required"


def test_a_request_turns_off_what_its_launch_template_turns_on(aws: Any, unique_name: str) -> None:
    """API_RunInstances: what is given there overrides the template's."""
    ec2 = aws("ec2")
    switches = ("DisableApiStop", "EbsOptimized")
    data = {"ImageId": _IMAGE, "InstanceType": "t3.micro", "Monitoring": {"Enabled": True}}
    ec2.create_launch_template(
        LaunchTemplateName=unique_name,
        LaunchTemplateData={**data, **dict.fromkeys(switches, True)},
    )
    template = {"LaunchTemplate": {"LaunchTemplateName": unique_name}}
    off = {"Monitoring": {"Enabled": False}, **dict.fromkeys(switches, False)}
    for request, is_on in ((template, True), ({**template, **off}, False)):
        instance = run(ec2, **request)
        stop = ec2.describe_instance_attribute(
            InstanceId=instance["InstanceId"], Attribute="disableApiStop"
        )
        assert stop["DisableApiStop"]["Value"] is is_on
        assert instance["EbsOptimized"] is is_on
        assert (described(ec2, instance["InstanceId"])["Monitoring"]["State"] == "enabled") is is_on


@pytest.mark.parametrize(
    "where",
    [{}, {"Placement": {"AvailabilityZone": "us-east-1b"}}],
    ids=["nowhere named", "a zone named"],
)
def test_the_private_address_lies_inside_the_default_subnet(aws: Any, where: Any) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-instance-addressing.html"""
    ec2 = aws("ec2")
    instance = run(ec2, ImageId=_IMAGE, **where)

    subnet = ec2.describe_subnets(SubnetIds=[instance["SubnetId"]])["Subnets"][0]
    network = ipaddress.ip_network(subnet["CidrBlock"])
    assert ipaddress.ip_address(instance["PrivateIpAddress"]) in network
    assert subnet["AvailabilityZone"] == instance["Placement"]["AvailabilityZone"]
    if where:
        assert subnet["AvailabilityZone"] == "us-east-1b"


def test_an_image_may_be_named_by_a_parameter(aws: Any, unique_name: str) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-systems-manager-parameter-to-find-AMI.html"""
    aws("ssm").put_parameter(Name=f"/{unique_name}/image", Value=_IMAGE, Type="String")

    instance = run(aws("ec2"), ImageId=f"resolve:ssm:/{unique_name}/image")

    assert instance["ImageId"] == _IMAGE
    with pytest.raises(ClientError, match=r"InvalidParameterValue.*does not exist"):
        run(aws("ec2"), ImageId=f"resolve:ssm:/{unique_name}/missing")


def test_a_launch_template_s_zone_is_where_the_instance_goes(aws: Any, unique_name: str) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_LaunchTemplatePlacementRequest.html"""
    ec2 = aws("ec2")
    ec2.create_launch_template(
        LaunchTemplateName=unique_name,
        LaunchTemplateData={"ImageId": _IMAGE, "Placement": {"AvailabilityZone": "us-east-1c"}},
    )

    instance = run(ec2, LaunchTemplate={"LaunchTemplateName": unique_name})

    assert described(ec2, instance["InstanceId"])["Placement"]["AvailabilityZone"] == "us-east-1c"


def test_every_instance_of_a_request_gets_the_profile(aws: Any, profile_name: str) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html"""
    ec2 = aws("ec2")
    launched = ec2.run_instances(
        ImageId=_IMAGE, MinCount=2, MaxCount=2, IamInstanceProfile={"Name": profile_name}
    )["Instances"]

    for instance in launched:
        assert described(ec2, instance["InstanceId"])["IamInstanceProfile"]


def test_as_many_instances_as_possible_up_to_max_count(aws: Any) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html (MaxCount)"""
    launched = aws("ec2").run_instances(ImageId=_IMAGE, MinCount=1, MaxCount=3)["Instances"]

    assert len({instance["InstanceId"] for instance in launched}) == 3


def test_user_data_is_returned_as_given(aws: Any) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceAttribute.html"""
    ec2 = aws("ec2")
    instance_id = run(ec2, ImageId=_IMAGE, UserData="#cloud-config\n")["InstanceId"]

    assert user_data(ec2, instance_id) == "#cloud-config\n"


def test_a_launch_template_shows_tags_given_later(aws: Any, launch_template: str) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html"""
    ec2 = aws("ec2")
    ec2.create_tags(Resources=[launch_template], Tags=[{"Key": "release", "Value": "2"}])

    shown = ec2.describe_launch_templates(LaunchTemplateIds=[launch_template])["LaunchTemplates"]

    assert shown[0]["Tags"] == [{"Key": "release", "Value": "2"}]


def test_a_template_version_takes_over_from_its_source_what_it_does_not_say(
    aws: Any, unique_name: str
) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateLaunchTemplateVersion.html"""
    ec2 = aws("ec2")
    data = {"ImageId": _IMAGE, "InstanceType": "t3.small", "UserData": encoded("one")}
    ec2.create_launch_template(LaunchTemplateName=unique_name, LaunchTemplateData=data)
    for source, changed in ({"SourceVersion": "1"}, {"UserData": encoded("two")}), ({}, data):
        ec2.create_launch_template_version(
            LaunchTemplateName=unique_name, LaunchTemplateData=changed, **source
        )

    launched = [
        run(ec2, LaunchTemplate={"LaunchTemplateName": unique_name, "Version": version})
        for version in ("1", "2", "3")
    ]

    assert [instance["InstanceType"] for instance in launched] == ["t3.small"] * 3
    assert [user_data(ec2, each["InstanceId"]) for each in launched] == ["one", "two", "one"]


def test_the_same_client_token_launches_nothing_more(aws: Any, unique_name: str) -> None:
    """EC2 API Reference, "Ensuring idempotency in Amazon EC2 API requests"."""
    ec2 = aws("ec2")
    launch = {"ImageId": _IMAGE, "MinCount": 1, "MaxCount": 1, "ClientToken": unique_name}

    first, second = (ec2.run_instances(**launch)["Instances"] for _ in "12")

    assert first[0]["InstanceId"] == second[0]["InstanceId"]
    with pytest.raises(ClientError, match="IdempotentParameterMismatch"):
        ec2.run_instances(**launch, InstanceType="t3.large")


@pytest.mark.parametrize("by", ["the request", "the launch template"])
def test_a_protected_instance_is_not_terminated(aws: Any, unique_name: str, by: str) -> None:
    """EC2 User Guide, "Change instance termination protection"."""
    ec2 = aws("ec2")
    launch: dict[str, Any] = {"ImageId": _IMAGE, "MinCount": 1, "MaxCount": 1}
    if by == "the request":
        launch["DisableApiTermination"] = True
    else:
        data = {"DisableApiTermination": True}
        ec2.create_launch_template(LaunchTemplateName=unique_name, LaunchTemplateData=data)
        launch["LaunchTemplate"] = {"LaunchTemplateName": unique_name}
    instance = ec2.run_instances(**launch)["Instances"][0]["InstanceId"]
    with pytest.raises(ClientError, match="OperationNotPermitted"):
        ec2.terminate_instances(InstanceIds=[instance])

    ec2.modify_instance_attribute(InstanceId=instance, DisableApiTermination={"Value": False})
    assert ec2.terminate_instances(InstanceIds=[instance])["TerminatingInstances"]


@pytest.mark.parametrize(
    ("named", "code", "message"),
    [
        ({"ImageId": "image"}, "InvalidAMIID.Malformed", 'Invalid id: "image"'),
        ({"ImageId": ""}, "MissingParameter", "must contain the parameter ImageId"),
        ({"InstanceType": "t9.huge"}, "InvalidParameterValue", "'t9.huge' for InstanceType"),
        ({"KeyName": "absent"}, "InvalidKeyPair.NotFound", "The key pair 'absent' does not exist"),
    ],
)
@pytest.mark.parametrize("by_template", [False, True])
def test_what_a_launch_names_must_be_there(
    aws: Any, unique_name: str, named: dict[str, str], code: str, message: str, by_template: bool
) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html"""
    ec2 = aws("ec2")
    request: dict[str, Any] = {"ImageId": _IMAGE, **named}
    if by_template:
        data = {name: value for name, value in request.items() if value}
        ec2.create_launch_template(
            LaunchTemplateName=unique_name, LaunchTemplateData={"EbsOptimized": False, **data}
        )
        request = {"LaunchTemplate": {"LaunchTemplateName": unique_name}}

    with pytest.raises(ClientError, match=message) as refused:
        run(ec2, **request)

    assert refused.value.response["Error"]["Code"] == code


def test_a_security_group_that_is_not_there_is_not_found(aws: Any) -> None:
    """Amazon EC2 API Reference, "Error codes": InvalidGroup.NotFound."""
    with pytest.raises(ClientError, match=r"InvalidGroup\.NotFound.*'frontend' does not exist"):
        run(aws("ec2"), ImageId=_IMAGE, SecurityGroups=["frontend"])


def test_the_interfaces_of_a_launch_go_with_the_instance(aws: Any) -> None:
    """Amazon EC2 User Guide, "Delete a network interface": those that existed before, and those
    whose DeleteOnTermination is false, stay."""
    ec2 = aws("ec2")
    subnet_id = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
    existing = ec2.create_network_interface(SubnetId=subnet_id)["NetworkInterface"]
    own = {"DeviceIndex": 0, "SubnetId": subnet_id}
    requests: list[tuple[list[dict[str, Any]], bool]] = [
        ([], True),
        ([own], True),
        ([{**own, "DeleteOnTermination": False}], False),
        ([{"DeviceIndex": 0, "NetworkInterfaceId": existing["NetworkInterfaceId"]}], False),
    ]

    for interfaces, goes in requests:
        instance = run(ec2, ImageId=_IMAGE, NetworkInterfaces=interfaces)
        [interface] = described(ec2, instance["InstanceId"])["NetworkInterfaces"]
        ec2.terminate_instances(InstanceIds=[instance["InstanceId"]])

        assert interface["Attachment"]["DeleteOnTermination"] is goes
        wanted = {"Name": "network-interface-id", "Values": [interface["NetworkInterfaceId"]]}
        left = ec2.describe_network_interfaces(Filters=[wanted])["NetworkInterfaces"]
        assert bool(left) is not goes


def test_each_network_interface_has_a_device_index(aws: Any) -> None:
    """API_InstanceNetworkInterfaceSpecification, DeviceIndex; EC2's words as reported."""
    with pytest.raises(ClientError, match="Each network interface requires a device index"):
        run(aws("ec2"), ImageId=_IMAGE, NetworkInterfaces=[{"Description": "first"}])
