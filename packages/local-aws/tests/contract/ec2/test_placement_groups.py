"""Placement groups: what they are, who can be launched into one, and when one is deleted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from auto_scaling_driver import CreateGroup, activities, instances
from botocore.exceptions import ClientError
from stack_driver import StackDriver

_IMAGE = "ami-12c6146b"
_BURSTABLE = "t3.micro"
_LARGE = "m5.large"


@pytest.fixture
def placement_group(ec2: Any, unique_name: str) -> Callable[..., str]:
    """Creates a placement group of a strategy, and returns its name."""

    def create(strategy: str, **asked: Any) -> str:
        ec2.create_placement_group(GroupName=unique_name, Strategy=strategy, **asked)
        return unique_name

    return create


@pytest.fixture
def launched(ec2: Any) -> Iterator[Callable[..., dict[str, Any]]]:
    """Launches an instance with this placement, and describes it; all are terminated at the end."""
    ids: list[str] = []

    def launch(
        placement: dict[str, Any], instance_type: str = _BURSTABLE, count: int = 1, **asked: Any
    ) -> dict[str, Any]:
        made = ec2.run_instances(
            ImageId=_IMAGE,
            InstanceType=instance_type,
            MinCount=count,
            MaxCount=count,
            Placement=placement,
            **asked,
        )["Instances"]
        ids.extend(each["InstanceId"] for each in made)
        found = ec2.describe_instances(InstanceIds=ids[-1:])["Reservations"][0]
        instance: dict[str, Any] = found["Instances"][0]
        return instance

    yield launch
    if ids:
        ec2.terminate_instances(InstanceIds=ids)


def refused(code: str, words: str = "") -> Any:
    return pytest.raises(ClientError, match=rf"\({code}\).*{words}")


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ({}, {"Strategy": "cluster"}),
        ({"Strategy": "spread"}, {"Strategy": "spread", "SpreadLevel": "rack"}),
        ({"Strategy": "partition"}, {"Strategy": "partition", "PartitionCount": 2}),
        (
            {"Strategy": "partition", "PartitionCount": 7},
            {"Strategy": "partition", "PartitionCount": 7},
        ),
    ],
    ids=["by default", "spread", "partition", "seven partitions"],
)
def test_a_placement_group_is_described_as_it_was_created(
    ec2: Any, unique_name: str, asked: dict[str, Any], shown: dict[str, Any]
) -> None:
    """API_CreatePlacementGroup, API_DescribePlacementGroups, API_PlacementGroup."""
    tags = [{"Key": "team", "Value": "one"}]
    made = ec2.create_placement_group(
        GroupName=unique_name,
        TagSpecifications=[{"ResourceType": "placement-group", "Tags": tags}],
        **asked,
    )["PlacementGroup"]
    group_id = made["GroupId"]
    assert group_id.startswith("pg-")
    assert made["GroupArn"].endswith(f":placement-group/{unique_name}")
    shown = {**shown, "GroupName": unique_name, "State": "available", "Tags": tags}
    assert made == {**shown, "GroupId": group_id, "GroupArn": made["GroupArn"]}
    for by in ({"GroupNames": [unique_name]}, {"GroupIds": [group_id]}):
        assert ec2.describe_placement_groups(**by)["PlacementGroups"] == [made]


def test_placement_groups_are_found_by_filters(
    ec2: Any, placement_group: Callable[..., str]
) -> None:
    """API_DescribePlacementGroups: Filters."""
    name = placement_group("spread")
    for wanted, is_found in (
        ({"group-name": name, "strategy": "spread"}, True),
        ({"group-name": name, "spread-level": "host"}, False),
        ({"group-name": name, "state": "deleted"}, False),
    ):
        filters = [{"Name": key, "Values": [value]} for key, value in wanted.items()]
        found = ec2.describe_placement_groups(Filters=filters)["PlacementGroups"]
        assert [each["GroupName"] for each in found] == [name] * is_found


def test_tags_of_a_placement_group_change_and_go_with_it(
    ec2: Any, placement_group: Callable[..., str]
) -> None:
    """API_CreateTags, API_DescribeTags: ResourceType placement-group."""
    name = placement_group("spread")
    [made] = ec2.describe_placement_groups(GroupNames=[name])["PlacementGroups"]
    ec2.create_tags(Resources=[made["GroupId"]], Tags=[{"Key": "team", "Value": "two"}])
    of_group = [{"Name": "resource-id", "Values": [made["GroupId"]]}]
    [tag] = ec2.describe_tags(Filters=of_group)["Tags"]
    assert (tag["ResourceType"], tag["Value"]) == ("placement-group", "two")
    ec2.delete_placement_group(GroupName=name)
    assert ec2.describe_tags(Filters=of_group)["Tags"] == []


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"Strategy": "spread", "PartitionCount": 2}, "InvalidParameterCombination"),
        ({"Strategy": "cluster", "SpreadLevel": "rack"}, "InvalidParameterCombination"),
        ({"Strategy": "partition", "PartitionCount": 8}, "InvalidParameterValue"),
        ({"Strategy": "partition", "PartitionCount": 0}, "InvalidParameterValue"),
    ],
    ids=["partitions of a spread group", "level of a cluster", "eight partitions", "none"],
)
def test_a_placement_group_has_what_its_strategy_has(
    ec2: Any, unique_name: str, asked: dict[str, Any], code: str
) -> None:
    """API_CreatePlacementGroup: "Valid only when Strategy is set to partition"; EC2 User Guide,
    "Placement group rules and limitations": seven partitions per Availability Zone."""
    with refused(code):
        ec2.create_placement_group(GroupName=unique_name, **asked)
    with refused("InvalidPlacementGroup.Unknown"):
        ec2.describe_placement_groups(GroupNames=[unique_name])


def test_a_name_is_taken_once_and_known_until_it_is_deleted(
    ec2: Any, placement_group: Callable[..., str]
) -> None:
    """EC2's error codes InvalidPlacementGroup.Duplicate and InvalidPlacementGroup.Unknown, in the
    words that users reported."""
    name = placement_group("cluster")
    with refused("InvalidPlacementGroup.Duplicate", f"The placement group '{name}' already exists"):
        ec2.create_placement_group(GroupName=name, Strategy="spread")
    ec2.delete_placement_group(GroupName=name)
    unknown = ("InvalidPlacementGroup.Unknown", f"The Placement Group '{name}' is unknown.")
    with refused(*unknown):
        ec2.delete_placement_group(GroupName=name)
    with refused(*unknown):
        ec2.run_instances(ImageId=_IMAGE, MinCount=1, MaxCount=1, Placement={"GroupName": name})


@pytest.mark.parametrize("by", ["name", "id"])
def test_an_instance_is_in_the_group_that_its_launch_names(
    ec2: Any, placement_group: Callable[..., str], launched: Callable[..., dict[str, Any]], by: str
) -> None:
    """API_Placement: GroupName, GroupId; EC2's error code InvalidPlacementGroup.InUse."""
    name = placement_group("spread")
    [made] = ec2.describe_placement_groups(GroupNames=[name])["PlacementGroups"]
    asked = {"GroupName": name} if by == "name" else {"GroupId": made["GroupId"]}
    instance = launched(asked)
    assert instance["Placement"]["GroupName"] == name
    assert instance["Placement"]["GroupId"] == made["GroupId"]
    with refused("InvalidPlacementGroup.InUse", "is in use and may not be deleted"):
        ec2.delete_placement_group(GroupName=name)


