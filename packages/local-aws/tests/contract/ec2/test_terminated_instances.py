"""What a terminated instance has no more, and what calls about it answer."""

from __future__ import annotations

from typing import Any

import pytest
from refusals import refusal_of

pytestmark = pytest.mark.usefixtures("no_waiting")


@pytest.fixture
def instance_id(aws: Any) -> str:
    """A running instance."""
    launched = aws("ec2").run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1)
    return str(launched["Instances"][0]["InstanceId"])


def _described(aws: Any, instance_id: str) -> dict[str, Any]:
    found = aws("ec2").describe_instances(InstanceIds=[instance_id])["Reservations"][0]
    instance: dict[str, Any] = found["Instances"][0]
    return instance


def test_a_terminated_instance_is_in_no_network(aws: Any, instance_id: str) -> None:
    """EC2 User Guide, "How instance termination works"; as users reported DescribeInstances."""
    [interface] = _described(aws, instance_id)["NetworkInterfaces"]
    aws("ec2").terminate_instances(InstanceIds=[instance_id])

    ended = _described(aws, instance_id)

    assert ended["State"] == {"Code": 48, "Name": "terminated"}
    gone = ("BlockDeviceMappings", "NetworkInterfaces", "SecurityGroups")
    assert [ended[name] for name in gone] == [[], [], []]
    assert (ended["PrivateDnsName"], ended["PublicDnsName"]) == ("", "")
    assert not ended.keys() & {"PrivateIpAddress", "PublicIpAddress", "SubnetId", "VpcId"}
    assert ended["StateReason"]["Code"] == "Client.UserInitiatedShutdown"
    assert ended["Placement"]["AvailabilityZone"]
    named = {"NetworkInterfaceIds": [interface["NetworkInterfaceId"]]}
    refused = refusal_of(aws("ec2").describe_network_interfaces, **named)
    assert refused[1] == "InvalidNetworkInterfaceID.NotFound"


def test_an_interface_that_stays_is_there_for_others(aws: Any, instance_id: str) -> None:
    """EC2 User Guide, "Delete a network interface": one whose DeleteOnTermination is false is
    detached."""
    ec2 = aws("ec2")
    [interface] = _described(aws, instance_id)["NetworkInterfaces"]
    interface_id = interface["NetworkInterfaceId"]
    kept = {
        "AttachmentId": interface["Attachment"]["AttachmentId"],
        "DeleteOnTermination": False,
    }
    ec2.modify_network_interface_attribute(NetworkInterfaceId=interface_id, Attachment=kept)
    ec2.terminate_instances(InstanceIds=[instance_id])
    found = ec2.describe_network_interfaces(NetworkInterfaceIds=[interface_id])
    [left] = found["NetworkInterfaces"]
    assert (left["Status"], left.get("Attachment")) == ("available", None)
    assert left["PrivateIpAddress"] == interface["PrivateIpAddress"]
    ec2.delete_network_interface(NetworkInterfaceId=interface_id)


def test_what_has_ended_has_ended_still(aws: Any, instance_id: str) -> None:
    """API_TerminateInstances: a second call succeeds; API_InstanceStateChange."""
    ec2 = aws("ec2")
    [change] = ec2.stop_instances(InstanceIds=[instance_id])["StoppingInstances"]
    assert change["CurrentState"]["Name"] == "stopping"
    [change] = ec2.stop_instances(InstanceIds=[instance_id])["StoppingInstances"]
    assert change["CurrentState"] == change["PreviousState"] == {"Code": 80, "Name": "stopped"}
    ec2.terminate_instances(InstanceIds=[instance_id])
    [change] = ec2.terminate_instances(InstanceIds=[instance_id])["TerminatingInstances"]
    assert change["CurrentState"] == change["PreviousState"] == {"Code": 48, "Name": "terminated"}


def test_a_terminated_instance_gets_no_address(aws: Any, instance_id: str) -> None:
    """EC2's error code InvalidInstanceID; its words as users reported them of a pending one."""
    ec2 = aws("ec2")
    ec2.terminate_instances(InstanceIds=[instance_id])
    allocation_id = ec2.allocate_address(Domain="vpc")["AllocationId"]
    call = {"InstanceId": instance_id, "AllocationId": allocation_id}
    words = f"The terminated instance '{instance_id}' is not in a valid state for this operation."
    assert refusal_of(ec2.associate_address, **call) == (400, "InvalidInstanceID", words)
    ec2.release_address(AllocationId=allocation_id)
