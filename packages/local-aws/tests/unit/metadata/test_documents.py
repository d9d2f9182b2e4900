from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from local_aws.contract.credentials import RoleCredentials
from local_aws.contract.desired_state import Instance, NetworkInterface
from local_aws.metadata import documents

STARTED = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
INSTANCE = Instance(
    instance_id="i-0abc",
    region="eu-west-1",
    availability_zone="eu-west-1b",
    private_ip="172.31.5.6",
    image_id="ami-1",
    instance_type="t3.micro",
    user_data=b"#cloud-config\n",
    boots=1,
    tags={"Name": "web"},
    metadata_tags_enabled=True,
    target_lifecycle_state="Terminated",
    reservation_id="r-1",
    launch_index=1,
    availability_zone_id="euw1-az2",
    interfaces=(
        NetworkInterface(
            device_number=0,
            interface_id="eni-1",
            mac="02:00:00:00:00:01",
            private_ips=("172.31.5.6", "172.31.5.7"),
            public_ip="54.1.2.3",
            subnet_id="subnet-1",
            subnet_cidr_block="172.31.0.0/20",
            vpc_id="vpc-1",
            vpc_cidr_blocks=("172.31.0.0/16", "10.0.0.0/16"),
            security_groups=(("sg-1", "web"), ("sg-2", "ssh")),
        ),
        NetworkInterface(
            device_number=1,
            interface_id="eni-2",
            mac="02:00:00:00:00:02",
            private_ips=("172.31.5.8",),
            public_ip=None,
            subnet_id="subnet-1",
            subnet_cidr_block="172.31.0.0/20",
            vpc_id="vpc-1",
            vpc_cidr_blocks=("172.31.0.0/16",),
            security_groups=(),
        ),
    ),
)
CREDENTIALS = RoleCredentials(
    role_name="web-role",
    instance_profile_arn="arn:aws:iam::123456789012:instance-profile/web",
    instance_profile_id="AIPA1",
    access_key_id="ASIA1",
    secret_access_key="secret",
    session_token="token",
    expires_at=datetime(2026, 1, 2, 9, 4, 5, tzinfo=UTC),
)


def look_up(
    path: str, instance: Instance = INSTANCE, credentials: RoleCredentials | None = CREDENTIALS
) -> str | None:
    body = documents.look_up(path, instance, credentials, STARTED)
    return None if body is None else body.decode()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("ami-id", "ami-1"),
        ("autoscaling/target-lifecycle-state", "Terminated"),
        ("instance-id", "i-0abc"),
        ("instance-type", "t3.micro"),
        ("local-ipv4", "172.31.5.6"),
        ("local-hostname", "ip-172-31-5-6.eu-west-1.compute.internal"),
        ("placement/availability-zone", "eu-west-1b"),
        ("placement/region", "eu-west-1"),
        ("ami-launch-index", "1"),
        ("events/maintenance/scheduled", "[]"),
        ("mac", "02:00:00:00:00:01"),
        ("network/interfaces/macs/", "02:00:00:00:00:01/\n02:00:00:00:00:02/"),
        ("placement/", "availability-zone\navailability-zone-id\nregion"),
        ("placement/availability-zone-id", "euw1-az2"),
        ("public-hostname", "ec2-54-1-2-3.eu-west-1.compute.amazonaws.com"),
        ("public-ipv4", "54.1.2.3"),
        ("reservation-id", "r-1"),
        ("security-groups", "web\nssh"),
        ("tags/instance/", "Name"),
        ("tags/instance/Name", "web"),
        ("iam/security-credentials/", "web-role"),
        ("iam/security-credentials", "web-role"),
        ("iam", "info\nsecurity-credentials/"),
    ],
)
def test_meta_data(path: str, value: str) -> None:
    assert look_up(f"/latest/meta-data/{path}") == value


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("device-number", "0"),
        ("interface-id", "eni-1"),
        ("ipv4-associations/54.1.2.3", "172.31.5.6"),
        ("local-hostname", "ip-172-31-5-6.eu-west-1.compute.internal"),
        ("local-ipv4s", "172.31.5.6\n172.31.5.7"),
        ("owner-id", "123456789012"),
        ("public-ipv4s", "54.1.2.3"),
        ("security-group-ids", "sg-1\nsg-2"),
        ("subnet-id", "subnet-1"),
        ("subnet-ipv4-cidr-block", "172.31.0.0/20"),
        ("vpc-id", "vpc-1"),
        ("vpc-ipv4-cidr-block", "172.31.0.0/16"),
        ("vpc-ipv4-cidr-blocks", "172.31.0.0/16\n10.0.0.0/16"),
    ],
)
def test_an_interface_by_its_mac(path: str, value: str) -> None:
    """EC2 user guide, "Instance metadata categories": network/interfaces/macs/mac/."""
    folder = "/latest/meta-data/network/interfaces/macs/02:00:00:00:00:01"
    assert look_up(f"{folder}/{path}") == value