def test_the_groups_partitions_are_filled_evenly(
    placement_group: Callable[..., str], launched: Callable[..., dict[str, Any]]
) -> None:
    """EC2 User Guide, "Placement groups": instances are distributed evenly over partitions, unless
    a launch names one."""
    name = placement_group("partition", PartitionCount=3)
    first = launched({"GroupName": name, "PartitionNumber": 2})
    others = [launched({"GroupName": name}) for _ in range(2)]
    numbers = [each["Placement"]["PartitionNumber"] for each in (first, *others)]
    assert numbers == [2, 1, 3]
    with refused("InvalidParameterValue"):
        launched({"GroupName": name, "PartitionNumber": 4})


def test_burstable_instances_are_in_no_cluster(
    placement_group: Callable[..., str], launched: Callable[..., dict[str, Any]]
) -> None:
    """EC2 User Guide, "Placement group rules and limitations"; PlacementGroupInfo of
    DescribeInstanceTypes, and the words that users reported."""
    name = placement_group("cluster")
    words = f"Cluster placement groups are not supported by the '{_BURSTABLE}' instance type"
    with refused("InvalidParameterCombination", words):
        launched({"GroupName": name})
    assert launched({"GroupName": name}, _LARGE)["Placement"]["GroupName"] == name


def test_a_cluster_is_in_one_zone(
    placement_group: Callable[..., str],
    launched: Callable[..., dict[str, Any]],
    subnets: dict[str, str],
) -> None:
    """EC2 User Guide, "Placement group rules and limitations", and the words that users
    reported."""
    name = placement_group("cluster")
    launched({"GroupName": name, "AvailabilityZone": "us-east-1b"}, _LARGE)
    with refused("InvalidPlacementGroup.InUse", "in another availability zone: us-east-1b"):
        launched({"GroupName": name}, _LARGE, SubnetId=subnets["us-east-1a"])
    launched({"GroupName": name}, _LARGE, SubnetId=subnets["us-east-1b"])


