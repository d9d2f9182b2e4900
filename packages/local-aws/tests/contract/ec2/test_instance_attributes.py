"""An instance's attributes: which are shown, which change only while it is stopped; monitoring."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import pytest
from refusals import refusal_of


@pytest.fixture(scope="module")
def instance_id(aws: Any) -> Iterator[str]:
    ec2 = aws("ec2")
    launched = ec2.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1)
    made = str(launched["Instances"][0]["InstanceId"])
    yield made
    ec2.terminate_instances(InstanceIds=[made])


def shown_instance(aws: Any, instance_id: str) -> dict[str, Any]:
    found = aws("ec2").describe_instances(InstanceIds=[instance_id])
    shown: dict[str, Any] = found["Reservations"][0]["Instances"][0]
    return shown


@pytest.mark.parametrize(
    ("attribute", "member", "value"),
    [
        ("enclaveOptions", "EnclaveOptions", {"Enabled": False}),
        ("kernel", "KernelId", {}),
        ("productCodes", "ProductCodes", []),
        ("ramdisk", "RamdiskId", {}),
        ("sourceDestCheck", "SourceDestCheck", {"Value": True}),
    ],
)
def test_an_attribute_is_shown_under_its_own_name(
    aws: Any, instance_id: str, attribute: str, member: str, value: Any
) -> None:
    """API_DescribeInstanceAttribute."""
    shown = aws("ec2").describe_instance_attribute(InstanceId=instance_id, Attribute=attribute)
    assert (shown["InstanceId"], shown[member]) == (instance_id, value)


def test_block_devices_are_an_attribute(aws: Any, instance_id: str) -> None:
    """`aws ec2 describe-instance-attribute` in the AWS CLI's reference."""
    call = {"InstanceId": instance_id, "Attribute": "blockDeviceMapping"}
    [device] = aws("ec2").describe_instance_attribute(**call)["BlockDeviceMappings"]
    assert device["Ebs"].keys() == {"AttachTime", "DeleteOnTermination", "Status", "VolumeId"}


def test_user_data_changes_while_the_instance_is_stopped(aws: Any) -> None:
    """API_ModifyInstanceAttribute: UserData; SDKs encode it."""
    ec2 = aws("ec2")
    launched = ec2.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1)["Instances"]
    instance_id = launched[0]["InstanceId"]
    change = {"InstanceId": instance_id, "UserData": {"Value": b"#cloud-config\n"}}
    words = f"The instance '{instance_id}' is not in the 'stopped' state."
    refused = refusal_of(ec2.modify_instance_attribute, **change)
    assert refused == (400, "IncorrectInstanceState", words)
    ec2.stop_instances(InstanceIds=[instance_id])
    ec2.modify_instance_attribute(**change)
    shown = ec2.describe_instance_attribute(InstanceId=instance_id, Attribute="userData")
    assert base64.b64decode(shown["UserData"]["Value"]) == b"#cloud-config\n"
    ec2.terminate_instances(InstanceIds=[instance_id])


def test_detailed_monitoring_is_switched_on_and_off(aws: Any, instance_id: str) -> None:
    """API_MonitorInstances, API_UnmonitorInstances; the AWS CLI's reference."""
    ec2 = aws("ec2")
    for call, at_first, then in (
        (ec2.monitor_instances, "pending", "enabled"),
        (ec2.unmonitor_instances, "disabling", "disabled"),
    ):
        [answer] = call(InstanceIds=[instance_id])["InstanceMonitorings"]
        assert answer == {"InstanceId": instance_id, "Monitoring": {"State": at_first}}
        found = ec2.describe_instances(InstanceIds=[instance_id])["Reservations"][0]
        assert found["Instances"][0]["Monitoring"] == {"State": then}
    missing = "i-0123456789abcdef0"
    refused = refusal_of(ec2.monitor_instances, InstanceIds=[missing])
    assert refused[1] == "InvalidInstanceID.NotFound"


def test_a_group_that_is_missing_is_refused(aws: Any, instance_id: str) -> None:
    """EC2's error code InvalidGroup.NotFound."""
    ec2 = aws("ec2")
    missing = "sg-0123456789abcdef0"
    refused = refusal_of(ec2.modify_instance_attribute, InstanceId=instance_id, Groups=[missing])
    words = f"The security group '{missing}' does not exist"
    assert refused == (400, "InvalidGroup.NotFound", words)