def test_what_is_not_there_without_a_public_address() -> None:
    """The same: only "If there's a public IPv4 address"."""
    folder = "/latest/meta-data/network/interfaces/macs/02:00:00:00:00:02"
    assert "public-ipv4s" not in str(look_up(folder))
    assert look_up(f"{folder}/public-ipv4s") is None


def test_the_account_of_an_instance() -> None:
    """The same: identity-credentials/ec2/info."""
    info = json.loads(str(look_up("/latest/meta-data/identity-credentials/ec2/info")))
    assert (info["Code"], info["AccountId"]) == ("Success", "123456789012")


def test_a_placement_group_where_there_is_one() -> None:
    """The same: placement/group-name."""
    path = "/latest/meta-data/placement/group-name"
    assert look_up(path) is None
    assert look_up(path, replace(INSTANCE, placement_group="near")) == "near"


def test_role_credentials() -> None:
    answer = json.loads(look_up("/latest/meta-data/iam/security-credentials/web-role"))
    assert answer.pop("LastUpdated")
    assert answer == {
        "Code": "Success",
        "Type": "AWS-HMAC",
        "AccessKeyId": "ASIA1",
        "SecretAccessKey": "secret",
        "Token": "token",
        "Expiration": "2026-01-02T09:04:05Z",
    }
    info = json.loads(look_up("/latest/meta-data/iam/info"))
    assert info["InstanceProfileArn"] == CREDENTIALS.instance_profile_arn


@pytest.mark.parametrize(
    "path", ["iam", "iam/info", "iam/security-credentials/", "iam/security-credentials/web-role"]
)
def test_nothing_of_a_role_without_a_profile(path: str) -> None:
    assert look_up(f"/latest/meta-data/{path}", credentials=None) is None
    assert "iam" not in look_up("/latest/meta-data/", credentials=None)


def test_another_role_is_not_found() -> None:
    assert look_up("/latest/meta-data/iam/security-credentials/admin") is None


def test_tags_only_when_they_are_enabled() -> None:
    hidden = replace(INSTANCE, metadata_tags_enabled=False)
    assert look_up("/latest/meta-data/tags/instance/Name", hidden) is None


def test_no_lifecycle_state_outside_an_auto_scaling_group() -> None:
    alone = replace(INSTANCE, target_lifecycle_state=None)
    assert look_up("latest/meta-data/autoscaling/target-lifecycle-state", alone) is None


def test_user_data() -> None:
    assert look_up("/latest/user-data") == "#cloud-config\n"
    assert look_up("/latest/user-data", replace(INSTANCE, user_data=b"")) is None


def test_identity_document() -> None:
    document = json.loads(look_up("/latest/dynamic/instance-identity/document"))
    assert document["instanceId"] == "i-0abc"
    assert document["accountId"] == "123456789012"
    assert document["availabilityZone"] == "eu-west-1b"
    assert document["pendingTime"] == "2026-01-02T03:04:05Z"


@pytest.mark.parametrize(
    ("path", "listing"),
    [
        ("/latest/", "dynamic\nmeta-data\nuser-data"),
        ("/latest/dynamic", "instance-identity/"),
        ("/latest/meta-data/nothing", None),
        ("/latest/meta-data/instance-id/more", None),
        ("/oldest/", None),
    ],
)
def test_listings(path: str, listing: str | None) -> None:
    assert look_up(path) == listing


def test_each_version_that_is_listed_answers() -> None:
    listed = look_up("/").split("\n")
    assert (listed[0], listed[-1]) == ("1.0", "latest")
    assert "2009-04-04" in listed  # the first that cloud-init requests
    for version in listed:
        assert look_up(f"/{version}/meta-data/instance-id") == "i-0abc"
        assert look_up(f"/{version}/user-data") == "#cloud-config\n"