def test_a_spread_group_takes_seven_instances_in_a_zone(
    placement_group: Callable[..., str],
    launched: Callable[..., dict[str, Any]],
    subnets: dict[str, str],
) -> None:
    """EC2 User Guide, "Placement group rules and limitations": seven running instances per
    Availability Zone; the code of the failure is not documented."""
    name = placement_group("spread")
    launched({"GroupName": name}, count=7, SubnetId=subnets["us-east-1a"])
    with refused("InsufficientInstanceCapacity"):
        launched({"GroupName": name}, SubnetId=subnets["us-east-1a"])
    launched({"GroupName": name}, SubnetId=subnets["us-east-1b"])


def test_a_launch_template_names_the_group_too(
    ec2: Any,
    placement_group: Callable[..., str],
    launched: Callable[..., dict[str, Any]],
    unique_name: str,
) -> None:
    """API_LaunchTemplatePlacementRequest."""
    name = placement_group("partition")
    template = {"LaunchTemplateName": unique_name}
    ec2.create_launch_template(
        **template, LaunchTemplateData={"Placement": {"GroupName": name, "PartitionNumber": 2}}
    )
    placed = launched({}, LaunchTemplate=template)["Placement"]
    assert (placed["GroupName"], placed["PartitionNumber"]) == (name, 2)
    with refused("InvalidPlacementGroup.Unknown"):
        launched({"GroupName": f"{name}-other"}, LaunchTemplate=template)


@pytest.mark.parametrize("source", ["launch template", "launch configuration"])
def test_an_auto_scaling_group_launches_into_its_placement_group(
    aws: Any,
    placement_group: Callable[..., str],
    group: CreateGroup,
    unique_name: str,
    source: str,
) -> None:
    """API_CreateAutoScalingGroup: PlacementGroup."""
    asg, placed_in = aws("autoscaling"), placement_group("spread")
    sources: dict[str, Any] = {}
    if source == "launch configuration":
        asg.create_launch_configuration(
            LaunchConfigurationName=unique_name, ImageId=_IMAGE, InstanceType=_BURSTABLE
        )
        sources = {"LaunchTemplate": None, "LaunchConfigurationName": unique_name}
    name = group(DesiredCapacity=1, PlacementGroup=placed_in, **sources)
    found = aws("ec2").describe_instances(InstanceIds=instances(asg, name))["Reservations"]
    assert found[0]["Instances"][0]["Placement"]["GroupName"] == placed_in


def test_a_launch_that_the_placement_group_does_not_take_is_a_failed_activity(
    aws: Any, placement_group: Callable[..., str], group: CreateGroup
) -> None:
    """API_CreateAutoScalingGroup: PlacementGroup; the words that users reported."""
    name = group(DesiredCapacity=1, PlacementGroup=placement_group("cluster"))
    [activity] = activities(aws("autoscaling"), name)
    assert activity["StatusCode"] == "Failed"
    assert "Cluster placement groups are not supported" in activity["StatusMessage"]


def test_a_stack_has_a_placement_group_and_instances_in_it(
    ec2: Any, stacks: StackDriver, unique_name: str
) -> None:
    """CloudFormation Template Reference, "AWS::EC2::PlacementGroup" and "AWS::EC2::Instance"."""
    group = {"Strategy": "partition", "PartitionCount": "3"}
    instance = {
        "ImageId": _IMAGE,
        "InstanceType": _BURSTABLE,
        "PlacementGroupName": {"Ref": "Group"},
    }
    stacks.create(
        unique_name,
        {
            "Group": {"Type": "AWS::EC2::PlacementGroup", "Properties": group},
            "One": {"Type": "AWS::EC2::Instance", "Properties": instance},
        },
    )
    name = stacks.physical_id(unique_name, "Group")
    [found] = ec2.describe_placement_groups(GroupNames=[name])["PlacementGroups"]
    assert found["PartitionCount"] == 3
    one = ec2.describe_instances(InstanceIds=[stacks.physical_id(unique_name, "One")])
    placed = one["Reservations"][0]["Instances"][0]["Placement"]
    assert (placed["GroupName"], placed["PartitionNumber"]) == (name, 1)
    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_COMPLETE"
    with refused("InvalidPlacementGroup.Unknown"):
        ec2.describe_placement_groups(GroupNames=[name])
