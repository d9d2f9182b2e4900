from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from local_aws.contract.credentials import RoleCredentials
from local_aws.contract.desired_state import Instance
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
        ("placement/", "availability-zone\nregion"),
        ("tags/instance/", "Name"),
        ("tags/instance/Name", "web"),
        ("iam/security-credentials/", "web-role"),
        ("iam/security-credentials", "web-role"),
        ("iam", "info\nsecurity-credentials/"),
    ],
)
def test_meta_data(path: str, value: str) -> None:
    assert look_up(f"/latest/meta-data/{path}") == value


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
