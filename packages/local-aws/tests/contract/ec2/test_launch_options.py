"""The options of a launch are described as in its request."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from stack_driver import StackDriver

_IMAGE = "ami-12c6146b"
_LICENSE = "arn:aws:license-manager:us-east-1:123456789012:license-configuration:lic-0123"
_NAMES = {
    "HostnameType": "resource-name",
    "EnableResourceNameDnsARecord": True,
    "EnableResourceNameDnsAAAARecord": False,
}
_OPTIONS: list[tuple[str, Any]] = [
    ("CapacityReservationSpecification", {"CapacityReservationPreference": "none"}),
    ("CpuOptions", {"CoreCount": 1, "ThreadsPerCore": 1}),
    ("EnclaveOptions", {"Enabled": True}),
    ("MaintenanceOptions", {"AutoRecovery": "disabled"}),
    ("PrivateDnsNameOptions", _NAMES),
]
_GROUP = "together"
_PLACED = {"Tenancy": "dedicated", "GroupName": _GROUP, "PartitionNumber": 2}


@pytest.fixture
def together(ec2: Any) -> Iterator[str]:
    """A placement group of two partitions."""
    ec2.create_placement_group(GroupName=_GROUP, Strategy="partition", PartitionCount=2)
    yield _GROUP
    ec2.delete_placement_group(GroupName=_GROUP)


@pytest.fixture
def launched(ec2: Any, together: str) -> Iterator[Callable[..., dict[str, Any]]]:
    """Launches an instance, and describes it; all are terminated at the end.

    Before the group of some is deleted, which is `together`.
    """
    assert together
    ids: list[str] = []

    def launch(**asked: Any) -> dict[str, Any]:
        made = ec2.run_instances(MinCount=1, MaxCount=1, **asked)["Instances"][0]
        ids.append(made["InstanceId"])
        found = ec2.describe_instances(InstanceIds=ids[-1:])
        instance: dict[str, Any] = found["Reservations"][0]["Instances"][0]
        return instance

    yield launch
    ec2.terminate_instances(InstanceIds=ids)


@pytest.fixture
def template(ec2: Any, unique_name: str) -> Iterator[Callable[[dict[str, Any]], dict[str, str]]]:
    """Creates a launch template of these data, and returns how a launch names it."""
    named = {"LaunchTemplateName": unique_name}

    def create(data: dict[str, Any]) -> dict[str, str]:
        ec2.create_launch_template(**named, LaunchTemplateData=data)
        return named

    yield create
    ec2.delete_launch_template(**named)


def credits_of(ec2: Any, instance_id: str) -> str:
    found = ec2.describe_instance_credit_specifications(InstanceIds=[instance_id])
    return str(found["InstanceCreditSpecifications"][0]["CpuCredits"])


@pytest.mark.parametrize("by", ["request", "launch template"])
def test_options_are_described_as_requested(
    ec2: Any, launched: Any, request: pytest.FixtureRequest, by: str
) -> None:
    """API_RunInstances, API_Instance, API_Placement, API_DescribeInstanceCreditSpecifications."""
    asked = {
        **dict(_OPTIONS),
        "ImageId": _IMAGE,
        "InstanceType": "t3.micro",
        "Placement": _PLACED,
        "LicenseSpecifications": [{"LicenseConfigurationArn": _LICENSE}],
        "CreditSpecification": {"CpuCredits": "standard"},
    }
    if by == "request":
        instance = launched(**asked)
    else:
        instance = launched(LaunchTemplate=request.getfixturevalue("template")(asked))
    for name, option in _OPTIONS:
        assert instance[name].items() >= option.items()
    assert instance["Placement"].items() >= _PLACED.items()
    assert instance["Licenses"] == [{"LicenseConfigurationArn": _LICENSE}]
    assert credits_of(ec2, instance["InstanceId"]) == "standard"


def test_a_request_counts_before_its_launch_template(launched: Any, template: Any) -> None:
    """API_RunInstances, LaunchTemplate: "parameters that you specify in RunInstances override";
    API_CapacityReservationSpecificationResponse: a preference or a target."""
    data = {
        "ImageId": _IMAGE,
        "Placement": _PLACED,
        "EnclaveOptions": {"Enabled": True},
        "CapacityReservationSpecification": {"CapacityReservationPreference": "none"},
    }
    target = {"CapacityReservationTarget": {"CapacityReservationId": "cr-0123456789abcdef0"}}
    instance = launched(
        LaunchTemplate=template(data),
        EnclaveOptions={"Enabled": False},
        Placement={"Tenancy": "default"},
        CapacityReservationSpecification=target,
    )
    assert instance["CapacityReservationSpecification"] == target
    assert instance["EnclaveOptions"] == {"Enabled": False}
    assert instance["Placement"]["Tenancy"] == "default"
    assert instance["Placement"]["GroupName"] == _GROUP


@pytest.mark.parametrize(
    ("instance_type", "processors", "credit"),
    [("t2.micro", (1, 1), "standard"), ("t3.micro", (1, 2), "unlimited")],
)
def test_options_left_out_come_from_the_instance_type(
    ec2: Any, launched: Any, instance_type: str, processors: tuple[int, int], credit: str
) -> None:
    """API_Instance; EC2 User Guide, "CPU options" and "Burstable performance instances"."""
    instance = launched(ImageId=_IMAGE, InstanceType=instance_type)
    found = instance["CpuOptions"]
    assert (found["CoreCount"], found["ThreadsPerCore"]) == processors
    assert instance["EnclaveOptions"] == {"Enabled": False}
    assert instance["MaintenanceOptions"]["AutoRecovery"] == "default"
    assert credits_of(ec2, instance["InstanceId"]) == credit
    listed = ec2.describe_instance_credit_specifications()["InstanceCreditSpecifications"]
    ids = [each["InstanceId"] for each in listed]
    assert (instance["InstanceId"] in ids) == (credit == "unlimited")


def test_an_instance_of_a_stack_has_them_too(
    ec2: Any, together: str, stacks: StackDriver, unique_name: str
) -> None:
    """CloudFormation Template Reference, "AWS::EC2::Instance"."""
    properties = {
        "ImageId": _IMAGE,
        "InstanceType": "t3.micro",
        "Tenancy": "dedicated",
        "PlacementGroupName": together,
        "CpuOptions": {"CoreCount": 1, "ThreadsPerCore": 1},
        "CreditSpecification": {"CPUCredits": "standard"},
    }
    resource = {"Type": "AWS::EC2::Instance", "Properties": properties}
    stacks.create(unique_name, {"Resources": {"One": resource}})
    instance_id = stacks.physical_id(unique_name, "One")
    found = ec2.describe_instances(InstanceIds=[instance_id])["Reservations"][0]
    instance = found["Instances"][0]
    assert instance["Placement"]["Tenancy"] == "dedicated"
    assert instance["Placement"]["GroupName"] == _GROUP
    assert instance["CpuOptions"] == properties["CpuOptions"]
    assert credits_of(ec2, instance_id) == "standard"