def test_metadata_options_that_are_not_named_stay(aws: Any, instance_id: str) -> None:
    """API_ModifyInstanceMetadataOptions: existing values are kept; 1 to 64 hops."""
    ec2 = aws("ec2")
    ec2.modify_instance_metadata_options(InstanceId=instance_id, HttpEndpoint="disabled")
    changed = ec2.modify_instance_metadata_options(
        InstanceId=instance_id, HttpPutResponseHopLimit=64
    )["InstanceMetadataOptions"]
    assert changed["State"] == "pending"
    [found] = ec2.describe_instances(InstanceIds=[instance_id])["Reservations"][0]["Instances"]
    options = found["MetadataOptions"]
    assert options == {**changed, "State": "applied"}
    assert (options["HttpEndpoint"], options["HttpPutResponseHopLimit"]) == ("disabled", 64)
    for hops in (0, 65):
        refused = refusal_of(
            ec2.modify_instance_metadata_options,
            InstanceId=instance_id,
            HttpPutResponseHopLimit=hops,
        )
        assert refused[:2] == (400, "InvalidParameterValue")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, "No attributes specified."),
        ({"Groups": []}, "No attributes specified."),
        (
            {"EbsOptimized": {"Value": True}, "SourceDestCheck": {"Value": False}},
            "Fields for multiple attribute types specified: ",
        ),
        (
            {"Attribute": "disableApiStop", "Value": "true", "Groups": ["sg-12345678"]},
            "Fields for multiple attribute types specified: ",
        ),
    ],
    ids=["none", "empty", "two", "named"],
)
def test_one_attribute_changes_at_a_time(
    aws: Any, instance_id: str, change: dict[str, Any], words: str
) -> None:
    """API_ModifyInstanceAttribute: "You can specify only one attribute at a time", in the words
    that users reported."""
    call = aws("ec2").modify_instance_attribute
    status, code, message = refusal_of(call, InstanceId=instance_id, **change)
    assert (status, code) == (400, "InvalidParameterCombination")
    assert message.startswith(words)


def test_one_attribute_of_others_changes_at_a_time(aws: Any, instance_id: str) -> None:
    """API_ModifyNetworkInterfaceAttribute, and ModifyVpcAttribute as users reported."""
    ec2 = aws("ec2")
    interface = shown_instance(aws, instance_id)["NetworkInterfaces"][0]
    switches = {"EnableDnsSupport": {"Value": True}, "EnableDnsHostnames": {"Value": True}}
    for call, arguments in (
        (ec2.modify_vpc_attribute, {"VpcId": interface["VpcId"], **switches}),
        (ec2.modify_vpc_attribute, {"VpcId": interface["VpcId"]}),
        (
            ec2.modify_network_interface_attribute,
            {"NetworkInterfaceId": interface["NetworkInterfaceId"]},
        ),
    ):
        _, code, message = refusal_of(call, **arguments)
        assert code == "InvalidParameterCombination"
        assert ("multiple attribute types" in message) == (switches.keys() <= arguments.keys())


def test_groups_are_replaced_and_stay_with_other_changes(
    aws: Any, instance_id: str, unique_name: str
) -> None:
    """Groups in API_ModifyInstanceAttribute: "Replaces the security groups of the instance"."""
    ec2 = aws("ec2")
    old, new = (
        ec2.create_security_group(GroupName=f"{unique_name}-{each}", Description="d")["GroupId"]
        for each in ("old", "new")
    )
    for group in (old, new):
        ec2.modify_instance_attribute(InstanceId=instance_id, Groups=[group])
    behavior = {"Value": "terminate"}
    ec2.modify_instance_attribute(
        InstanceId=instance_id, InstanceInitiatedShutdownBehavior=behavior
    )

    shown = shown_instance(aws, instance_id)
    interface = shown["NetworkInterfaces"][0]
    assert [each["GroupId"] for each in shown["SecurityGroups"]] == [new]
    assert [each["GroupId"] for each in interface["Groups"]] == [new]
    ec2.delete_security_group(GroupId=old)
    asked = {"InstanceId": instance_id, "Attribute": "instanceInitiatedShutdownBehavior"}
    attribute = ec2.describe_instance_attribute(**asked)
    assert attribute["InstanceInitiatedShutdownBehavior"] == behavior


def test_values_that_an_attribute_does_not_have(aws: Any) -> None:
    """API_ModifyInstanceAttribute: InvalidInstanceAttributeValue."""
    ec2 = aws("ec2")
    launched = ec2.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1)
    instance_id = launched["Instances"][0]["InstanceId"]
    ec2.stop_instances(InstanceIds=[instance_id])
    for change in (
        {"InstanceType": {"Value": "zz.big"}},
        {"InstanceInitiatedShutdownBehavior": {"Value": "explode"}},
    ):
        refused = refusal_of(ec2.modify_instance_attribute, InstanceId=instance_id, **change)
        assert refused[:2] == (400, "InvalidInstanceAttributeValue")
    ec2.terminate_instances(InstanceIds=[instance_id])


def test_a_protection_is_switched_by_its_name(aws: Any) -> None:
    """Attribute and Value in API_ModifyInstanceAttribute."""
    ec2 = aws("ec2")
    launched = ec2.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1)
    change = {
        "InstanceId": launched["Instances"][0]["InstanceId"],
        "Attribute": "disableApiTermination",
    }
    ec2.modify_instance_attribute(**change, Value="true")
    refused = refusal_of(ec2.terminate_instances, InstanceIds=[change["InstanceId"]])
    assert refused[1] == "OperationNotPermitted"
    ec2.modify_instance_attribute(**change, Value="false")
    ec2.terminate_instances(InstanceIds=[change["InstanceId"]])
