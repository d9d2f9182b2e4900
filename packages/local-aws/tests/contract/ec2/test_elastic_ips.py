"""Elastic IP addresses: what each is associated with, and when that ends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from refusals import error_of


@pytest.fixture
def subnet_id(ec2: Any) -> str:
    """In a VPC of its own, which is not the default one."""
    vpc_id = ec2.create_vpc(CidrBlock="10.80.0.0/16")["Vpc"]["VpcId"]
    made = ec2.create_subnet(VpcId=vpc_id, CidrBlock="10.80.1.0/24")
    return str(made["Subnet"]["SubnetId"])


@pytest.fixture
def interface_id(ec2: Any, subnet_id: str) -> str:
    return new_interface(ec2, subnet_id)


@pytest.fixture
def instance_id(ec2: Any, subnet_id: str) -> Iterator[str]:
    request = {"ImageId": "ami-12c6146b", "MinCount": 1, "MaxCount": 1, "SubnetId": subnet_id}
    instance_id = ec2.run_instances(**request)["Instances"][0]["InstanceId"]
    yield instance_id
    ec2.terminate_instances(InstanceIds=[instance_id])


@pytest.fixture
def allocation_id(ec2: Any) -> str:
    return str(ec2.allocate_address(Domain="vpc")["AllocationId"])


def new_interface(ec2: Any, subnet_id: str) -> str:
    made = ec2.create_network_interface(SubnetId=subnet_id)
    return str(made["NetworkInterface"]["NetworkInterfaceId"])


def described(ec2: Any, allocation_id: str) -> dict[str, Any]:
    [address] = ec2.describe_addresses(AllocationIds=[allocation_id])["Addresses"]
    return dict(address)


def public_ip(ec2: Any, interface_id: str) -> str | None:
    found = ec2.describe_network_interfaces(NetworkInterfaceIds=[interface_id])
    association = found["NetworkInterfaces"][0].get("Association", {})
    return association.get("PublicIp")


@pytest.mark.parametrize("domain", [{}, {"Domain": "standard"}, {"Domain": "vpc"}])
def test_each_address_is_one_of_a_vpc(ec2: Any, unique_name: str, domain: dict[str, str]) -> None:
    """API_AllocateAddress: Domain, "The network (vpc)"."""
    tags = [{"Key": "Name", "Value": unique_name}]
    allocated = ec2.allocate_address(
        **domain, TagSpecifications=[{"ResourceType": "elastic-ip", "Tags": tags}]
    )
    assert allocated["Domain"] == "vpc"
    assert described(ec2, allocated["AllocationId"])["Tags"] == tags


def test_an_address_in_use_is_not_released(ec2: Any, interface_id: str, allocation_id: str) -> None:
    """API_ReleaseAddress: "[Nondefault VPC] You must disassociate the Elastic IP address before you
    can release it. Otherwise, Amazon EC2 returns an error (InvalidIPAddress.InUse)"."""
    associated = ec2.associate_address(AllocationId=allocation_id, NetworkInterfaceId=interface_id)
    address = described(ec2, allocation_id)["PublicIp"]

    assert error_of(ec2.release_address, AllocationId=allocation_id) == (
        "InvalidIPAddress.InUse",
        f"Address {address} is in use.",
    )

    ec2.disassociate_address(AssociationId=associated["AssociationId"])
    ec2.release_address(AllocationId=allocation_id)
    code, message = error_of(ec2.release_address, AllocationId=allocation_id)
    assert code == "InvalidAllocationID.NotFound"
    assert message == f"The allocation ID '{allocation_id}' does not exist"


def test_an_address_of_an_instance_in_the_default_vpc_is_released(
    ec2: Any, allocation_id: str
) -> None:
    """API_ReleaseAddress: "[Default VPC] Releasing an Elastic IP address automatically
    disassociates it from any instance that it's associated with"."""
    launched = ec2.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1)["Instances"]
    instance_id = launched[0]["InstanceId"]
    ec2.associate_address(AllocationId=allocation_id, InstanceId=instance_id)
    of_instance = [{"Name": "instance-id", "Values": [instance_id]}]
    assert ec2.describe_addresses(Filters=of_instance)["Addresses"]

    ec2.release_address(AllocationId=allocation_id)

    assert ec2.describe_addresses(Filters=of_instance)["Addresses"] == []

    ec2.terminate_instances(InstanceIds=[instance_id])


