"""Resources that requests to EC2 name by ids, and requests that only ask whether they may."""

from __future__ import annotations

from typing import Any

import pytest
from refusals import refusal_of

_NONE = "0123456789abcdef0"
_OTHER = "0123456789abcdef1"


@pytest.mark.parametrize(
    ("call", "parameter", "prefix", "code", "words"),
    [
        ("describe_instances", "InstanceIds", "i", "InvalidInstanceID.NotFound",
         "The instance ID '{}' does not exist"),
        ("stop_instances", "InstanceIds", "i", "InvalidInstanceID.NotFound",
         "The instance ID '{}' does not exist"),
        ("describe_volumes", "VolumeIds", "vol", "InvalidVolume.NotFound",
         "The volume '{}' does not exist."),
        ("describe_snapshots", "SnapshotIds", "snap", "InvalidSnapshot.NotFound",
         "The snapshot '{}' does not exist."),
        ("describe_security_groups", "GroupIds", "sg", "InvalidGroup.NotFound",
         "The security group '{}' does not exist"),
        ("describe_vpcs", "VpcIds", "vpc", "InvalidVpcID.NotFound",
         "The vpc ID '{}' does not exist"),
        ("describe_subnets", "SubnetIds", "subnet", "InvalidSubnetID.NotFound",
         "The subnet ID '{}' does not exist"),
        ("describe_internet_gateways", "InternetGatewayIds", "igw",
         "InvalidInternetGatewayID.NotFound", "The internetGateway ID '{}' does not exist"),
        ("describe_route_tables", "RouteTableIds", "rtb", "InvalidRouteTableID.NotFound",
         "The routeTable ID '{}' does not exist"),
        ("describe_network_interfaces", "NetworkInterfaceIds", "eni",
         "InvalidNetworkInterfaceID.NotFound", "The networkInterface ID '{}' does not exist"),
        ("create_tags", "Resources", "i", "InvalidInstanceID.NotFound",
         "The instance ID '{}' does not exist"),
        ("create_tags", "Resources", "vpc", "InvalidVpcID.NotFound",
         "The vpc ID '{}' does not exist"),
    ],
)  # fmt: skip
def test_what_is_missing_is_named_in_its_own_words(
    aws: Any, call: str, parameter: str, prefix: str, code: str, words: str
) -> None:
    """EC2's error codes, in the words of recorded answers and of errors that users reported."""
    resource_id = f"{prefix}-{_NONE}"
    more = {"Tags": [{"Key": "a", "Value": "b"}]} if call == "create_tags" else {}
    refused = refusal_of(getattr(aws("ec2"), call), **{parameter: [resource_id]}, **more)
    assert refused == (400, code, words.format(resource_id))


def test_a_snapshot_that_is_missing_is_named_when_it_is_deleted(aws: Any) -> None:
    """EC2's error code InvalidSnapshot.NotFound, in the words of recorded answers."""
    snapshot_id = f"snap-{_NONE}"
    words = f"The snapshot '{snapshot_id}' does not exist."
    refused = refusal_of(aws("ec2").delete_snapshot, SnapshotId=snapshot_id)
    assert refused == (400, "InvalidSnapshot.NotFound", words)


def test_of_several_only_those_that_are_missing_are_named(aws: Any) -> None:
    """EC2's words as users reported them."""
    ec2 = aws("ec2")
    there = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
    missing = [f"subnet-{_NONE}", f"subnet-{_OTHER}"]
    refused = refusal_of(ec2.describe_subnets, SubnetIds=[there, *missing])
    assert refused[2] == f"The subnet IDs '{', '.join(missing)}' do not exist"
    refused = refusal_of(ec2.describe_instances, InstanceIds=[f"i-{_NONE}", f"i-{_OTHER}"])
    assert refused[2] == f"The instance IDs 'i-{_NONE}, i-{_OTHER}' do not exist"


@pytest.mark.parametrize(
    ("call", "request_", "code", "words"),
    [
        ("describe_instances", {"InstanceIds": ["ma1"]}, "InvalidInstanceID.Malformed",
         'Invalid id: "ma1"'),
        ("modify_instance_attribute", {"InstanceId": "ma1", "EbsOptimized": {"Value": True}},
         "InvalidInstanceID.Malformed", 'Invalid id: "ma1"'),
        ("describe_volumes", {"VolumeIds": ["vol-malformed"]}, "InvalidVolumeID.Malformed",
         'Invalid id: "vol-malformed"'),
        ("describe_snapshots", {"SnapshotIds": ["snap-malformed"]},
         "InvalidSnapshotID.Malformed", 'Invalid id: "snap-malformed"'),
        ("describe_security_groups", {"GroupIds": ["default"]}, "InvalidGroupId.Malformed",
         'Invalid id: "default" (expecting "sg-...")'),
        ("create_tags", {"Resources": ["i-of-mine"], "Tags": [{"Key": "a", "Value": "b"}]},
         "InvalidID", "The ID 'i-of-mine' is not valid"),
    ],
)  # fmt: skip
def test_an_id_has_its_form(
    aws: Any, call: str, request_: dict[str, Any], code: str, words: str
) -> None:
    """EC2's error codes, in the words that users reported."""
    assert refusal_of(getattr(aws("ec2"), call), **request_) == (400, code, words)


@pytest.mark.parametrize(
    ("call", "request_"),
    [
        ("create_vpc", {"CidrBlock": "10.0.0.0/16"}),
        ("describe_vpcs", {}),
        ("describe_images", {}),
        ("create_key_pair", {"KeyName": "dry"}),
        ("create_placement_group", {"GroupName": "dry"}),
        ("allocate_address", {}),
    ],
)
def test_a_dry_run_does_nothing(aws: Any, call: str, request_: dict[str, Any]) -> None:
    """DryRun of each action; EC2's error code DryRunOperation."""
    refused = refusal_of(getattr(aws("ec2"), call), **request_, DryRun=True)
    words = "Request would have succeeded, but DryRun flag is set."
    assert refused == (412, "DryRunOperation", words)


def test_a_dry_run_that_is_not_permitted_is_denied(aws: Any, session: Any) -> None:
    """DryRun: "If you have the required permissions, the error response is DryRunOperation.
    Otherwise, it is UnauthorizedOperation"."""
    denied = aws("ec2", **session({"Effect": "Allow", "Action": "s3:*", "Resource": "*"}))
    assert refusal_of(denied.create_vpc, CidrBlock="10.0.0.0/16", DryRun=True)[:2] == (
        403,
        "UnauthorizedOperation",
    )
