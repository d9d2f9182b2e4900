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
