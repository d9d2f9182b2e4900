"""Network interfaces of instances: where and how many are attached, and their security groups."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from refusals import error_of


@pytest.fixture
def instance(aws: Any) -> Iterator[dict[str, Any]]:
    """A t3.micro, which has two network interfaces at most."""
    ec2 = aws("ec2")
    launched = ec2.run_instances(
        ImageId="ami-12c6146b", InstanceType="t3.micro", MinCount=1, MaxCount=1
    )
    instance_id = launched["Instances"][0]["InstanceId"]
    yield shown(ec2, instance_id)
    ec2.terminate_instances(InstanceIds=[instance_id])


def shown(ec2: Any, instance_id: str) -> dict[str, Any]:
    found = ec2.describe_instances(InstanceIds=[instance_id])
    instance: dict[str, Any] = found["Reservations"][0]["Instances"][0]
    return instance


def another(ec2: Any, instance: dict[str, Any], **options: Any) -> str:
    made = ec2.create_network_interface(SubnetId=instance["SubnetId"], **options)
    interface_id: str = made["NetworkInterface"]["NetworkInterfaceId"]
    return interface_id


def test_interfaces_are_attached_where_there_is_room(aws: Any, instance: dict[str, Any]) -> None:
    """API_AttachNetworkInterface; EC2's error codes InvalidNetworkInterface.InUse and
    AttachmentLimitExceeded, in the words that users reported."""
    ec2, instance_id = aws("ec2"), instance["InstanceId"]
    first, second = (another(ec2, instance) for _ in "12")

    def attached(interface_id: str, index: int) -> dict[str, Any]:
        return {
            "NetworkInterfaceId": interface_id,
            "InstanceId": instance_id,
            "DeviceIndex": index,
        }

    assert error_of(ec2.attach_network_interface, **attached(first, 0)) == (
        "InvalidParameterValue",
        f"Instance '{instance_id}' already has an interface attached at device index '0'.",
    )
    ec2.attach_network_interface(**attached(first, 1))
    assert error_of(ec2.attach_network_interface, **attached(first, 2)) == (
        "InvalidNetworkInterface.InUse",
        f"Interface: [{first}] in use.",
    )
    limit = ("AttachmentLimitExceeded", "Interface count 3 exceeds the limit for t3.micro")
    assert error_of(ec2.attach_network_interface, **attached(second, 2)) == limit
    interfaces = [{"DeviceIndex": index} for index in range(3)]
    launch = {"ImageId": "ami-12c6146b", "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1}
    assert error_of(ec2.run_instances, **launch, NetworkInterfaces=interfaces) == limit


def test_the_primary_interface_stays(aws: Any, instance: dict[str, Any]) -> None:
    """ "OperationNotPermitted" in EC2's error codes, in the words that users reported."""
    attachment = instance["NetworkInterfaces"][0]["Attachment"]["AttachmentId"]
    assert error_of(aws("ec2").detach_network_interface, AttachmentId=attachment) == (
        "OperationNotPermitted",
        "The network interface at device index 0 and networkCard index 0 cannot be detached.",
    )


def test_an_interface_has_its_own_groups(
    aws: Any, instance: dict[str, Any], unique_name: str
) -> None:
    """API_ModifyNetworkInterfaceAttribute: the groups replace those of an existing instance."""
    ec2, instance_id = aws("ec2"), instance["InstanceId"]
    primary = instance["NetworkInterfaces"][0]["NetworkInterfaceId"]
    new, other = (
        ec2.create_security_group(GroupName=f"{unique_name}-{each}", Description="d")["GroupId"]
        for each in ("new", "other")
    )
    second = another(ec2, instance, Groups=[other])
    ec2.attach_network_interface(NetworkInterfaceId=second, InstanceId=instance_id, DeviceIndex=1)
    ec2.modify_network_interface_attribute(NetworkInterfaceId=primary, Groups=[new])

    now = shown(ec2, instance_id)
    groups = {
        each["NetworkInterfaceId"]: [group["GroupId"] for group in each["Groups"]]
        for each in now["NetworkInterfaces"]
    }
    assert groups == {primary: [new], second: [other]}
    assert [each["GroupId"] for each in now["SecurityGroups"]] == [new]