def test_an_association_moves_unless_that_is_ruled_out(
    ec2: Any, subnet_id: str, interface_id: str, allocation_id: str
) -> None:
    """API_AssociateAddress: "Reassociation is automatic, but you can specify false to ensure the
    operation fails if the Elastic IP address is already associated with another resource"."""
    first = ec2.associate_address(AllocationId=allocation_id, NetworkInterfaceId=interface_id)
    address = described(ec2, allocation_id)["PublicIp"]
    other = new_interface(ec2, subnet_id)

    code, _ = error_of(
        ec2.associate_address,
        AllocationId=allocation_id,
        NetworkInterfaceId=other,
        AllowReassociation=False,
    )
    assert code == "Resource.AlreadyAssociated"
    assert public_ip(ec2, interface_id) == address

    second = ec2.associate_address(AllocationId=allocation_id, NetworkInterfaceId=other)
    assert second["AssociationId"] != first["AssociationId"]
    assert (public_ip(ec2, interface_id), public_ip(ec2, other)) == (None, address)


def test_an_association_that_is_there_is_the_answer(
    ec2: Any, interface_id: str, allocation_id: str
) -> None:
    """API_AssociateAddress: "This is an idempotent operation"."""
    request = {"AllocationId": allocation_id, "NetworkInterfaceId": interface_id}
    first = ec2.associate_address(**request)
    again = ec2.associate_address(**request, AllowReassociation=False)
    assert again["AssociationId"] == first["AssociationId"]


def test_another_address_for_an_instance_frees_the_one_it_had(
    ec2: Any, instance_id: str, allocation_id: str
) -> None:
    """API_AssociateAddress: "If you associate an Elastic IP address with an instance that has an
    existing Elastic IP address, the existing address is disassociated from the instance, but
    remains allocated to your account"."""
    ec2.associate_address(AllocationId=allocation_id, InstanceId=instance_id)
    other = ec2.allocate_address(Domain="vpc")["AllocationId"]

    ec2.associate_address(AllocationId=other, InstanceId=instance_id)

    assert "AssociationId" not in described(ec2, allocation_id)
    assert described(ec2, other)["InstanceId"] == instance_id


def test_an_address_of_an_attached_interface_is_its_instances(
    ec2: Any, instance_id: str, allocation_id: str
) -> None:
    """API_Address: InstanceId is "The ID of the instance that the address is associated with"."""
    [reservation] = ec2.describe_instances(InstanceIds=[instance_id])["Reservations"]
    interface_id = reservation["Instances"][0]["NetworkInterfaces"][0]["NetworkInterfaceId"]

    ec2.associate_address(AllocationId=allocation_id, NetworkInterfaceId=interface_id)

    assert described(ec2, allocation_id)["InstanceId"] == instance_id


def test_termination_frees_the_address(ec2: Any, instance_id: str, allocation_id: str) -> None:
    """EC2 User Guide, "Elastic IP addresses": it remains allocated until it is released. "Terminate
    Amazon EC2 instances": the Elastic IP address is disassociated."""
    ec2.associate_address(AllocationId=allocation_id, InstanceId=instance_id)

    ec2.terminate_instances(InstanceIds=[instance_id])

    assert "AssociationId" not in described(ec2, allocation_id)
    ec2.release_address(AllocationId=allocation_id)


def test_a_stopped_instance_keeps_the_address(
    ec2: Any, instance_id: str, allocation_id: str
) -> None:
    """EC2 User Guide, "Stop and start Amazon EC2 instances": it keeps its Elastic IP address."""

    def address() -> str | None:
        found = ec2.describe_instances(InstanceIds=[instance_id])["Reservations"][0]["Instances"][0]
        shown: str | None = found.get("PublicIpAddress")
        return shown

    ec2.associate_address(AllocationId=allocation_id, InstanceId=instance_id)
    elastic = address()
    assert elastic
    ec2.stop_instances(InstanceIds=[instance_id])
    assert address() == elastic
    ec2.start_instances(InstanceIds=[instance_id])
    assert address() == elastic
